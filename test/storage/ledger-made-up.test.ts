// A ledger that somebody made up: its checksums are right, and what it says is no ledger's.

import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import { loadLedger } from "../../src/storage/ledger.ts";
import { formatLine } from "../../src/storage/ledger-lines.ts";
import { textOf } from "../support/ledger-text.ts";

const header = formatLine({ ledger: 1, mailbox: ["INBOX"] });
const signed = (open: string) => `${open},"crc":"${crc32(open).toString(16).padStart(8, "0")}"}\n`;
const entry = { key: "1", size: 3, sha256: "ab".repeat(32), place: { file: "a" }, flags: [] };
const commit = (stored: unknown) => signed(JSON.stringify({ checkpoint: {}, stored, failed: [] }).slice(0, -1));

test.each([
  ["no JSON", signed('{"checkpoint":')],
  ["a list", signed('["a"')],
  ["a number", signed("5")],
  ["entries that are none", commit("x")],
  ["an entry that is nothing", commit([null])],
  ["an entry without flags", commit([{ ...entry, flags: undefined }])],
  ["an entry whose key is a list", commit([{ ...entry, key: [] }])],
  ["an entry whose place is nothing", commit([{ ...entry, place: null }])],
  ["a mailbox that is no path", signed('{"ledger":1,"mailbox":{}')],
  ["a validity that is a list", signed('{"validity":[]')],
])("is damaged where a line has %s", async (_, line) => {
  await expect(loadLedger(textOf(Buffer.from(header + line + commit([entry]))))).rejects.toMatchObject({
    code: "V901",
  });
});

test("is read where all is as it should be, whatever its keys and places are", async () => {
  const odd = { ...entry, key: "__proto__", place: { file: "../../etc/passwd", ["__proto__"]: 1 } };
  await using ledger = await loadLedger(textOf(Buffer.from(header + commit([odd]))));
  expect(ledger.find("__proto__")).toMatchObject({ key: "__proto__", place: { file: "../../etc/passwd" } });
  expect(ledger.find("toString")).toBeUndefined();
});
