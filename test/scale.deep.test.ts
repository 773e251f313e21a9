// Memory is bounded by configuration, not by the mailbox: a mailbox of very many messages, a message of 150 MB, a ledger of
// very many records. What is measured is the built program as a process of its own.

import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { addMailbox, addMessage, createMailStore } from "../src/demo/mail-store.ts";
import { startPop3Server } from "../src/demo/pop3-server.ts";
import type { RunReport } from "../src/index.ts";
import { readArchive } from "../src/storage/archive.ts";
import { sha256 } from "./support/archives.ts";
import { octetsOf, startEndlessImap, uidOf } from "./support/endless-imap.ts";
import { openJobs, password } from "./support/job-file.ts";
import { type Measured, runMeasured } from "./support/measured-cli.ts";

/** SCALE_MESSAGES=1000000 takes some minutes. */
const messages = Number(process.env.SCALE_MESSAGES ?? 100_000);
/** MB: what the program takes with little to do, garbage that nobody has collected yet included, and 75 octets a message. */
const bound = 285 + (75 * messages) / 1_000_000;

const figures: string[] = [];
afterAll(() => console.log(figures.join("\n")));

async function run(what: string, cwd: string, most: number): Promise<RunReport["jobs"][number]> {
  const measured: Measured = await runMeasured(["run", "--json"], { cwd, env: { PW: password } });
  figures.push(`${what}: ${measured.peak} MB at most, ${measured.seconds.toFixed(1)} s`);
  const report = JSON.parse(measured.stdout) as RunReport;
  const job = report.jobs[0] ?? expect.fail("no job");
  expect(job, measured.stderr).toMatchObject({ verdict: "safe", failures: [] });
  if (!Number.isNaN(measured.peak)) expect(measured.peak, what).toBeLessThan(most);
  return job;
}

describe(`a mailbox of ${messages} messages`, () => {
  test("is brought, brought again, and brought with its changes, in memory that has room for its columns only", async () => {
    await using server = await startEndlessImap(messages);
    const { cwd } = openJobs({ big: { protocol: "imap", port: server.port, format: "mbox" } });
    const rowOf = ({ mailboxes }: RunReport["jobs"][number]) => mailboxes[0] ?? expect.fail("no mailbox");

    const first = await run("first run", cwd, bound);
    expect(rowOf(first)).toMatchObject({ onServer: messages, inArchive: messages, new: messages, missing: 0, kept: 0 });
    expect(first.verified).toEqual({ checked: messages, intact: messages });
    const sent = server.sent();

    expect(rowOf(await run("nothing new", cwd, bound))).toMatchObject({ inArchive: messages, new: 0, missing: 0 });
    expect(server.sent()).toBe(sent);

    server.deliver(10);
    server.flag([1, 2, 3, 4, 5, 1000, messages / 2, messages - 2, messages - 1, messages], "\\Flagged");
    const changed = await run("10 new messages and 10 flags", cwd, bound);
    expect(rowOf(changed)).toMatchObject({ inArchive: messages + 10, new: 10, missing: 0, kept: 0, reflagged: 10 });
    expect(changed.verified).toEqual({ checked: 10, intact: 10 });

    await using archive = await readArchive(join(cwd, "big"));
    await using ledger = await archive.readLedger({ path: ["INBOX"] });
    await using mail = archive.openMail({ path: ["INBOX"] });
    expect(ledger?.size).toBe(messages + 10);
    for (const number of [1, 2, 499, 500, 501, 1000, messages - 1, messages, messages + 1, messages + 10]) {
      const stored = ledger?.find(`${uidOf(number)}`) ?? expect.fail(`no message ${number}`);
      expect(stored.sha256).toBe(sha256(octetsOf(number)));
      const chunks: Uint8Array[] = [];
      for await (const chunk of mail.read(stored.place)) chunks.push(chunk);
      expect(Buffer.concat(chunks).equals(octetsOf(number)), `message ${number}`).toBe(true);
      expect(stored.flags.includes("\\Flagged")).toBe([1, 2, 1000, messages - 1, messages].includes(number));
    }
  });
});

describe("a message of 150 MB", () => {
  const size = 150_000_000;
  const line = `${"0123456789abcde ".repeat(4)}\r\n`;
  const large = Buffer.concat([Buffer.from("Subject: large\r\n\r\n"), Buffer.alloc(size, line)]).subarray(0, size);
  large.write("\r\n", size - 2);

  for (const format of ["mbox", "maildir"] as const) {
    test(`goes from IMAP into ${format} through less memory than its size`, async () => {
      await using server = await startEndlessImap(3, (number) => (number === 2 ? large : octetsOf(number)));
      const { cwd } = openJobs({ big: { protocol: "imap", port: server.port, format } });
      expect(await run(`150 MB from IMAP into ${format}`, cwd, 200)).toMatchObject({ verified: { intact: 3 } });
      await expectStored(cwd);
    });
  }

  test("goes from POP3 into mbox through less memory than its size", async () => {
    const store = createMailStore("ada", password);
    addMessage(addMailbox(store, ["INBOX"]), large);
    const server = await startPop3Server({ store });
    try {
      const { cwd } = openJobs({ big: { protocol: "pop3", port: server.port, format: "mbox" } });
      expect(await run("150 MB from POP3 into mbox", cwd, 200)).toMatchObject({ verified: { intact: 1 } });
      await expectStored(cwd);
    } finally {
      await server.close();
    }
  });

  async function expectStored(cwd: string): Promise<void> {
    await using archive = await readArchive(join(cwd, "big"));
    await using ledger = await archive.readLedger({ path: ["INBOX"] });
    const digests = [...(ledger?.all() ?? [])].filter((one) => one.size === size).map((one) => one.sha256);
    expect(digests).toEqual([sha256(large)]);
  }
});
