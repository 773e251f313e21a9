// verify --repair, as users call it.

import { appendFileSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { addMessage, removeMessages } from "../../src/demo/mail-store.ts";
import { acquireLock } from "../../src/storage/lock.ts";
import { filesOf } from "../support/damaged.ts";
import { lastLine } from "../support/desk.ts";
import { unwrapped } from "../support/hostile.ts";
import { flip, type Letters, openLetters } from "../support/letters.ts";
import { readersAvailable, readMaildirWithPython, readMboxWithPython, readWithGit } from "../support/readers.ts";

const hasReaders = readersAvailable();
let at: Letters;
afterEach(() => at[Symbol.asyncDispose]());

describe.each(["mbox", "maildir"] as const)("verify --repair of an archive in the %s format", (format) => {
  beforeEach(async () => {
    at = await openLetters(format);
  });

  test("fetches a damaged message again, and keeps the damaged file aside as it was", async () => {
    const path = at.damage("three");
    const before = readFileSync(path);
    const found = await at.verify();
    expect(found.code).toBe(7);
    expect(found.stdout).toMatch(/\n {2}INBOX +3 +2026-01-01 \d\d:\d\d +\d+ octets +letter three\n/);
    expect(lastLine(found.stdout)).toBe(
      "FAILED: 4 of 5 messages re-read intact. To mend it: mailferry verify ./job --repair",
    );

    const { code, stdout } = await at.verify({ repair: true });
    expect(code, stdout).toBe(0);
    expect(lastLine(stdout)).toBe("SAFE: 5 of 5 messages re-read intact.");
    const [aside = ""] = filesOf(join(at.archive, "aside")).filter((name) => !name.endsWith(".jsonl"));
    expect(readFileSync(join(at.archive, "aside", aside)).equals(before)).toBe(true);
    expect(statSync(join(at.archive, "aside", aside)).mode & 0o777).toBe(0o600);
    expect(unwrapped(stdout)).toMatch(
      /Kept aside by repairs: aside\/1\/ledger\/INBOX\.jsonl, aside\/1\/(mbox|maildir)\//,
    );
    await at.expectWhole();
    if (!hasReaders) return;
    const read =
      format === "mbox"
        ? [readWithGit(path), readMboxWithPython(path)]
        : [readMaildirWithPython(join(at.archive, "maildir")).map(({ bytes }) => bytes)];
    const expected = at.inbox.messages.map(({ bytes }) => String(bytes).replaceAll("\r\n", "\n"));
    for (const messages of read) expect(messages.map(String).sort()).toEqual(expected?.sort());
  });

  test("of what is gone from the server keeps the rest, names it, and is content with that from then on", async () => {
    at.damage("two");
    removeMessages(at.inbox, ({ uid }) => uid === 2);
    const repaired = await at.verify({ repair: true }, { json: true });
    expect([repaired.code, repaired.document.verdict]).toEqual([3, "incomplete"]);
    expect(repaired.document.repair.found).toMatchObject([{ mailbox: ["INBOX"], key: "2", kind: "damaged" }]);
    expect(repaired.document).toMatchObject({ problems: [], lost: [{ mailbox: ["INBOX"], key: "2" }], intact: 4 });
    expect((await at.run()).code).toBe(0);
    const { code, stdout } = await at.verify();
    expect(code).toBe(0);
    expect(stdout).toMatch(/1 message was lost before, and no run has brought it again:\n.*\n {2}INBOX +2 /);
    expect(lastLine(stdout)).toBe("SAFE: 4 of 4 messages re-read intact; 1 was lost before.");

    addMessage(at.inbox, "Subject: another\r\n\r\n");
    expect((await at.run()).code).toBe(0);
    expect((await at.verify({}, { json: true })).document).toMatchObject({ messages: 5, lost: [{ key: "2" }] });
  });

  test("without a job file repairs what it can, and the next run brings the rest", async () => {
    at.damage("one");
    renameSync(join(at.caller.cwd, "jobs.yaml"), join(at.caller.cwd, "later.yaml"));
    const { code, stdout } = await at.verify({ repair: true });
    expect(code).toBe(3);
    expect(lastLine(stdout)).toContain("1 message is still lost. The next run of the job into this folder brings");
    renameSync(join(at.caller.cwd, "later.yaml"), join(at.caller.cwd, "jobs.yaml"));
    expect((await at.run()).code).toBe(0);
    await at.expectWhole();
  });

  test("with -n says what it would do, writes nothing and asks nobody", async () => {
    at.damage("four");
    rmSync(join(at.archive, "ledger", "Sent.jsonl"));
    const before = filesOf(at.archive);
    const sent = at.server.messageOctetsSent();
    const { code, stdout } = await at.verify({ repair: true }, { dryRun: true });
    expect(code).toBe(7);
    expect(stdout).toContain("INBOX: 1 message damaged or gone");
    expect(stdout).toContain("Sent: 1 message that no ledger knew taken in; the ledger is written anew");
    expect(lastLine(stdout)).toMatch(/^REHEARSAL: nothing was changed; 1 message would have to be brought again\./);
    expect([filesOf(at.archive), at.server.messageOctetsSent()]).toEqual([before, sent]);
  });

  test("where all is well changes nothing", async () => {
    const before = filesOf(at.archive);
    const { code, stdout } = await at.verify({ repair: true });
    expect([code, lastLine(stdout)]).toEqual([0, "SAFE: 5 of 5 messages re-read intact; there was nothing to repair."]);
    expect(filesOf(at.archive)).toEqual(before);
  });

  test("waits for no run that is at work in the archive", async () => {
    at.damage("four");
    await using _run = await acquireLock(join(at.archive, "mailferry.lock"));
    await expect(at.verify({ repair: true })).rejects.toMatchObject({ code: "L801" });
  });
});

test("another program's mail in an mbox is taken in, and what is no mail goes aside", async () => {
  at = await openLetters("mbox");
  const path = join(at.archive, "mbox", "Sent.mbox");
  appendFileSync(path, "From eve@example.net Thu Jan  1 00:00:00 2026\nSubject: foreign\n\nHello.\n\nFrom rubbish");
  const before = readFileSync(path);
  expect((await at.verify({}, { json: true })).document.problems).toMatchObject([
    { mailbox: ["Sent"], kind: "unknown" },
    { mailbox: ["Sent"], kind: "fragment" },
  ]);
  expect((await at.verify({ repair: true })).code).toBe(0);
  expect(readFileSync(join(at.archive, "aside/1/mbox/Sent.mbox")).equals(before)).toBe(true);
  expect(readFileSync(path, "latin1")).toContain("Subject: foreign\n\nHello.\n\n");
  expect(readFileSync(path, "latin1")).not.toContain("rubbish");
  const verified = await at.verify();
  expect(unwrapped(verified.stdout)).toContain("1 message was taken in by a repair, as it lay there");
  expect(verified.code).toBe(0);
});

test("a flipped bit in a From_ line costs no message, with or without a server", async () => {
  at = await openLetters("mbox");
  const path = join(at.archive, "mbox", "INBOX.mbox");
  const before = readFileSync(path);
  rmSync(join(at.caller.cwd, "jobs.yaml"));
  for (const place of [0, 20, before.indexOf("\n\nFrom MAILER") + 1]) {
    flip(path, place);
    expect((await at.verify()).code).toBe(7);
    expect((await at.verify({ repair: true })).code).toBe(0);
    expect(readFileSync(path).equals(before)).toBe(true);
  }
});
