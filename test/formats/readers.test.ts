// What other programs make of our files: git and Python have their own readers.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatInfo, formatUniqueName, uniqueId } from "../../src/formats/maildir.ts";
import { type EntryForm, formatWholeEntry } from "../../src/formats/mboxrd.ts";
import { convert, crlfToLf, lfToCrlf, surveyOctets } from "../../src/formats/octets.ts";
import { sha256 } from "../support/archives.ts";
import { corpusMessages } from "../support/corpus.ts";
import { readersAvailable, readMaildirWithPython, readMboxWithPython, readWithGit } from "../support/readers.ts";
import { tortureMessages } from "../support/torture.ts";

const messages = [...corpusMessages(), ...tortureMessages()];
const available = readersAvailable();

let folder = "";
let mbox = "";
let forms: EntryForm[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mailferry-readers-"));
  mbox = join(folder, "all.mbox");
  const written = messages.map(({ bytes }) => formatWholeEntry(bytes, new Date("2026-01-01T00:00:00Z")));
  forms = written.map(({ form }) => form);
  writeFileSync(mbox, Buffer.concat(written.map(({ entry }) => entry)));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** The original, from a body that a reader has found and unquoted. */
function original(body: Buffer, form: EntryForm | undefined): Buffer {
  const own = form?.addedNewline ? body.subarray(0, -1) : body;
  return form?.verbatim ? own : convert(own, lfToCrlf());
}

function expectAll(bodies: readonly Buffer[]): void {
  expect(bodies).toHaveLength(messages.length);
  const wrong = messages.filter(({ bytes }, n) => !original(bodies[n] ?? Buffer.alloc(0), forms[n]).equals(bytes));
  expect(wrong.map(({ name }) => name)).toEqual([]);
}

describe.runIf(available)("an mbox with every message of the corpus", () => {
  test("git mailsplit reads every octet back", () => {
    expectAll(readWithGit(mbox));
  });

  test("Python's mailbox.mbox reads every octet back, after unquoting", () => {
    expectAll(readMboxWithPython(mbox));
  });
});

test.runIf(available)("Python's mailbox.Maildir finds every message, its flags and its octets", () => {
  const maildir = join(folder, "maildir");
  for (const name of ["cur", "new", "tmp"]) mkdirSync(join(maildir, name), { recursive: true });
  const expected = new Map<string, string>();
  for (const [n, { bytes }] of messages.entries()) {
    const { verbatim, size, virtualSize } = surveyOctets(bytes).stored;
    const onDisk = verbatim ? bytes : convert(bytes, crlfToLf());
    const unique = formatUniqueName({ seconds: 1_767_225_600, id: uniqueId(String(n), 1), size, virtualSize });
    writeFileSync(join(maildir, "cur", unique + formatInfo(["\\Seen", "\\Flagged"], () => undefined)), onDisk);
    expect(onDisk).toHaveLength(size);
    expected.set(unique, `FS ${sha256(onDisk)}`);
  }
  const found = new Map(
    readMaildirWithPython(maildir).map(({ unique, letters, bytes }) => [unique, `${letters} ${sha256(bytes)}`]),
  );
  expect(found).toEqual(expected);
});
