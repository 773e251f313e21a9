// Too little room on the disk: said before the first octet, with the figures; what fits is brought all the same.

import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createPaint } from "../../src/cli/screen.ts";
import { formatJobSummary } from "../../src/cli/summary.ts";
import { type ImapServer, startImapServer } from "../../src/demo/imap-server.ts";
import { addMailbox, addMessage, createMailStore } from "../../src/demo/mail-store.ts";
import { type ArchiveFormat, type JobEvent, type JobReport, runJobs } from "../../src/index.ts";
import { freeSpace } from "../../src/storage/free-space.ts";
import { accountOn, jobTo, temporaryFolder } from "../support/jobs.ts";

const { statfsSync } = fs;
let server: ImapServer;
const store = createMailStore("ada", "canary-room-0d1f");
const messageOctets = 1_000_000;
for (const [path, count] of [
  [["INBOX"], 3],
  [["Sent"], 2],
] as const) {
  const mailbox = addMailbox(store, [...path]);
  for (let number = 0; number < count; number++) {
    const head = `Subject: ${number}\r\n\r\n`;
    addMessage(mailbox, Buffer.from(`${head.padEnd(messageOctets - 2, "x")}\r\n`));
  }
}

beforeEach(async () => {
  server = await startImapServer({ store });
});
afterEach(async () => {
  fs.statfsSync = statfsSync;
  syncBuiltinESMExports();
  await server.close();
});

/** A disk with so much room, as far as anybody asks. */
function pretendFree(octets: number, more: Partial<fs.StatsFs> = {}): void {
  const status = {
    type: 0,
    bsize: 4096,
    blocks: 1e9,
    bfree: 1e9,
    bavail: Math.floor(octets / 4096),
    files: 0,
    ffree: 0,
  };
  fs.statfsSync = (() => ({ ...status, ...more })) as unknown as typeof fs.statfsSync;
  syncBuiltinESMExports();
}

async function run(
  format: ArchiveFormat,
  dryRun: boolean,
): Promise<{ report: JobReport; events: JobEvent[]; at: string }> {
  const at = join(temporaryFolder(), "archive");
  const events: JobEvent[] = [];
  const account = accountOn({ protocol: "imap", port: server.port, user: store.user, password: store.password });
  const job = jobTo(at, format, account, { verify: "never" });
  const { jobs } = await runJobs([job], { concurrency: 1, dryRun, report: (event) => void events.push(event) });
  return { report: jobs[0] ?? expect.fail("no report"), events, at };
}

const reserve = 16 * 1024 * 1024;

test.each(["mbox", "maildir"] as const)(
  "a run into %s says it before anything is fetched, and brings what it can",
  async (format) => {
    pretendFree(reserve + 2.5 * messageOctets);
    const { report, events, at } = await run(format, false);
    expect(report).toMatchObject({ verdict: "safe", messages: { copied: 5 } });
    const said = events.findIndex((event) => event.type === "notice");
    expect(said).toBeGreaterThan(-1);
    expect(said).toBeLessThan(events.findIndex((event) => event.type === "octets-read"));
    expect(report.notices).toEqual([
      {
        code: "D501",
        mailbox: [],
        reason: expect.stringMatching(
          /has room for 19\.2\d MB and 3(\.0\d?)? MB are still to be brought, as far as mailboxes are listed: what fits is brought/,
        ),
      },
    ]);
    expect(report.notices?.[0]?.reason).toContain(at);
  },
);

test("a rehearsal says it of all mailboxes together, also in its last line", async () => {
  // Each of the mailboxes would fit.
  pretendFree(reserve + 4 * messageOctets);
  const { report } = await run("maildir", true);
  expect(report.verdict).toBe("rehearsal");
  const [notice] = report.notices ?? [];
  expect(notice).toMatchObject({
    code: "D501",
    reason: expect.stringMatching(/5\.02 MB are to be brought: make room first$/),
  });
  const lines = formatJobSummary(report, { language: "en", cwd: "/", paint: createPaint(false), verbose: false });
  expect(lines.join("\n")).toMatch(/^ {2}MF-D501 {2}.*has room for/m);
  expect(lines.at(-1)).toMatch(/^REHEARSAL: 5 messages would be copied, for which the disk has too little room; /);
});

test("nothing is said where there is room, or where the system does not tell", async () => {
  pretendFree(reserve + 6 * messageOctets);
  expect((await run("mbox", false)).report.notices).toBeUndefined();
  pretendFree(0, { blocks: 0 });
  expect((await run("mbox", true)).report.notices).toBeUndefined();
  fs.statfsSync = (() => {
    throw Object.assign(new Error("no"), { code: "ENOSYS" });
  }) as typeof fs.statfsSync;
  syncBuiltinESMExports();
  expect((await run("mbox", true)).report.notices).toBeUndefined();
});

test("what is free is asked of the disk on which a folder will lie", () => {
  const folder = temporaryFolder();
  const { bsize } = statfsSync(folder);
  expect(freeSpace(join(folder, "not", "made", "yet"))).toMatchObject({ block: bsize, takesNoFile: false });
  pretendFree(4096 * 7, { files: 100, ffree: 0 });
  expect(freeSpace(folder)).toEqual({ octets: 4096 * 7, block: 4096, takesNoFile: true });
});
