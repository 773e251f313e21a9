import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MailferryError } from "../../src/errors.ts";
import type { MailboxSelection } from "../../src/jobs/job.ts";
import { checkPattern, checkTarget, matchesPattern } from "../../src/jobs/patterns.ts";
import { passesFilter, selectMailboxes } from "../../src/jobs/select.ts";
import type { Mailbox } from "../../src/message.ts";

const box = (...path: string[]): Mailbox => ({ path });
const all: MailboxSelection = { include: ["*"], exclude: [], map: [] };

/** `old -> new` for each mailbox that is selected. */
function selected(mailboxes: readonly Mailbox[], selection: Partial<MailboxSelection>): string[] {
  return selectMailboxes(mailboxes, { ...all, ...selection }).map(
    ({ mailbox, target }) => `${mailbox.path.join("/")} -> ${target.join("/")}`,
  );
}

describe("patterns", () => {
  test.each<[pattern: string, path: string[], matches: boolean]>([
    ["*", ["INBOX"], true],
    ["*", ["Projets", "2026", "Mai"], true],
    ["**", ["Projets", "2026", "Mai"], true],
    ["Trash", ["Trash"], true],
    ["Trash", ["trash"], false],
    ["Trash", ["Trash", "Old"], false],
    ["Trash", ["Old", "Trash"], false],
    ["inbox", ["INBOX"], true],
    ["INBOX", ["Inbox"], true],
    ["Inbox/Sub", ["INBOX", "Sub"], true],
    ["Old/inbox", ["Old", "INBOX"], false],
    ["Projets/*", ["Projets", "2026"], true],
    ["Projets/*", ["Projets"], false],
    ["Projets/*", ["Projets", "2026", "Mai"], false],
    ["Projets/**", ["Projets", "2026", "Mai"], true],
    ["Projets/**", ["Projets"], true],
    ["Projets/**", ["Projets2"], false],
    ["**/Mai", ["Projets", "2026", "Mai"], true],
    ["**/Mai", ["Mai"], true],
    ["A/**/Z", ["A", "b", "c", "Z"], true],
    ["A/**/Z", ["A", "Z"], true],
    ["A/**/Z", ["A", "b"], false],
    ["**/a/**", ["x", "a", "y"], true],
    ["20??", ["2026"], true],
    ["20??", ["20261"], false],
    ["?", ["😀"], true],
    ["*é*", ["Envoye\u0301s"], true],
    ["Envoyés", ["Envoyés"], true],
    ["a*b*c", ["aXbXbXc"], true],
    ["a*b*c", ["aXcXb"], false],
    ["[Gmail]/*", ["[Gmail]", "Tous les messages"], true],
    ["a.b", ["axb"], false],
    ["(x+)+$", ["(x+)+$"], true],
    ["A/B", ["A/B"], false],
    ["A*", ["A/B"], true],
    ["A?B", ["A/B"], true],
    ["*/*", ["A/B"], false],
  ])("%s on %j: %s", (pattern, path, expected) => {
    expect(matchesPattern(pattern, { path })).toBe(expected);
  });

  test("a special-use is told by the server, not by the name", () => {
    expect(matchesPattern("\\Junk", { path: ["Pourriel"], specialUse: "\\Junk" })).toBe(true);
    expect(matchesPattern("\\junk", { path: ["Pourriel"], specialUse: "\\Junk" })).toBe(true);
    expect(matchesPattern("\\Junk", { path: ["Junk"] })).toBe(false);
    expect(matchesPattern("\\Junk", { path: ["\\Junk"], specialUse: "\\Sent" })).toBe(false);
  });

  test.each(["", "a//b", "/a", "a/", "a**", "**a/b", "\\Spam"])("%j is no pattern", (pattern) => {
    expect(checkPattern(pattern)).toBeTruthy();
  });

  test.each([
    ["a/**", ""],
    ["a/**", "b//c"],
    ["a/**", "b/*"],
    ["a/**", "**/**"],
    ["a", "b/**"],
    ["**/a/**", "b/**"],
    ["\\Junk", "b/**"],
  ])("%j can't go to %j", (pattern, target) => {
    expect(checkTarget(pattern, target)).toBeTruthy();
  });

  test("hostile names and patterns take no time", () => {
    const started = performance.now();
    expect(matchesPattern(`${"*a".repeat(500)}b`, box("a".repeat(5000)))).toBe(false);
    expect(matchesPattern(`${"**/a/".repeat(200)}b`, box(...Array.from({ length: 1000 }, () => "a")))).toBe(false);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test("every path matches itself, `*`, itself with `?` for a character, and its parent with `/**`", () => {
    const segment = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => !/[*?\\/]/.test(text));
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 4 }), (path) => {
        const mailbox = { path };
        expect(matchesPattern(path.join("/"), mailbox)).toBe(true);
        expect(matchesPattern("*", mailbox)).toBe(true);
        expect(matchesPattern([...path.slice(0, -1), "**"].join("/"), mailbox)).toBe(true);
        expect(matchesPattern([...path.slice(0, -1), "?*"].join("/"), mailbox)).toBe(true);
        expect(matchesPattern([...path, "x"].join("/"), mailbox)).toBe(false);
      }),
    );
  });
});

describe("selected mailboxes", () => {
  const mailboxes = [
    box("INBOX"),
    { path: ["Pourriel"], specialUse: "\\Junk" },
    box("Junk"),
    box("Junk", "Old"),
    box("Trash"),
    box("Projets"),
    box("Projets", "2026", "Mai"),
    box("Envoyés"),
  ];

  test("include names them, exclude takes away, the order stays", () => {
    expect(selected(mailboxes, { exclude: ["Trash", "Junk/**", "\\Junk"] })).toEqual([
      "INBOX -> INBOX",
      "Projets -> Projets",
      "Projets/2026/Mai -> Projets/2026/Mai",
      "Envoyés -> Envoyés",
    ]);
    expect(selected(mailboxes, { include: ["inbox", "\\Junk"] })).toEqual(["INBOX -> INBOX", "Pourriel -> Pourriel"]);
    expect(selected(mailboxes, { include: [] })).toEqual([]);
  });

  test("a map gives new paths; ** takes along what it matched; the first pattern decides", () => {
    const map: MailboxSelection["map"] = [
      ["Envoyés", "Sent"],
      ["Projets/2026/**", "Now/**"],
      ["Projets/**", "Archive/Projets/**"],
      ["\\Junk", "Spam"],
    ];
    expect(selected(mailboxes, { map, exclude: ["Junk/**"] })).toEqual([
      "INBOX -> INBOX",
      "Pourriel -> Spam",
      "Trash -> Trash",
      "Projets -> Archive/Projets",
      "Projets/2026/Mai -> Now/Mai",
      "Envoyés -> Sent",
    ]);
  });

  test("everything can go below one mailbox, and what lies below can come up", () => {
    expect(selected([box("INBOX"), box("a", "b")], { map: [["*", "Old/**"]] })).toEqual([
      "INBOX -> Old/INBOX",
      "a/b -> Old/a/b",
    ]);
    expect(selected([box("a"), box("a", "b"), box("a", "b", "c")], { map: [["a/**", "**"]] })).toEqual([
      "a -> a",
      "a/b -> b",
      "a/b/c -> b/c",
    ]);
    expect(selected([box("x", "y", "Mai")], { map: [["x/**/Mai", "May/**"]] })).toEqual(["x/y/Mai -> May/y"]);
  });

  test("two mailboxes for one target are refused, by their names", () => {
    const refused = () => selectMailboxes([box("Sent"), box("Envoyés")], { ...all, map: [["Envoyés", "Sent"]] });
    expect(refused).toThrow(MailferryError);
    expect(refused).toThrow('the mailboxes "Sent" and "Envoyés" would both go to "Sent"');
  });

  test("a slash within a name makes another mailbox than a slash between names", () => {
    expect(selectMailboxes([box("a/b"), box("a", "b")], all).map(({ target }) => target)).toEqual([
      ["a/b"],
      ["a", "b"],
    ]);
  });
});

describe("filters", () => {
  const day = (text: string) => new Date(`${text}T00:00:00Z`);
  const ref = { key: "1", size: 1000, flags: ["\\SEEN"], internalDate: day("2015-06-01") };

  test.each([
    ["nothing set", {}, true],
    ["since the same instant", { since: day("2015-06-01") }, true],
    ["since later", { since: day("2015-06-02") }, false],
    ["before the same instant", { before: day("2015-06-01") }, false],
    ["before later", { before: day("2015-06-02") }, true],
    ["as big as allowed", { maxSize: 1000 }, true],
    ["bigger", { maxSize: 999 }, false],
    ["only unread", { unseen: true }, false],
    ["only read", { unseen: false }, true],
    ["one of two", { maxSize: 1000, unseen: true }, false],
  ])("%s", (_, filter, passes) => expect(passesFilter(ref, filter)).toBe(passes));

  test("what the listing does not tell keeps nothing out", () => {
    const filter = { since: day("2015-01-01"), before: day("2016-01-01"), maxSize: 1, unseen: true };
    expect(passesFilter({ key: "1" }, filter)).toBe(true);
    expect(passesFilter({ key: "1", flags: [] }, filter)).toBe(true);
  });
});
