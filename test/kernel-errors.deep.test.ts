// The same with errors that come from the kernel (strace injects them), to the built program as a process of its own.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ImapServer, startImapServer } from "../src/demo/imap-server.ts";
import { addMailbox, addMessage, createMailStore } from "../src/demo/mail-store.ts";
import { multiset, readBack } from "./support/archives.ts";
import { digestsServed } from "./support/crossing.ts";
import { onlyJob } from "./support/hostile.ts";
import { openJobs, password } from "./support/job-file.ts";
import { swept } from "./support/sweep-counts.ts";

const program = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const quiet = ["-f", "-qq", "-o", "/dev/null"];

function canInject(): boolean {
  const probe = spawnSync("strace", [...quiet, "-e", "trace=fsync", "-e", "inject=fsync:error=EIO", "true"]);
  if (probe.status !== 0) console.warn("NOT TESTED: errors of the kernel. There is no strace, or it may not trace.");
  return probe.status === 0;
}

const store = createMailStore("ada", password);
for (const path of [["INBOX"], ["Sent"]]) {
  const mailbox = addMailbox(store, path);
  for (let number = 0; number < 8; number++) addMessage(mailbox, `Subject: ${number}\r\n\r\n${path[0]}\r\n`);
}
let server: ImapServer;
beforeAll(async () => {
  server = await startImapServer({ store });
});
afterAll(() => server.close());

interface Case {
  readonly call: string;
  readonly code: string;
  /** Of the file or folder on which the call fails, in the archive. */
  readonly at: string;
  readonly when?: string;
  readonly exit?: number;
}

const cases: readonly Case[] = [
  { call: "fsync", code: "EIO", at: "mbox/INBOX.mbox" },
  { call: "fsync", code: "ENOSPC", at: "ledger/INBOX.jsonl" },
  { call: "fsync", code: "EIO", at: "ledger" },
  { call: "pwrite64", code: "ENOSPC", at: "mbox/Sent.mbox" },
  { call: "pwrite64", code: "EDQUOT", at: "ledger/Sent.jsonl" },
  { call: "pwrite64", code: "EIO", at: "mbox/INBOX.mbox", when: "1+" },
  { call: "pread64", code: "EIO", at: "ledger/INBOX.jsonl" },
  { call: "openat", code: "EACCES", at: "mbox/INBOX.mbox" },
  { call: "openat", code: "EROFS", at: "mailferry.json", when: "1+" },
  { call: "getdents64", code: "EIO", at: "ledger" },
];

describe("few open files", () => {
  const folders = 60;

  test("are enough for many mailboxes: 128 for a run into Maildirs", async () => {
    const many = createMailStore("ada", password);
    for (let number = 0; number < folders; number++) {
      const mailbox = addMailbox(many, ["Projets", `${number}`]);
      for (let each = 0; each < 20; each++) addMessage(mailbox, `Subject: ${each}\r\n\r\n${number}\r\n`);
    }
    const other = await startImapServer({ store: many });
    try {
      const { cwd, shell } = openJobs({ job: { protocol: "imap", port: other.port } });
      const { code, stderr } = await shell("ulimit -n 128; mailferry run -q");
      expect(code, stderr).toBe(0);
      expect(multiset(await readBack(join(cwd, "job")))).toHaveLength(folders * 20);
    } finally {
      await other.close();
    }
  });

  test("that are too few even to load the program are said to be, with a way out", async () => {
    const { shell } = openJobs({ job: { protocol: "imap", port: server.port } });
    const { code, stderr } = await shell("ulimit -n 40; mailferry run");
    expect(code, stderr).toBe(9);
    expect(stderr).toMatch(/MF-D502\n {2}Why {5}too many files are open \(EMFILE\)/);
    expect(stderr).toContain("ulimit -n");
  });
});

describe.runIf(canInject())("an error of the kernel", () => {
  test.each(cases)("$code of $call at $at ends the run with 9 and its name, and the next run goes on", async (each) => {
    const { call, code, at, when = "1", exit = 9 } = each;
    const { cwd, mailferry, shell } = openJobs({ job: { protocol: "imap", port: server.port, format: "mbox" } });
    // One mailbox is there already, so that there is something to read, and to lose.
    expect((await mailferry("run", "-q")).code).toBe(0);
    for (const { path, messages } of store.mailboxes) {
      const mailbox = addMailbox(store, path);
      addMessage(mailbox, `Subject: ${messages.length}\r\n\r\n${code} of ${call}\r\n`);
    }
    const path = join(cwd, "job", at);
    const options = `-f -qq -o /dev/null -P '${path}' -e trace=${call} -e inject=${call}:error=${code}:when=${when}`;
    // Calls are counted for each thread.
    const { stdout, stderr } = await shell(
      `export UV_THREADPOOL_SIZE=1; strace ${options} '${process.execPath}' '${program}' run --json; echo "exit $?"`,
    );
    const [document = "", last] = stdout.trimEnd().split("\n");
    expect(last, stdout + stderr).toBe(`exit ${exit}`);
    const job = onlyJob(`${document}\n`);
    expect(job.error?.message ?? "", stdout).toContain(`(${code})`);
    expect(job.error?.message).toContain(path);
    expect(stderr).not.toMatch(/\bat \S+:\d+:\d+/);

    expect((await mailferry("verify", "job", "-q")).code).toBe(0);
    expect((await mailferry("run", "-q")).code).toBe(0);
    expect(multiset(await readBack(join(cwd, "job")))).toEqual(digestsServed(store, "imap"));
    swept("injected I/O errors", 1);
  });
});
