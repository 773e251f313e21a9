import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MailferryError } from "../../src/errors.ts";
import {
  entryForm,
  formatEntry,
  formatFromLine,
  formatWholeEntry,
  parseEntry,
  parseFromLine,
  parseWholeEntry,
  quoteFromLines,
  unquoteFromLines,
} from "../../src/formats/mboxrd.ts";
import { convert, convertStream, surveyOctets } from "../../src/formats/octets.ts";
import { chunkSizes, chunksOf, collect } from "../support/chunks.ts";
import { corpusMessages } from "../support/corpus.ts";
import { tortureMessages } from "../support/torture.ts";

const messages = [...corpusMessages(), ...tortureMessages()];
const date = new Date("2026-01-01T00:00:00Z");

const quote = (text: string) => convert(Buffer.from(text, "latin1"), quoteFromLines()).toString("latin1");
const unquote = (text: string) => convert(Buffer.from(text, "latin1"), unquoteFromLines()).toString("latin1");
/** Octets made of what quoting looks at. */
const nearFromLines = fc
  .array(fc.constantFrom("\n", "\r\n", "\r", ">", ">>", "From ", "From", "F", "ro", "m ", " ", "x"), { maxLength: 30 })
  .map((pieces) => pieces.join(""));

describe("From_ line", () => {
  test("it has a date of 24 characters in UTC and no zone", () => {
    expect(formatFromLine(date)).toBe("From MAILER-DAEMON Thu Jan  1 00:00:00 2026\n");
    expect(formatFromLine(new Date("2024-12-31T23:59:59+02:00"))).toBe("From MAILER-DAEMON Tue Dec 31 21:59:59 2024\n");
  });

  test("without a date that it can hold it says the epoch", () => {
    const epoch = "From MAILER-DAEMON Thu Jan  1 00:00:00 1970\n";
    for (const unusable of [undefined, new Date(Number.NaN), new Date(-1), new Date("+010000-01-01T00:00:00Z")]) {
      expect(formatFromLine(unusable)).toBe(epoch);
    }
  });

  test("every date to the second reads back", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253402300799 }), (seconds) => {
        const line = formatFromLine(new Date(seconds * 1000));
        expect(line).toHaveLength(44);
        expect(parseFromLine(line)).toEqual({ sender: "MAILER-DAEMON", date: new Date(seconds * 1000) });
      }),
      { seed: 3, numRuns: 1000 },
    );
  });

  test("lines of other programs are read", () => {
    const noon = new Date("2026-01-01T12:00:00Z");
    expect(parseFromLine("From ada@example.org Thu Jan  1 12:00:00 2026 +0000")).toEqual({
      sender: "ada@example.org",
      date: noon,
    });
    expect(parseFromLine("From - Thu Jan 01 12:00:00 2026\r\n")).toEqual({ sender: "-", date: noon });
    expect(parseFromLine("From a b  Thu Jan  1 14:30:00 2026 +0230")).toEqual({ sender: "a b", date: noon });
    expect(parseFromLine("From ada Thu Jan  1 11:30:00 -0030 2026")).toEqual({ sender: "ada", date: noon });
    expect(parseFromLine("From ada Thu Jan  1 12:00 GMT 2026")).toEqual({ sender: "ada", date: noon });
  });

  test("a line without a date is not taken for one", () => {
    for (const line of [
      "",
      "From",
      "From here",
      "From: ada Thu Jan  1 12:00:00 2026",
      ">From a Thu Jan  1 12:00:00 2026",
    ]) {
      expect(parseFromLine(line)).toBeUndefined();
    }
    expect(parseFromLine("From ada Thu Foo  1 12:00:00 2026")).toBeUndefined();
  });

  test("a line of 1 MB is read at once", () => {
    const started = performance.now();
    expect(parseFromLine(`From ${" ".repeat(1 << 20)}`)).toBeUndefined();
    expect(parseFromLine(`From ${"Thu ".repeat(1 << 18)}Thu Jan  1 12:00:00 2026`)?.date).toEqual(
      new Date("2026-01-01T12:00:00Z"),
    );
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe("quoting", () => {
  test("each line that is From_ behind any number of > gets one > more, the first line too", () => {
    expect(quote("From a\n>From b\n>>From c\n")).toBe(">From a\n>>From b\n>>>From c\n");
    expect(quote("x From a\nFrom: b\nFrom\n From c\n> From d\n\rFrom e\n")).toBe(
      "x From a\nFrom: b\nFrom\n From c\n> From d\n\rFrom e\n",
    );
  });

  test("unquoting takes exactly one >, and leaves From_ without > alone", () => {
    expect(unquote(">From a\n>>From b\nFrom c\n> From d\n>From: e\n>>>")).toBe(
      "From a\n>From b\nFrom c\n> From d\n>From: e\n>>>",
    );
  });

  test("it is what the mboxrd regular expressions say, for any text and any cut", async () => {
    await fc.assert(
      fc.asyncProperty(nearFromLines, fc.integer({ min: 1, max: 9 }), async (text, size) => {
        const quoted = text.replace(/(^|\n)(>*From )/g, "$1>$2");
        const unquoted = text.replace(/(^|\n)>(>*From )/g, "$1$2");
        expect(quote(text)).toBe(quoted);
        expect(unquote(text)).toBe(unquoted);
        expect(unquote(quoted)).toBe(text);
        const octets = Buffer.from(text);
        expect((await collect(convertStream(chunksOf(octets, size), quoteFromLines()))).toString()).toBe(quoted);
        expect((await collect(convertStream(chunksOf(octets, size), unquoteFromLines()))).toString()).toBe(unquoted);
      }),
      { seed: 4, numRuns: 3000 },
    );
  });

  test("a line of 1 MB of > in tiny pieces takes linear time", async () => {
    const line = Buffer.from(`${">".repeat(1 << 20)}From here\n`);
    const started = performance.now();
    const quoted = await collect(convertStream(chunksOf(line, 16), quoteFromLines()));
    expect(quoted).toHaveLength(line.length + 1);
    expect((await collect(convertStream(chunksOf(quoted, 16), unquoteFromLines()))).equals(line)).toBe(true);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe("entry", () => {
  test("every message comes back to the octet, as a whole and in pieces", async () => {
    for (const { name, bytes } of messages) {
      const { entry, form } = formatWholeEntry(bytes, date);
      expect(parseWholeEntry(entry, form).equals(bytes), name).toBe(true);
      for (const size of chunkSizes(bytes.length)) {
        const written = await collect(formatEntry(chunksOf(bytes, size), entryForm(surveyOctets(bytes)), date));
        expect(written.equals(entry), `${name} written by ${size}`).toBe(true);
        const read = await collect(parseEntry(chunksOf(entry, size), form));
        expect(read.equals(bytes), `${name} read by ${size}`).toBe(true);
      }
    }
  });

  test("it begins with the only From_ line in it and ends with an empty line", () => {
    for (const { name, bytes } of messages) {
      const text = formatWholeEntry(bytes, date).entry.toString("latin1");
      expect(text.match(/(?<=^|\n)From /g), name).toHaveLength(1);
      expect(text.startsWith(formatFromLine(date)), name).toBe(true);
      expect(text.endsWith("\n\n"), name).toBe(true);
    }
  });

  test("an empty message is a From_ line and an empty line", () => {
    const { entry, form } = formatWholeEntry(Buffer.alloc(0), undefined);
    expect(entry.toString()).toBe("From MAILER-DAEMON Thu Jan  1 00:00:00 1970\n\n");
    expect(form).toEqual({ verbatim: false, addedNewline: false });
  });

  test("any octets come back", () => {
    fc.assert(
      fc.property(nearFromLines, (text) => {
        const { entry, form } = formatWholeEntry(Buffer.from(text), date);
        expect(parseWholeEntry(entry, form).toString()).toBe(text);
      }),
      { seed: 5, numRuns: 3000 },
    );
  });

  test("an entry that was damaged at its beginning or end is refused, not misread", async () => {
    const { entry, form } = formatWholeEntry(Buffer.from("a: b\r\n\r\nbody"), date);
    expect(form).toEqual({ verbatim: false, addedNewline: true });
    const damaged = [
      entry.subarray(1),
      entry.subarray(0, -1),
      entry.subarray(0, -2),
      entry.subarray(0, 3),
      entry.subarray(0, 20),
      Buffer.alloc(0),
      Buffer.concat([entry, Buffer.from("x")]),
      Buffer.from("Fro\n\n\n"),
    ];
    for (const octets of damaged) {
      expect(() => parseWholeEntry(octets, form), octets.toString()).toThrow(MailferryError);
      for (const size of [1, 2, 5]) {
        await expect(collect(parseEntry(chunksOf(octets, size), form))).rejects.toMatchObject({
          code: "V901",
          scope: "message",
          retry: "never",
        });
      }
    }
  });
});
