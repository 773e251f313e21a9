// Formats and names, against any octets and any text.

import { posix } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normalizeFlags } from "../../src/flags.ts";
import {
  ledgerName,
  maildirName,
  mboxName,
  nameKey,
  parseLedgerName,
  parseMaildirName,
  parseMboxName,
} from "../../src/formats/mailbox-names.ts";
import {
  extendKeywords,
  formatInfo,
  formatKeywords,
  formatUniqueName,
  keywordLetter,
  parseInfo,
  parseKeywords,
  parseUniqueName,
  uniqueId,
} from "../../src/formats/maildir.ts";
import { layOutMbox } from "../../src/formats/mbox-dialect.ts";
import { readEntry, surveyEntries } from "../../src/formats/mbox-entry.ts";
import { MboxMarker } from "../../src/formats/mbox-marks.ts";
import { formatWholeEntry, parseEntry, parseFromLine, parseWholeEntry } from "../../src/formats/mboxrd.ts";
import { decodeMutf7, encodeMutf7 } from "../../src/formats/mutf7.ts";
import { printable } from "../../src/formats/printable.ts";
import { collect } from "../support/chunks.ts";
import { cutAt, cuts, fuzz, octetsOf } from "../support/fuzz.ts";
import { steersTerminals } from "../support/hostile.ts";

const mail = octetsOf([
  "\n",
  "\r\n",
  "\r\n\r\n",
  "\r",
  ">",
  ">>",
  "From ",
  "From",
  "A: b\r\n",
  "\0",
  "From a Thu Jan  1 00:00:00 2026\r\n",
]);
const date = new Date("2026-01-01T00:00:00Z");

describe("mboxrd", () => {
  test("gives back any octets, whole and in any pieces, and its only From_ line is the first", async () => {
    await fuzz(39_000, fc.tuple(mail, cuts), async ([octets, places]) => {
      const { entry, form } = formatWholeEntry(octets, date);
      expect(parseWholeEntry(entry, form).equals(octets)).toBe(true);
      expect((await collect(parseEntry(cutAt(entry, places), form))).equals(octets)).toBe(true);
      expect(entry.toString("latin1").match(/(?<=^|\n)From /g)).toHaveLength(1);
      expect(entry.toString("latin1").endsWith("\n\n")).toBe(true);
    });
  });

  test("of many messages is split by a reader of a few lines into the very same", async () => {
    await fuzz(10_000, fc.array(mail, { maxLength: 6 }), (messages) => {
      const entries = messages.map((octets) => formatWholeEntry(octets, date));
      const file = Buffer.concat(entries.map(({ entry }) => entry)).toString("latin1");
      const found = file === "" ? [] : file.split(/(?<=^|\n\n)(?=From )/);
      expect(found).toHaveLength(messages.length);
      for (const [index, text] of found.entries()) {
        const { verbatim, addedNewline } = entries[index]?.form ?? expect.fail();
        let body = text.slice(text.indexOf("\n") + 1, -1).replace(/(^|\n)>(>*From )/g, "$1$2");
        if (addedNewline) body = body.slice(0, -1);
        if (!verbatim) body = body.replaceAll("\n", "\r\n");
        expect(body).toBe(messages[index]?.toString("latin1"));
      }
    });
  });
});

test("an mbox of whatever dialect, or none: each octet is of one message at most, in whatever pieces it is read", async () => {
  const line = fc.constantFrom(
    "",
    "x",
    "From a@b Thu Jan  1 12:00:00 2026",
    "From x",
    ">From y",
    ">>From z",
    "Content-Length: 5",
    "Content-Length: 99999999999999999999",
    "Content-Length: -1",
    "Content-Length: 0x5",
    "Status: RO",
    "X-Mozilla-Keys: __proto__",
    "A: b",
    "\r",
    "\0",
  );
  const file = fc
    .tuple(
      fc.boolean(),
      fc.array(fc.tuple(line, fc.constantFrom("\n", "\n", "\r\n")), { maxLength: 30 }),
      octetsOf(["\n"], 4),
    )
    .map(([begins, lines, rest]) =>
      Buffer.concat([
        Buffer.from(
          `${begins ? "From a@b Thu Jan  1 12:00:00 2026\n" : ""}${lines.map((each) => each.join("")).join("")}`,
        ),
        rest,
      ]),
    );
  await fuzz(13_000, fc.tuple(file, cuts), async ([octets, places]) => {
    const marker = new MboxMarker();
    for (const piece of cutAt(octets, places)) marker.push(piece);
    const whole = new MboxMarker();
    whole.push(Buffer.from(octets));
    const layout = layOutMbox(marker.end());
    expect(layout).toEqual(layOutMbox(whole.end()));
    let end = 0;
    for (const { offset, body } of layout.entries) {
      expect(offset).toBeGreaterThanOrEqual(end);
      expect(body.offset).toBeGreaterThan(offset);
      end = body.offset + body.length;
      expect(end).toBeLessThanOrEqual(octets.length);
    }
    async function* all() {
      yield* cutAt(octets, places);
    }
    for await (const { entry, survey } of surveyEntries(all(), layout.entries)) {
      const { offset, length } = entry.body;
      const body = (async function* () {
        yield Buffer.from(octets.subarray(offset, offset + length));
      })();
      expect(await collect(readEntry(body, entry, survey, () => new Error("changed")))).toHaveLength(survey.size);
    }
  });
});

test("a From_ line of any text has a date or none, and never an error", async () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 80 }),
    fc
      .array(
        fc.constantFrom(
          "From ",
          "a@b",
          " ",
          "Thu",
          "Jan",
          "Feb",
          "1",
          "31",
          "99",
          "00:00:00",
          "12:00",
          "2026",
          "+0100",
          "remote from x",
          "\r",
        ),
        { maxLength: 12 },
      )
      .map((parts) => `From ${parts.join(" ")}`),
  );
  await fuzz(26_000, text, (line) => {
    const found = parseFromLine(line);
    if (found?.date !== undefined) expect(Number.isNaN(found.date.getTime())).toBe(false);
  });
});

const segment = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 }).map((units) => String.fromCharCode(...units)),
  fc.string({
    unit: fc.constantFrom("%", "2", "E", "u", "D", "8", "~", "-", ".", "/", "\\", "&", ":", " ", "\0", "é", "e\u0301"),
    maxLength: 12,
  }),
  fc.constantFrom(
    "..",
    ".",
    "",
    "con",
    "NUL.txt",
    "cur",
    "new",
    "tmp",
    "a.mbox",
    "INBOX",
    "inbox",
    "~",
    "-rf",
    "x".repeat(300),
    "é".repeat(150),
    "__proto__",
  ),
);
const path = fc.array(segment, { minLength: 1, maxLength: 5 });

test.each([
  { layout: "Maildir++", format: maildirName, parse: parseMaildirName },
  { layout: "mbox", format: mboxName, parse: parseMboxName },
  { layout: "ledger", format: ledgerName, parse: parseLedgerName },
])(
  "a mailbox's name in the $layout layout stays below the root, is its own, and comes back",
  async ({ format, parse }) => {
    const owners = new Map<string, string>();
    await fuzz(15_000, fc.tuple(path, fc.integer({ min: 1, max: 3 })), ([segments, variant]) => {
      const name = format(segments, variant);
      const isInbox = segments.length === 1 && /^inbox$/i.test(segments[0] ?? "");
      const owner = JSON.stringify([isInbox ? ["INBOX"] : segments, variant]);
      expect(owners.get(name) ?? owner).toBe(owner);
      owners.set(name, owner);
      expect(
        posix.resolve("/root", name) === "/root" ? name : posix.relative("/root", posix.resolve("/root", name)),
      ).toBe(name);
      expect(name).not.toMatch(steersTerminals);
      expect(Buffer.from(name).toString()).toBe(name);
      for (const part of name.split("/")) {
        expect(Buffer.byteLength(part)).toBeLessThanOrEqual(200);
        expect(["..", "."]).not.toContain(part);
      }
      expect(nameKey(nameKey(name))).toBe(nameKey(name));
      const parsed = parse(name);
      if (parsed === undefined) expect(decodeMutf7(name) ?? name).toMatch(/%~[0-9a-f]{16}/);
      else expect(JSON.stringify([parsed.path, parsed.variant])).toBe(owner);
    });
  },
);

test("any text is read as a mailbox's name or refused, and what is read gives the same name", async () => {
  await fuzz(
    20_000,
    fc.oneof(
      segment,
      segment.map((text) => `${text}.mbox`),
      segment.map((text) => `${text}.jsonl`),
    ),
    (name) => {
      for (const [parse, format] of [
        [parseMaildirName, maildirName],
        [parseMboxName, mboxName],
        [parseLedgerName, ledgerName],
      ] as const) {
        const parsed = parse(name);
        if (parsed !== undefined) expect(format(parsed.path, parsed.variant)).toBe(name);
      }
    },
  );
});

test("modified UTF-7 gives back any text, and reads or refuses any other", async () => {
  await fuzz(
    39_000,
    fc.oneof(
      segment,
      fc.string({ unit: fc.constantFrom("&", "-", "A", "O", "k", ",", "+", "/", "=", "x"), maxLength: 12 }),
    ),
    (text) => {
      const encoded = encodeMutf7(text);
      expect(encoded).toMatch(/^[\x20-\x7e]*$/);
      expect(decodeMutf7(encoded)).toBe(text);
      const decoded = decodeMutf7(text);
      if (decoded !== undefined) expect(decodeMutf7(encodeMutf7(decoded))).toBe(decoded);
    },
  );
});

describe("a Maildir's names", () => {
  const flag = fc.oneof(
    fc.constantFrom(
      "\\Seen",
      "\\Answered",
      "\\Flagged",
      "\\Deleted",
      "\\Draft",
      "$Forwarded",
      "$Junk",
      "__proto__",
      "constructor",
      "toString",
    ),
    fc.string({ unit: "binary", maxLength: 6 }),
  );

  test("give back key, sizes, and every flag that has a letter", async () => {
    const given = fc.record({
      key: fc.string({ unit: "binary", maxLength: 20 }),
      attempt: fc.nat(5),
      flags: fc.array(flag, { maxLength: 8 }),
      before: fc.array(flag, { maxLength: 30 }),
      seconds: fc.nat(2 ** 40),
      size: fc.nat(2 ** 40),
      virtualSize: fc.nat(2 ** 40),
    });
    await fuzz(15_000, given, ({ key, attempt, flags, before, seconds, size, virtualSize }) => {
      const id = uniqueId(key, attempt);
      const unique = formatUniqueName({ seconds, id, size, virtualSize });
      const table = extendKeywords(extendKeywords([], before), flags);
      expect(parseKeywords(formatKeywords(table))).toEqual(table);
      const letterOf = (keyword: string) => keywordLetter(table, keyword);
      const name = unique + formatInfo(flags, letterOf);
      expect(name).toMatch(/^[\x21-\x7e]+$/);
      expect(name).not.toContain("/");
      expect(parseUniqueName(name)).toEqual({ unique, id, seconds, size, virtualSize });
      const read = parseInfo(name, table).map((each) => each.toLowerCase());
      const system = /^\\(seen|answered|flagged|deleted|draft)$|^\$forwarded$/i;
      for (const each of normalizeFlags(flags)) {
        if (system.test(each) || letterOf(each) !== undefined) expect(read).toContain(each.toLowerCase());
      }
      for (const each of read) {
        expect(
          flags.some((known) => known.toLowerCase() === each),
          each,
        ).toBe(true);
      }
    });
  });

  test("of any other program are read as far as they go, and no table of keywords is an error", async () => {
    await fuzz(
      20_000,
      fc.tuple(fc.string({ unit: "binary", maxLength: 60 }), fc.string({ maxLength: 60 })),
      ([name, text]) => {
        const { unique } = parseUniqueName(name);
        expect(name.startsWith(unique)).toBe(true);
        const table = parseKeywords(text);
        expect(table.length).toBeLessThanOrEqual(26);
        for (const each of parseInfo(name, table)) expect(typeof each).toBe("string");
      },
    );
  });
});

test("no text is left with what steers a terminal, and what is harmless stays as it is", async () => {
  await fuzz(26_000, fc.oneof(fc.string({ unit: "binary" }), segment), (text) => {
    const shown = printable(text);
    expect(shown).not.toMatch(steersTerminals);
    expect(shown).not.toContain("\n");
    expect(printable(shown)).toBe(shown);
  });
});
