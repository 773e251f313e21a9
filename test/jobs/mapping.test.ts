import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MailferryError } from "../../src/errors.ts";
import { type MappedRoute, type MappingOptions, planMapping } from "../../src/jobs/mapping.ts";
import type { ListedUse } from "../../src/jobs/special-use-homes.ts";

/** `Sent \Sent` is a mailbox the server tells to be Sent, `Sent ~\Sent` one that is so by its name; slashes separate levels. */
function boxes(...texts: string[]): ListedUse[] {
  return texts.map((text) => {
    const [, path = "", guess, specialUse] = /^(.*?)(?: (~?)(\\\w+))?$/s.exec(text) ?? [];
    if (specialUse === undefined) return { path: path.split("/") };
    return { path: path.split("/"), specialUse, specialUseSource: guess === "~" ? "name" : "attribute" };
  });
}

const defaults: MappingOptions = {
  mailboxes: [],
  targets: [],
  delimiter: "/",
  map: [],
  specialUse: true,
  under: [],
  before: new Map(),
};

function recorded(...pairs: [from: string, to: string][]): Map<string, readonly string[]> {
  return new Map(pairs.map(([from, to]) => [JSON.stringify(from.split("/")), to.split("/")]));
}

function asBefore(routes: readonly MappedRoute[]): Map<string, readonly string[]> {
  return new Map(routes.map(({ mailbox, target }) => [JSON.stringify(mailbox.path), target]));
}

/** `from -> to why`, with a `+` where it has to be made. */
function plan(mailboxes: string[], targets: string[], changes: Partial<MappingOptions> = {}): string[] {
  const options = { ...defaults, mailboxes: boxes(...mailboxes), targets: boxes(...targets), ...changes };
  return planMapping(options).routes.map(
    ({ mailbox, target, why, exists }) =>
      `${mailbox.path.join("/")} -> ${target.join("/")} ${why}${exists ? "" : " +"}`,
  );
}

describe("where a mailbox goes", () => {
  test("its own path, if nothing else is said; INBOX always to INBOX, which every account has", () => {
    expect(plan(["INBOX", "Projets/2026", "INBOX/x"], ["Projets", "Projets/2026"])).toEqual([
      "INBOX -> INBOX same",
      "Projets/2026 -> Projets/2026 same",
      "INBOX/x -> INBOX/x same +",
    ]);
    expect(plan(["Inbox"], [])).toEqual(["Inbox -> INBOX same"]);
  });

  test("the target's mailbox of the same special-use, whatever either is called", () => {
    expect(
      plan(
        ["Envoyés \\Sent", "[Gmail]/Corbeille \\Trash", "[Gmail]/Starred", "Brouillons ~\\Drafts", "Sent Items"],
        ["Gesendet \\Sent", "Sent", "INBOX/Papierkorb \\Trash", "Drafts ~\\Drafts", "Junk ~\\Junk"],
      ),
    ).toEqual([
      "Envoyés -> Gesendet special-use",
      "[Gmail]/Corbeille -> INBOX/Papierkorb special-use",
      "[Gmail]/Starred -> [Gmail]/Starred same +",
      "Brouillons -> Drafts name",
      "Sent Items -> Sent Items same +",
    ]);
  });

  test("mailboxes without any attribute are known by name, at the source and at the target", () => {
    expect(
      plan(["Envoyés", "Papierkorb", "Spam", "Projets/Drafts"], ["INBOX", "Sent Items", "Trash", "Drafts"]),
    ).toEqual([
      "Envoyés -> Sent Items name",
      "Papierkorb -> Trash name",
      "Spam -> Spam same +",
      "Projets/Drafts -> Projets/Drafts same +",
    ]);
  });

  test("a listing that tells no source of a special-use is taken at its word; a name that says as much counts as name", () => {
    const mailboxes = [
      { path: ["Envoyés"], specialUse: "\\Sent" },
      { path: ["Ablage"], specialUse: "\\Trash" },
    ];
    const targets = [
      { path: ["Sent"], specialUse: "\\Sent" },
      { path: ["Trash"], specialUse: "\\Trash" },
    ];
    expect(planMapping({ ...defaults, mailboxes, targets }).routes).toEqual([
      { mailbox: mailboxes[0], target: ["Sent"], why: "name", exists: true },
      { mailbox: mailboxes[1], target: ["Trash"], why: "special-use", exists: true },
    ]);
  });

  test("an attribute at the source counts, and a name for the same use does not", () => {
    expect(plan(["Sent Items", "Envoyés \\Sent"], ["Gesendet \\Sent"])).toEqual([
      "Sent Items -> Sent Items same +",
      "Envoyés -> Gesendet special-use",
    ]);
    expect(plan(["Sent", "Envoyés \\Sent"], ["Sent \\Sent"])).toEqual([
      "Sent -> Sent (2) renamed +",
      "Envoyés -> Sent special-use",
    ]);
  });

  test("of several that could be it, the one that is called the same goes, or the one with the clearest name", () => {
    expect(plan(["Envoyés", "Sent", "OUTBOX"], ["Sent \\Sent"])).toEqual([
      "Envoyés -> Envoyés same +",
      "Sent -> Sent same",
      "OUTBOX -> OUTBOX same +",
    ]);
    expect(plan(["OUTBOX", "Sent Items"], ["Envoyés \\Sent"])).toEqual([
      "OUTBOX -> OUTBOX same +",
      "Sent Items -> Envoyés name",
    ]);
    expect(plan(["Gesendet"], ["OUTBOX", "Sent Items", "Sent", "Envoyés"])).toEqual(["Gesendet -> Sent name"]);
    expect(plan(["Gesendet"], ["Sent", "Gesendet"])).toEqual(["Gesendet -> Gesendet same"]);
    expect(plan(["Trash \\Trash", "Bin \\Trash"], ["Bin \\Trash"])).toEqual([
      "Trash -> Trash same +",
      "Bin -> Bin same",
    ]);
  });

  test("special-uses count for nothing where the job says so, and INBOX has none", () => {
    expect(plan(["Envoyés \\Sent"], ["Sent \\Sent"], { specialUse: false })).toEqual(["Envoyés -> Envoyés same +"]);
    expect(plan(["INBOX \\Archive"], ["Archive \\Archive"])).toEqual(["INBOX -> INBOX same"]);
    expect(plan(["Archiv"], ["INBOX \\Archive"])).toEqual(["Archiv -> Archiv same +"]);
  });

  test("what the map says, before everything else; the first pattern decides", () => {
    const map = [
      ["Envoyés", "Old/Sent"],
      ["Projets/2026/**", "Now/**"],
      ["Projets/**", "Archive/Projets/**"],
      ["x", "inbox"],
    ] as const;
    expect(
      plan(["Envoyés \\Sent", "Projets", "Projets/2026/Mai", "x"], ["Sent \\Sent", "archive"], {
        map,
        before: recorded(["Envoyés", "Sent"], ["Projets", "P"]),
      }),
    ).toEqual([
      "Envoyés -> Old/Sent map +",
      "Projets -> archive/Projets map +",
      "Projets/2026/Mai -> Now/Mai map +",
      "x -> INBOX map",
    ]);
  });

  test("where it went before, also when there is a better place by now", () => {
    expect(
      plan(["Envoyés \\Sent", "a", "b"], ["Sent \\Sent", "Envoyés"], {
        before: recorded(["Envoyés", "Envoyés"], ["a", "z"], ["gone", "b"]),
      }),
    ).toEqual(["Envoyés -> Envoyés before", "a -> z before +", "b -> b (2) renamed +"]);
  });

  test("where it went before, also when the server no longer shows that it tells case apart", () => {
    const before = recorded(["a", "Sent"], ["b", "sent"]);
    expect(plan(["a", "b"], ["Sent"], { before })).toEqual(["a -> Sent before", "b -> sent before +"]);
  });

  test("below one mailbox, if the job says so: everything, INBOX too, and into no mailbox that has mail", () => {
    expect(
      plan(["INBOX", "Envoyés \\Sent", "a/b", "x"], ["INBOX", "Sent \\Sent", "a/b"], {
        under: ["Restored"],
        map: [["x", "y/z"]],
      }),
    ).toEqual([
      "INBOX -> Restored/INBOX same +",
      "Envoyés -> Restored/Envoyés same +",
      "a/b -> Restored/a/b same +",
      "x -> Restored/y/z map +",
    ]);
  });
});

describe("two mailboxes for one target", () => {
  test("are refused where the map sends both there", () => {
    const refused = (map: MappingOptions["map"], before = new Map<string, readonly string[]>()) => {
      try {
        plan(["Sent", "Envoyés"], [], { map, before });
      } catch (error) {
        if (error instanceof MailferryError) return { code: error.code, scope: error.scope, message: error.message };
      }
      return undefined;
    };
    const map = [
      ["Envoyés", "Old"],
      ["Sent", "Old"],
    ] as const;
    expect(refused(map)).toEqual({
      code: "C701",
      scope: "session",
      message: 'the mailboxes "Sent" and "Envoyés" would both go to "Old"',
    });
    expect(
      refused([
        ["Envoyés", "inbox"],
        ["Sent", "INBOX"],
      ])?.code,
    ).toBe("C701");
    expect(refused([["Envoyés", "Old"]], recorded(["Archive/x", "old"]))?.message).toBe(
      'the mailbox "Envoyés" can\'t go to "Old", where "Archive/x" went before',
    );
    expect(refused([["Envoyés", "Old"]], recorded(["Envoyés", "old"]))).toBeUndefined();
  });

  test("the one that the map sends there keeps it, the other gets a number", () => {
    expect(plan(["Sent", "Envoyés", "Sent (2)"], [], { map: [["Envoyés", "Sent"]] })).toEqual([
      "Sent -> Sent (3) renamed +",
      "Envoyés -> Sent map +",
      "Sent (2) -> Sent (2) same +",
    ]);
  });

  test("names that differ in case or code points alone: one keeps its name, whatever the order", () => {
    const expected = ["été -> été (2) renamed +", "Été -> Été same +"];
    expect(plan(["été", "Été"], [], { caseInsensitive: true })).toEqual(expected);
    expect(plan(["été", "Été"], [])).toEqual(expected);
    expect(plan(["Été", "été"], [])).toEqual(expected.toReversed());
    expect(plan(["Été", "été"], [], { caseInsensitive: false })).toEqual(["Été -> Été same +", "été -> été same +"]);
    const nfd = "e\u0301";
    expect(plan([nfd, "é"], [], { caseInsensitive: false })).toEqual([
      `${nfd} -> ${nfd} same +`,
      "é -> é (2) renamed +",
    ]);
  });

  test("the one whose name can be used as it is keeps it", () => {
    expect(plan(["a.b", "a_b", "a_b (2)"], [], { delimiter: "." })).toEqual([
      "a.b -> a_b (3) renamed +",
      "a_b -> a_b same +",
      "a_b (2) -> a_b (2) same +",
    ]);
    expect(plan([" INBOX"], [])).toEqual([" INBOX -> INBOX (2) renamed +"]);
  });

  test("a mailbox that can't get the one of its special-use any more goes by its own path", () => {
    expect(plan(["Envoyés \\Sent", "x"], ["Sent \\Sent"], { before: recorded(["x", "Sent"]) })).toEqual([
      "Envoyés -> Envoyés same +",
      "x -> Sent before",
    ]);
    expect(plan(["Envoyés \\Sent", "x"], ["Sent \\Sent"], { map: [["x", "Sent"]] })).toEqual([
      "Envoyés -> Envoyés same +",
      "x -> Sent map",
    ]);
  });

  test("INBOX/x and x are one mailbox where the namespace begins with INBOX", () => {
    const changes = { delimiter: ".", prefix: "INBOX." };
    expect(plan(["INBOX/x", "x", "INBOX/y"], ["x", "Y"], changes)).toEqual([
      "INBOX/x -> x (2) renamed +",
      "x -> x same",
      "INBOX/y -> Y same",
    ]);
    expect(plan(["INBOX/INBOX", "INBOX/INBOX/x", "INBOX"], [], changes)).toEqual([
      "INBOX/INBOX -> INBOX (2) renamed +",
      "INBOX/INBOX/x -> x same +",
      "INBOX -> INBOX same",
    ]);
    expect(plan(["INBOX/x", "x"], [], { delimiter: "." })).toEqual(["INBOX/x -> INBOX/x same +", "x -> x same +"]);
  });

  test("ten thousand of them come to an end", () => {
    const mailboxes = Array.from({ length: 10_000 }, (_, n) => ({
      path: [`${"\u0001".repeat(n % 7)}a${" ".repeat(n)}`],
    }));
    // Were each compared with each, the test would not end within its minute.
    const { routes } = planMapping({ ...defaults, mailboxes });
    expect(new Set(routes.map(({ target }) => target.join("/"))).size).toBe(10_000);
  });
});

describe("the spelling of a target", () => {
  test("is that of what exists, also of the levels above; unless both spellings exist", () => {
    expect(plan(["Sent", "Projets/2026", "PROJETS", "inbox/x"], ["sent", "projets/2025", "INBOX/y"])).toEqual([
      "Sent -> sent same",
      "Projets/2026 -> projets/2026 same +",
      "PROJETS -> projets same +",
      "inbox/x -> INBOX/x same +",
    ]);
    expect(plan(["Sent", "sent", "SENT"], ["sent", "Sent"])).toEqual([
      "Sent -> Sent same",
      "sent -> sent same",
      "SENT -> SENT same +",
    ]);
    expect(plan(["Été"], ["E\u0301te\u0301"])).toEqual(["Été -> E\u0301te\u0301 same"]);
    expect(plan(["Projets"], ["projets"], { caseInsensitive: false })).toEqual(["Projets -> Projets same +"]);
  });

  test.each<[from: string[], delimiter: string, to: string[]]>([
    [["a.b", "c"], ".", ["a_b", "c"]],
    [["a_b"], "_", ["a-b"]],
    [["a", "", "b"], "/", ["a", "_", "b"]],
    [[""], "/", ["_"]],
    [[], "/", ["_"]],
    [["a\u0000b\r\nc\u007f"], "/", ["a_b__c_"]],
    [["a\ud800b"], "/", ["a_b"]],
    [[" a ", "   "], "/", ["a", "_"]],
    [["a", "b", "c"], "", ["a - b - c"]],
    [["INBOX", "x"], "", ["INBOX - x"]],
  ])("%j on a server with %j is %j", (path, delimiter, expected) => {
    const [route] = planMapping({ ...defaults, mailboxes: [{ path }], delimiter }).routes;
    expect(route).toMatchObject({ why: "renamed", exists: false });
    expect(route?.target).toEqual(expected);
  });

  test("a name that is too long is cut between code points, and two of them stay two", () => {
    const long = "😀".repeat(100);
    const { routes } = planMapping({ ...defaults, mailboxes: [{ path: [`${long}a`] }, { path: [`${long}b`] }] });
    const names = routes.map(({ target }) => target[0] ?? "");
    expect(new Set(names).size).toBe(2);
    for (const name of names) {
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
      expect(name).toMatch(/^(?:😀){40,}_[0-9a-f]{8}$/u);
    }
  });

  test("is left alone where the account has just this mailbox", () => {
    expect(plan([" odd "], [" odd "])).toEqual([" odd  ->  odd  same"]);
  });

  test("does not fall for names of the language", () => {
    expect(plan(["__proto__", "constructor"], ["toString"], { before: recorded(["hasOwnProperty", "x"]) })).toEqual([
      "__proto__ -> __proto__ same +",
      "constructor -> constructor same +",
    ]);
  });
});

describe("whatever the mailboxes", () => {
  const uses = ["\\Sent", "\\Trash", "\\Archive"];
  const words = [
    "Sent",
    "sent",
    "SENT",
    "Envoyés",
    "Envoye\u0301s",
    "Trash",
    "INBOX",
    "inbox",
    "a.b",
    "a_b",
    "a b",
    " a b",
    "x",
  ];
  const oddities = ["", " ", "x (2)", "X (2)", "Sent (2)", "\u0000", "\ud800", "İ", "ß", "_", "-", "é".repeat(120)];
  const segment = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...words) },
    { weight: 2, arbitrary: fc.constantFrom(...oddities) },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 4 }) },
  );
  const path = fc.array(segment, { minLength: 1, maxLength: 3 });
  const mailbox = fc.record(
    {
      path,
      specialUse: fc.constantFrom(...uses),
      specialUseSource: fc.constantFrom("attribute" as const, "name" as const),
    },
    { requiredKeys: ["path"] },
  );
  const listing = (max: number) =>
    fc.uniqueArray(mailbox, { maxLength: max, selector: (each) => JSON.stringify(each.path) });
  const anything = fc.record({
    mailboxes: listing(14),
    targets: listing(8),
    delimiter: fc.constantFrom("/", ".", "_", "-", "\\", ""),
    prefix: fc.constantFrom("", "INBOX.", "mail/"),
    map: fc.constantFrom<MappingOptions["map"]>(
      [],
      [["Sent", "Trash"]],
      [
        ["Trash/**", "x/**"],
        ["a.b", "SENT"],
      ],
    ),
    specialUse: fc.boolean(),
    under: fc.constantFrom<readonly string[]>([], [], ["Restored"], ["a.b", " "]),
    before: fc.constant(new Map<string, readonly string[]>()),
    caseInsensitive: fc.constantFrom(true, false, undefined),
  });
  const options = anything.map((given) => ({
    ...given,
    targets: given.targets.filter((each) => given.delimiter !== "" || each.path.length === 1),
  }));
  /** The plan, or nothing if the map sends two mailboxes to one place. */
  const tryPlan = (given: MappingOptions): readonly MappedRoute[] | undefined => {
    try {
      return planMapping(given).routes;
    } catch (error) {
      if (error instanceof MailferryError && error.code === "C701") return undefined;
      throw error;
    }
  };
  const runs = { numRuns: 600 };

  test("each gets one target, no two the same, and each target is a name that the server takes", () => {
    fc.assert(
      fc.property(options, (given) => {
        const routes = tryPlan(given);
        if (routes === undefined) return;
        expect(routes.map((route) => route.mailbox)).toEqual(given.mailboxes);
        const exact = new Set(given.targets.map((target) => JSON.stringify(target.path)));
        const keys = routes.map(({ target }) => {
          const key = JSON.stringify(
            target.map((each) => (given.caseInsensitive ? each.normalize("NFC").toLowerCase() : each.normalize("NFC"))),
          );
          return given.prefix === "INBOX." ? key.replace(/^\[(?:"inbox",)+/i, "[") : key;
        });
        expect(new Set(keys).size).toBe(keys.length);
        for (const { target, exists } of routes) {
          expect(exists).toBe(exact.has(JSON.stringify(target)) || /^\["inbox"\]$/i.test(JSON.stringify(target)));
          if (exists) continue;
          const parents = given.targets.some(({ path: [top] }) => top !== undefined && top === target[0]);
          expect(given.delimiter === "" ? target.length : 1).toBe(1);
          for (const each of parents ? target.slice(-1) : target) {
            expect(Buffer.byteLength(each)).toBeLessThanOrEqual(200);
            expect(each === each.trim() && each !== "" && !/[\p{Cc}\p{Cs}]/u.test(each)).toBe(true);
            expect(given.delimiter !== "" && each.includes(given.delimiter)).toBe(false);
          }
        }
      }),
      runs,
    );
  });

  test("a second pass changes nothing, with the targets made and the first pass remembered", () => {
    fc.assert(
      fc.property(options, (given) => {
        const first = tryPlan(given);
        if (first === undefined) return;
        const known = new Set(given.targets.map((target) => JSON.stringify(target.path)));
        const made = first.filter(({ exists }) => !exists).map(({ target }) => ({ path: target }));
        expect(made.some(({ path: each }) => known.has(JSON.stringify(each)))).toBe(false);
        const again = { ...given, targets: [...given.targets, ...made], before: asBefore(first) };
        const second = planMapping(again).routes;
        expect(second.map(({ target }) => target)).toEqual(first.map(({ target }) => target));
        expect(second.every(({ exists }) => exists)).toBe(true);
      }),
      runs,
    );
  });

  test("a second pass over a part changes nothing of that part", () => {
    fc.assert(
      fc.property(options, fc.func(fc.boolean()), (given, isIn) => {
        const first = tryPlan(given);
        if (first === undefined) return;
        const part = {
          ...given,
          mailboxes: given.mailboxes.filter((each) => isIn(each.path)),
          before: asBefore(first),
        };
        for (const { mailbox: each, target } of planMapping(part).routes) {
          expect(target).toEqual(first.find((route) => route.mailbox === each)?.target);
        }
      }),
      runs,
    );
  });

  test("the order of the listings decides nothing", () => {
    fc.assert(
      fc.property(options, fc.infiniteStream(fc.nat()), (given, numbers) => {
        const routes = tryPlan(given);
        const shuffle = <T>(items: readonly T[]) =>
          items
            .map((item) => ({ item, at: numbers.next().value ?? 0 }))
            .sort((a, b) => a.at - b.at)
            .map(({ item }) => item);
        const other = tryPlan({ ...given, mailboxes: shuffle(given.mailboxes), targets: shuffle(given.targets) });
        expect(other && asBefore(other)).toEqual(routes && asBefore(routes));
      }),
      runs,
    );
  });
});
