// What a run does with an archive whose ledger, mail or marker is not as the last run left it, and how a repair mends that.

import { cpSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { addMessage, removeMessages } from "../../src/demo/mail-store.ts";
import { multiset, readBack } from "../support/archives.ts";
import { digestsServed } from "../support/crossing.ts";
import { unwrapped } from "../support/hostile.ts";
import { flip, type Letters, openLetters } from "../support/letters.ts";

let at: Letters;
afterEach(() => at[Symbol.asyncDispose]());

describe.each(["mbox", "maildir"] as const)("an archive in the %s format", (format) => {
  beforeEach(async () => {
    at = await openLetters(format);
  });

  test.each([
    ["its ledger gone", () => rmSync(at.ledger)],
    ["all ledgers gone", () => rmSync(join(at.archive, "ledger"), { recursive: true })],
    ["its ledger cut to half", () => truncateSync(at.ledger, statSync(at.ledger).size >> 1)],
    ["an octet changed in its ledger", () => flip(at.ledger, statSync(at.ledger).size >> 1)],
    ["an octet changed in the first line of its ledger", () => flip(at.ledger, 20)],
  ])("a run holds with %s and doubles nothing; a repair rebuilds it", async (_, damage) => {
    // Gone from the server: only here.
    removeMessages(at.inbox, ({ uid }) => uid === 2);
    addMessage(at.inbox, "Subject: five\r\n\r\n");
    const before = multiset(await readBack(at.archive));
    damage();
    const held = await at.run();
    expect(held.code, held.stdout).toBe(7);
    const { error, failures } = held.document.jobs[0];
    const said = JSON.stringify(held.document.jobs[0]);
    expect([error?.code, ...failures.map(({ code }: { code: string }) => code)]).toContain("V901");
    expect(said).not.toContain("unexpected");

    const repaired = await at.verify({ repair: true }, { json: true });
    expect(repaired.code, repaired.stdout).toBe(0);
    expect(multiset(await readBack(at.archive))).toEqual([...before, ...served("five")].sort());
    const sent = at.server.messageOctetsSent();
    expect((await at.run()).code).toBe(0);
    expect(at.server.messageOctetsSent()).toBe(sent);
  });

  test("writes a marker that is gone anew; until then a run holds", async () => {
    rmSync(join(at.archive, "mailferry.json"));
    const held = await at.run();
    expect(held.code).toBe(9);
    expect(held.document.jobs[0].error.remedy).toContain("verify ARCHIVE --repair");
    const found = await at.verify({}, { json: true });
    expect([found.code, found.document.problems]).toEqual([
      7,
      [{ mailbox: [], kind: "marker", reason: "mailferry.json is missing" }],
    ]);
    expect((await at.verify({ repair: true })).code).toBe(0);
    await at.expectWhole();
  });

  test("an archive that was put back from an older copy, as a whole or in part, gets what it lacks", async () => {
    cpSync(at.archive, join(at.caller.cwd, "older"), { recursive: true });
    addMessage(at.inbox, "Subject: five\r\n\r\n");
    addMessage(at.inbox, "Subject: six\r\n\r\n");
    expect((await at.run()).code).toBe(0);
    cpSync(at.archive, join(at.caller.cwd, "newer"), { recursive: true });
    for (const part of ["mail", "ledger", "all"]) {
      rmSync(at.archive, { recursive: true });
      cpSync(join(at.caller.cwd, "newer"), at.archive, { recursive: true });
      const folders = part === "mail" ? [format] : part === "ledger" ? ["ledger"] : [""];
      for (const folder of folders) {
        rmSync(join(at.archive, folder), { recursive: true });
        cpSync(join(at.caller.cwd, "older", folder), join(at.archive, folder), { recursive: true });
      }
      addMessage(at.inbox, `Subject: after ${part}\r\n\r\n`);
      const next = await at.run();
      // As a whole it is an archive as it was; in part, ledger and mail contradict each other.
      expect(next.code, `${part}: ${next.stdout}`).toBe(part === "all" ? 0 : 7);
      if (part !== "all") expect((await at.verify({ repair: true })).code, part).toBe(0);
      await at.expectWhole();
    }
  });
});

/** Of the messages with this subject. */
function served(subject: string): string[] {
  const messages = at.inbox.messages.filter(({ bytes }) => bytes.includes(`Subject: ${subject}\r`));
  return digestsServed({ ...at.store, mailboxes: [{ ...at.inbox, messages }] }, "imap");
}

test("Maildir files that are gone are missed by a run that stores there, and brought again by a repair", async () => {
  at = await openLetters("maildir");
  const cur = join(at.archive, "maildir", "cur");
  for (const name of readdirSync(cur).slice(0, 2)) rmSync(join(cur, name));
  addMessage(at.inbox, "Subject: five\r\n\r\n");
  const { code, document } = await at.run();
  expect([code, document.jobs[0].verdict]).toEqual([7, "failed"]);
  expect(document.jobs[0].failures).toMatchObject([{ code: "V901", mailbox: ["INBOX"] }]);
  expect(document.jobs[0].failures[0].reason).toContain("2 of its messages are not in its folder any more");
  expect(document.jobs[0].mailboxes[0].new).toBe(1);
  expect((await at.verify({ repair: true })).code).toBe(0);
  await at.expectWhole();
});

test("a marker that this version can't read, since a later one wrote it, is not written over", async () => {
  at = await openLetters("maildir");
  const path = join(at.archive, "mailferry.json");
  writeFileSync(path, readFileSync(path, "utf8").replace('"archive": 1', '"archive": 3'));
  const before = readFileSync(path, "utf8");
  await expect(at.verify({ repair: true })).rejects.toMatchObject({ code: "D506" });
  expect(readFileSync(path, "utf8")).toBe(before);
});

test("a marker that names another account than the job is left to its owner", async () => {
  at = await openLetters("mbox");
  at.damage("one");
  const path = join(at.archive, "mailferry.json");
  writeFileSync(path, readFileSync(path, "utf8").replace('"user": "ada"', '"user": "aea"'));
  const { code, stdout } = await at.verify({ repair: true });
  expect(code).toBe(3);
  expect(unwrapped(stdout)).toContain("Not repaired: mailferry.json is not of the account of job");
});
