import { posix, win32 } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ledgerName,
  maildirName,
  mboxName,
  nameKey,
  parseLedgerName,
  parseMaildirName,
  parseMboxName,
} from "../../src/formats/mailbox-names.ts";
import { decodeMutf7 } from "../../src/formats/mutf7.ts";

const layouts = [
  { layout: "Maildir++", format: maildirName, parse: parseMaildirName },
  { layout: "mbox", format: mboxName, parse: parseMboxName },
  { layout: "ledger", format: ledgerName, parse: parseLedgerName },
];

const hostileSegments = [
  ...'\0 / \\ . .. ... ~ - % %% %- %2E %2e %u %uD800 %~2 %~0123456789abcdef & &- &AOk- * ? < > : | "'.split(" "),
  ..."inbox INBOX Inbox cur new tmp CUR con CON NUL nul.txt COM1 com¹ LPT9 CONIN$ aux. constant".split(" "),
  ..."a.mbox A.MBOX a.mbox.lock a.mbox.tail-1 mbox .mbox x.mboxes a.jsonl .jsonl __proto__ constructor".split(" "),
  ..."../../etc /etc/passwd C:\\x \\\\host\\share ~root -rf .Trash a/b a.b a%2Eb a%2eb".split(" "),
  ...["", " ", "  ", "a ", " a", "a.", "\n", "\r\n", "\u001b[2J", "\u007f", "\u0085", "\u202e", "\u2028", "\ufeff"],
  ...[
    "\ud800",
    "\udc00",
    "x\ud83dy",
    "\udc00\ud800",
    "🙂",
    "été",
    "e\u0301te\u0301",
    "\u212b",
    "\u00c5",
    "<\u0327",
    "\u0327",
  ],
  ...[
    "ı",
    "İ",
    "ß",
    "ẞ",
    "ſ",
    "한글",
    "\u1112\u1161\u11ab",
    "日本語",
    "x".repeat(255),
    "é".repeat(150),
    "🙂".repeat(80),
  ],
];
const segment = fc.oneof(
  fc.constantFrom(...hostileSegments),
  fc.array(fc.integer({ min: 0, max: 0x10ffff }), { maxLength: 6 }).map((codes) => String.fromCodePoint(...codes)),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 6 }).map((units) => String.fromCharCode(...units)),
  fc.string({ unit: fc.constantFrom("%", "2", "E", "u", "D", "8", "0", "~", "-", ".", "/", "&", "a"), maxLength: 10 }),
);
const path = fc.array(segment, { minLength: 1, maxLength: 4 });

/** A path as mail software compares it: INBOX alone has no case. */
const identity = (segments: readonly string[]) =>
  JSON.stringify(segments.length === 1 && /^inbox$/i.test(segments[0] ?? "") ? ["INBOX"] : segments);

describe("mailbox names", () => {
  test("ordinary names stay readable", () => {
    expect(maildirName(["INBOX"])).toBe("");
    expect(maildirName(["Projets", "2026"])).toBe(".Projets.2026");
    expect(maildirName(["Envoyés"])).toBe(".Envoy&AOk-s");
    expect(mboxName(["INBOX"])).toBe("INBOX.mbox");
    expect(mboxName(["Projets", "2026"])).toBe("Projets/2026.mbox");
    expect(mboxName(["Envoyés", "R&D v1.2"])).toBe("Envoyés/R&D v1.2.mbox");
    expect(ledgerName(["INBOX"])).toBe("INBOX.jsonl");
    expect(ledgerName(["Projets", "2026"])).toBe("Projets.2026.jsonl");
  });

  test("what a layout can't hold is encoded", () => {
    expect(maildirName(["v1.2", "a/b"])).toBe(".v1%2E2.a%2Fb");
    expect(maildirName(["Tom & Ann", "50%"])).toBe(".Tom &- Ann.50%25");
    expect(mboxName(["..", "..", "etc"])).toBe("%2E%2E/%2E%2E/etc.mbox");
    expect(mboxName(["/etc/passwd"])).toBe("%2Fetc%2Fpasswd.mbox");
    expect(mboxName(["Re: what?"])).toBe("Re%3A what%3F.mbox");
    expect(mboxName(["CON", "nul.txt"])).toBe("%43ON/%6Eul.txt.mbox");
    expect(mboxName(["a.mbox", "cur", "b"])).toBe("a%2Embox/%63ur/b.mbox");
    expect(ledgerName(["", "v1.2"])).toBe("%-.v1%2E2.jsonl");
  });

  test("INBOX alone has no case, and below it nothing is special", () => {
    for (const { format } of layouts) expect(format(["inBox"])).toBe(format(["INBOX"]));
    expect(maildirName(["INBOX", "x"])).toBe(".INBOX.x");
    expect(mboxName(["inbox", "x"])).toBe("inbox/x.mbox");
    expect(maildirName(["ınbox"])).not.toBe("");
  });

  test("a taken name gets a variant", () => {
    expect(maildirName(["Été"], 2)).toBe(".&AMk-t&AOk-%~2");
    expect(mboxName(["Projets", "a"], 3)).toBe("Projets/a%~3.mbox");
    expect(ledgerName(["INBOX"], 2)).toBe("INBOX%~2.jsonl");
    expect(parseMboxName("Projets/a%~3.mbox")).toEqual({ path: ["Projets", "a"], variant: 3 });
    expect(parseMaildirName(maildirName(["INBOX"], 2))).toEqual({ path: ["INBOX"], variant: 2 });
  });

  test("names that a file system may take for one are told by equal keys", () => {
    expect(nameKey(mboxName(["Archive"]))).toBe(nameKey(mboxName(["ARCHIVE"])));
    expect(nameKey("e\u0301t\u00e9")).toBe(nameKey("\u00e9te\u0301"));
    expect(nameKey("stra\u00dfe")).toBe(nameKey("STRASSE"));
    expect(nameKey("a\u200cb")).toBe(nameKey("ab"));
    expect(nameKey(mboxName(["a"], 2))).not.toBe(nameKey(mboxName(["a"])));
    expect(nameKey(mboxName(["a"]))).not.toBe(nameKey(mboxName(["b"])));
  });

  test("a mailbox without a name is refused", () => {
    for (const { format } of layouts) expect(() => format([])).toThrow(expect.objectContaining({ code: "D504" }));
  });

  test("parsers take only names that their layout gives", () => {
    for (const name of [
      "Projets",
      ".a..b",
      ".a%2eb",
      ".%41",
      ".été",
      ".&AOk",
      ".&Jjo!",
      ".a%~1",
      ".a%~02",
      "..",
      ".",
    ]) {
      expect(parseMaildirName(name), name).toBeUndefined();
    }
    for (const name of ["x", "../x.mbox", "/x.mbox", "a//b.mbox", "a%.mbox", "e\u0301.mbox", "inbox.mbox", ".mbox"]) {
      expect(parseMboxName(name), name).toBeUndefined();
    }
    for (const name of ["x", "a..b.jsonl", ".jsonl", "a/b.jsonl", "%.jsonl"]) {
      expect(parseLedgerName(name), name).toBeUndefined();
    }
  });

  test("long names are shortened to at most 200 octets, each to its own, and always the same", () => {
    const long = "Ordner mit Umlauten äöü und einem sehr langen Namen ".repeat(6);
    for (const { layout, format, parse } of layouts) {
      for (const variant of [1, 2]) {
        const names = [`${long}1`, `${long}2`].map((last) => format(["Archiv", last], variant));
        for (const name of names) {
          for (const part of name.split("/")) expect(Buffer.byteLength(part), layout).toBeLessThanOrEqual(200);
          expect(name).toMatch(/%~[0-9a-f]{16}/);
          expect(parse(name)).toBeUndefined();
        }
        expect(names[0]).not.toBe(names[1]);
        expect(format(["Archiv", `${long}1`], variant)).toBe(names[0]);
      }
      expect(format([long], 1)).not.toBe(format([long], 2));
    }
    expect(decodeMutf7(maildirName([long]))).toMatch(/^\.Ordner mit Umlauten äöü/);
  });

  test("a very deep mailbox has a name of bounded length", () => {
    const deep = Array.from({ length: 5000 }, (_, depth) => `level ${depth}`);
    for (const { format } of layouts) {
      expect(Buffer.byteLength(format(deep))).toBeLessThanOrEqual(200);
      expect(format(deep)).not.toBe(format([...deep, "x"]));
    }
  });
});

describe.each(layouts)("any path in the $layout layout", ({ layout, format, parse }) => {
  const runs = { seed: 7, numRuns: 2000 };

  test("comes back from its name, unless that was shortened", () => {
    let parsed = 0;
    fc.assert(
      fc.property(path, fc.integer({ min: 1, max: 3 }), (segments, variant) => {
        const name = format(segments, variant);
        if (/%~[0-9a-f]{16}/.test(decodeMutf7(name) ?? name)) return;
        parsed++;
        expect(parse(name)).toEqual({ path: JSON.parse(identity(segments)), variant });
      }),
      runs,
    );
    expect(parsed).toBeGreaterThan(1000);
  });

  test("has a name that stays below the root and that every file system can hold", () => {
    fc.assert(
      fc.property(path, (segments) => {
        const name = format(segments);
        expect(name).toBe(name.normalize("NFC"));
        expect(name).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\\]/);
        expect(Buffer.from(name).toString()).toBe(name);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(600);
        expect(posix.join("/root", name)).toBe(name === "" ? "/root" : `/root/${name}`);
        expect(posix.resolve("/root", name).startsWith("/root")).toBe(true);
        const parts = name.split("/");
        if (layout !== "mbox") expect(parts).toHaveLength(1);
        for (const part of parts) expect(Buffer.byteLength(part)).toBeLessThanOrEqual(200);
        if (layout === "Maildir++") {
          expect(name).toMatch(/^(?:\.[^.].*)?$/);
          expect(name).not.toMatch(/\.\.|\.$|[^\x20-\x7e]/);
        } else {
          expect(name).not.toMatch(/[<>:"|?*]/);
          expect(win32.isAbsolute(name)).toBe(false);
          for (const part of parts)
            expect(part).not.toMatch(/^[-~.]|^$|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d) *(?:\.|$)/i);
          for (const directory of parts.slice(0, -1))
            expect(directory).not.toMatch(/\.mbox(?:\.|$)|^(?:cur|new|tmp)$/i);
        }
      }),
      runs,
    );
  });

  test("never shares its name with another path", () => {
    const owners = new Map<string, string>();
    fc.assert(
      fc.property(path, fc.integer({ min: 1, max: 2 }), (segments, variant) => {
        const name = format(segments, variant);
        const owner = `${variant} ${identity(segments)}`;
        expect(owners.get(name) ?? owner).toBe(owner);
        owners.set(name, owner);
      }),
      { seed: 8, numRuns: 4000 },
    );
    for (const one of hostileSegments) {
      for (const other of hostileSegments) {
        const owner = `1 ${identity([one, other])}`;
        expect(owners.get(format([one, other])) ?? owner).toBe(owner);
        owners.set(format([one, other]), owner);
      }
      const owner = `1 ${identity([one])}`;
      expect(owners.get(format([one])) ?? owner).toBe(owner);
      owners.set(format([one]), owner);
    }
  });
});
