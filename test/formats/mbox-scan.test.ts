import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type MboxEntry, splitMbox } from "../../src/formats/mbox-scan.ts";
import { formatWholeEntry, parseWholeEntry, unquoteFromLines } from "../../src/formats/mboxrd.ts";
import { convert } from "../../src/formats/octets.ts";
import { chunksOf } from "../support/chunks.ts";
import { corpusMessages } from "../support/corpus.ts";
import { tortureMessages } from "../support/torture.ts";

const date = new Date("2026-01-01T00:00:00Z");

async function split(octets: Uint8Array, chunkSize = 65_536): Promise<MboxEntry[]> {
  const entries: MboxEntry[] = [];
  for await (const entry of splitMbox(chunksOf(octets, chunkSize))) entries.push(entry);
  return entries;
}

async function bodies(text: string, chunkSize?: number): Promise<string[]> {
  const octets = Buffer.from(text);
  const entries = await split(octets, chunkSize);
  return entries.map(({ body }) => octets.subarray(body.offset, body.offset + body.length).toString());
}

describe("an mbox without an index", () => {
  test("every message that was written is found at its place and comes back to the octet", async () => {
    const messages = [...corpusMessages(), ...tortureMessages()];
    const written = messages.map(({ bytes }) => formatWholeEntry(bytes, date));
    const file = Buffer.concat(written.map(({ entry }) => entry));
    for (const chunkSize of [61, 65_536, file.length]) {
      const entries = await split(file, chunkSize);
      expect(entries).toHaveLength(messages.length);
      let offset = 0;
      for (const [n, { name, bytes }] of messages.entries()) {
        const found = entries[n];
        const form = written[n]?.form;
        if (found === undefined || form === undefined) throw new Error(`${name} is missing`);
        expect(found.offset, name).toBe(offset);
        expect(found.fromLine).toBe("From MAILER-DAEMON Thu Jan  1 00:00:00 2026");
        offset += found.length;
        expect(parseWholeEntry(file.subarray(found.offset, offset), form).equals(bytes), name).toBe(true);
      }
      expect(offset).toBe(file.length);
    }
  });

  test("small files are split alike at every cut", async () => {
    const messages = tortureMessages().filter(({ bytes }) => bytes.length < 2000);
    const file = Buffer.concat(messages.map(({ bytes }) => formatWholeEntry(bytes, date).entry));
    const whole = await split(file, file.length);
    expect(whole).toHaveLength(messages.length);
    for (let size = 1; size <= 20; size++) expect(await split(file, size)).toEqual(whole);
  });

  test("an empty file has no messages", async () => {
    expect(await split(Buffer.alloc(0))).toEqual([]);
  });

  test("a file that does not begin with a From_ line is refused", async () => {
    for (const text of ["F", "From", "Subject: x\n\nFrom a\n", "\nFrom a\n", ">From a\n", "\ufeffFrom a\n"]) {
      await expect(split(Buffer.from(text), 2)).rejects.toMatchObject({ code: "S602", scope: "mailbox" });
    }
  });

  test("the empty line before the next entry belongs to no message, LF or CRLF, and may be missing", async () => {
    for (const size of [1, 2, 3, 100]) {
      expect(await bodies("From a\nx\n\nFrom b\ny\n\n", size)).toEqual(["x\n", "y\n"]);
      expect(await bodies("From a\r\nx\r\n\r\nFrom b\r\ny\r\n\r\n", size)).toEqual(["x\r\n", "y\r\n"]);
      expect(await bodies("From a\nx\nFrom b\ny", size)).toEqual(["x\n", "y"]);
      expect(await bodies("From a\n\nFrom b\n\n\nFrom c\nFrom d\n\r\nFrom e", size)).toEqual(["", "\n", "", "", ""]);
    }
  });

  test("the From_ line is told without its line end, and bounded", async () => {
    const [first, second] = await split(Buffer.from(`From ada Thu\r\nx\n\nFrom ${"y".repeat(100_000)}\nz\n`), 7);
    expect(first?.fromLine).toBe("From ada Thu");
    expect(second?.fromLine).toHaveLength(1000);
    expect(second?.body).toEqual({ offset: 100_023, length: 2 });
  });

  test("any text is split as a reading line by line splits it", async () => {
    const piece = fc.constantFrom("\n", "\n", "\r\n", ">", "From ", "From", "F", "x", "\nFrom ");
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), fc.integer({ min: 1, max: 9 }), async (pieces, size) => {
        const text = `From ${pieces.join("")}`;
        const offsets = [...text.matchAll(/(?<=^|\n)From /g)].map((found) => found.index);
        const entries = await split(Buffer.from(text), size);
        expect(entries.map((entry) => entry.offset)).toEqual(offsets);
        expect(entries.reduce((sum, entry) => sum + entry.length, 0)).toBe(text.length);
        for (const { offset, length, body } of entries) {
          const content = text.slice(offset, offset + length).replace(/^[^\n]*\n?/, "");
          const expected = content.replace(/(^|\n)\r?\n$/, "$1");
          expect(text.slice(body.offset, body.offset + body.length)).toBe(expected);
        }
      }),
      { seed: 6, numRuns: 3000 },
    );
  });

  test("a foreign message reads back through its body alone", async () => {
    const file = Buffer.from("From a Thu Jan  1 00:00:00 2026\nSubject: x\n\n>From here\n>>From there\n\n");
    const [entry] = await split(file);
    const body = file.subarray(entry?.body.offset, (entry?.body.offset ?? 0) + (entry?.body.length ?? 0));
    expect(convert(body, unquoteFromLines()).toString()).toBe("Subject: x\n\nFrom here\n>From there\n");
  });
});
