// From a mail address to an archive that was compared with the server, as a newcomer goes.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { BackupFlags } from "../../src/cli/backup/flags.ts";
import { backup, guidedStart } from "../../src/cli/backup.ts";
import { type Invocation, Stopped } from "../../src/cli/invocation.ts";
import { run } from "../../src/cli/run.ts";
import { type ImapServer, startImapServer } from "../../src/demo/imap-server.ts";
import { addMessage } from "../../src/demo/mail-store.ts";
import { createDemoStore } from "../../src/demo/messages.ts";
import { startPop3Server } from "../../src/demo/pop3-server.ts";
import { canary, filesWithTraces, traces } from "../support/canary.ts";
import { makeCertificate } from "../support/certificates.ts";
import { lastLine } from "../support/desk.ts";
import { unwrapped } from "../support/hostile.ts";
import { type Call, type Caller, openCaller } from "../support/in-process.ts";
import { type Answers, answering } from "../support/typed-answers.ts";

const address = "ada@example.org";

let server: ImapServer;
let caller: Caller;

beforeEach(async () => {
  server = await startImapServer({ store: createDemoStore("ada", canary) });
  caller = openCaller(canary);
});
afterEach(() => server.close());

const here = (): BackupFlags => ({ server: `127.0.0.1:${server.port}` });
const archive = () => join(caller.cwd, "mailferry", address);

/** At a terminal, with these answers. */
async function sit(answers: Answers, flags: BackupFlags = {}, call: Call = {}) {
  return caller.call(
    (invocation) => backup([address], flags, { ...invocation, ask: answers.ask, atTerminal: true }),
    call,
  );
}

/** Nobody sits there; the password is piped in. */
async function pipe(password: string, flags: BackupFlags = here(), call: Call = {}) {
  const readInput = async () => `${password}\n`;
  return caller.call(
    (invocation) => backup([address], { passwordStdin: true, ...flags }, { ...invocation, readInput }),
    call,
  );
}

test("three answers lead from the program's name to the verdict", async () => {
  const answers = answering(address, canary, "", "");
  const { code, stdout, stderr } = await caller.call((invocation) =>
    guidedStart({ ...invocation, ask: answers.ask, atTerminal: true }, here()),
  );
  expect(code).toBe(0);
  expect(answers.asked).toEqual([
    "Your mail address:",
    "Password of ada@example.org (not shown, not kept):",
    "Folder for the archive (Enter starts):",
    // After the verdict, and left with Enter.
    "Write it?",
  ]);
  expect(unwrapped(stderr)).toContain("Nothing is deleted or marked read on the server");
  expect(stderr).toContain("5 mailboxes, 62 messages, 75.9 kB.");
  expect(stdout).toContain("Verified: 62 of 62 messages written in this run read again, intact");
  expect(stdout).toContain("Compared: all 62 messages that are on the server are in the archive");
  expect(stdout).toContain(`Your 62 messages are safe, in ~/mailferry/${address}`);
  expect(stdout).toContain(`  mailferry verify ./mailferry/${address}`);
  expect(lastLine(stdout)).toBe("SAFE: all 62 messages are in the archive.");
  expect(existsSync(join(archive(), "mailferry.json"))).toBe(true);
});

test("the same in French", async () => {
  const { stdout, stderr } = await sit(answering(canary, "", ""), here(), { lang: "fr" });
  expect(unwrapped(stderr)).toContain("Rien n’est supprimé ni marqué comme lu sur le serveur");
  expect(stdout).toContain(`Vos 62 messages sont en sécurité, dans ~/mailferry/${address}`);
  expect(lastLine(stdout)).toContain("À L’ABRI");
});

test("the second time only the password is asked for, and the archive goes on", async () => {
  await sit(answering(canary, "", ""), here());
  const connections = server.log.length;
  const again = answering(canary);
  const { code, stdout, stderr } = await sit(again);
  expect([code, again.asked.length]).toEqual([0, 1]);
  expect(stderr).toContain(`As before: 127.0.0.1, port ${server.port}`);
  expect(stdout).toContain("Nothing new");
  // The log-in name that was refused the first time is not tried again.
  expect(server.log.slice(connections).filter((line) => / NO /.test(line))).toEqual([]);
  expect(readdirSync(join(caller.cwd, "mailferry"))).toEqual([address]);
});

test("the whole address is tried, then what stands before its @, each once", async () => {
  const { stderr } = await sit(answering(canary, "", ""), here());
  expect(stderr).toContain("The server did not take the log-in as ada@example.org; trying ada.");
  expect(stderr.match(/trying/g)).toHaveLength(1);
  const marker = JSON.parse(readFileSync(join(archive(), "mailferry.json"), "utf8"));
  expect(marker.account.user).toBe("ada");
});

test("a password that is refused twice ends it, and nothing is written", async () => {
  const answers = answering("wrong", "wrong, too");
  const { code, stdout } = await sit(answers, here());
  expect([code, answers.asked.length]).toEqual([4, 2]);
  expect(stdout).toContain("MF-A201");
  expect(lastLine(stdout)).toContain("FAILED");
  expect(existsSync(archive())).toBe(false);
});

test("a typing mistake may be put right", async () => {
  const { code } = await sit(answering("wrong", canary, "", ""), here());
  expect(code).toBe(0);
});

test("unattended, a wrong password is left alone after three runs, whatever the forms of the name", async () => {
  const attempts = () => server.log.filter((line) => line.includes("AUTHENTICATE")).length;
  for (let run = 1; run <= 3; run += 1) expect((await pipe("wrong")).code).toBe(4);
  expect(attempts()).toBe(6);
  const { code, stdout } = await pipe("wrong");
  expect([code, attempts()]).toEqual([4, 6]);
  expect(unwrapped(stdout)).toContain("no log-in was tried");
});

test("the form of the name that is refused counts for nothing where the other is granted", async () => {
  for (let run = 1; run <= 4; run += 1) expect((await pipe(canary)).code).toBe(0);
});

test("mail that comes while the copy runs is brought before the verdict", async () => {
  const store = createDemoStore("ada", canary);
  const late = await startImapServer({ store });
  try {
    const { code, stdout } = await pipe(
      canary,
      { server: `127.0.0.1:${late.port}` },
      {
        events: true,
        heard(text) {
          const box = store.mailboxes[0];
          if (text.includes('"job-finished"') && box !== undefined) addMessage(box, "Subject: late\r\n\r\nhello\r\n");
        },
      },
    );
    const report = JSON.parse(lastLine(stdout) ?? "");
    expect([code, report.verdict, report.jobs[0].messages.copied]).toEqual([0, "safe", 63]);
    expect(report.server.missing).toEqual([]);
  } finally {
    await late.close();
  }
});

test("stopped in the middle, the same command goes on, and nothing is there twice", async () => {
  const stop = new AbortController();
  const first = await pipe(canary, here(), {
    events: true,
    signal: stop.signal,
    heard: (text) => text.includes('"batch-committed"') && stop.abort(new Stopped("interrupted")),
  });
  expect(first.code).toBe(130);
  const { code, stdout } = await pipe(canary, {});
  expect(code).toBe(0);
  expect(lastLine(stdout)).toBe("SAFE: all 62 messages are in the archive.");
  const files = readdirSync(archive(), { recursive: true, encoding: "utf8" }).filter((name) => /\/cur\/./.test(name));
  expect(files).toHaveLength(62);
});

test("stopped while it is compared, what was brought is told, and nothing more is asked", async () => {
  const stop = new AbortController();
  const { code, stdout } = await pipe(canary, here(), {
    events: true,
    signal: stop.signal,
    heard: (text) => text.includes('"job-finished"') && stop.abort(new Stopped("interrupted")),
  });
  const report = JSON.parse(lastLine(stdout) ?? "");
  expect([code, report.verdict, report.jobs[0].messages.copied, report.server]).toEqual([0, "safe", 62, undefined]);
});

test("Ctrl-C at the last question is a no to it, and takes nothing back", async () => {
  const answers = answering(canary, "");
  const confirm = async () => {
    throw new Stopped("interrupted");
  };
  const { code, stdout } = await sit({ ...answers, ask: { ...answers.ask, confirm } }, here());
  expect([code, lastLine(stdout)]).toEqual([0, "SAFE: all 62 messages are in the archive."]);
});

test("no password is asked for, and none sent, where the certificate is another's", async () => {
  const { key, cert } = await makeCertificate("imap.example.net");
  const other = await startImapServer({ store: createDemoStore(), tls: { mode: "implicit", key, cert } });
  try {
    const nothing = answering();
    await expect(sit(nothing, { server: `127.0.0.1:${other.port}` })).rejects.toMatchObject({ code: "N303" });
    expect([nothing.asked, other.log]).toEqual([[], []]);
  } finally {
    await other.close();
  }
});

test("where password log-ins are over, that is said before one is asked for", async () => {
  const nothing = answering();
  const call = (invocation: Invocation) => backup(["ada@outlook.com"], {}, { ...invocation, ask: nothing.ask });
  await expect(caller.call(call)).rejects.toMatchObject({ code: "A203" });
});

test("an archive of another account is never written to, nor another folder", async () => {
  mkdirSync(archive(), { recursive: true });
  writeFileSync(join(archive(), "thesis.txt"), "all of it");
  await pipe(canary);
  expect(readdirSync(archive())).toEqual(["thesis.txt"]);
  expect(existsSync(join(`${archive()}-2`, "mailferry.json"))).toBe(true);
  const theirs = { ...here(), to: `${archive()}-2`, user: "grace" };
  await expect(pipe(canary, theirs)).rejects.toMatchObject({ code: "D505" });
  await expect(sit(answering(), { ...here(), to: archive() })).rejects.toMatchObject({ code: "D506" });
});

test("over POP3 it says what is not brought", async () => {
  const pop3 = await startPop3Server({ store: createDemoStore(address, canary) });
  try {
    const { code, stdout, stderr } = await pipe(canary, { server: `127.0.0.1:${pop3.port}`, format: "mbox" });
    expect(code).toBe(0);
    expect(stderr).toContain("POP3 has the inbox only");
    expect(stdout).toContain("Your 34 messages are safe");
  } finally {
    await pop3.close();
  }
});

test("a rehearsal writes nothing, and remembers nothing", async () => {
  const { code, stdout } = await pipe(canary, here(), { dryRun: true });
  expect(code).toBe(0);
  expect(lastLine(stdout)).toMatch(/^REHEARSAL: 62 messages would be copied/);
  const files = readdirSync(caller.cwd, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files).toEqual([]);
});

test("the password is nowhere but on its way to the server", async () => {
  const { stdout, stderr } = await pipe(canary);
  await pipe(`${canary}-wrong`, {});
  expect(traces.filter((trace) => stdout.includes(trace.toString()) || stderr.includes(trace.toString()))).toEqual([]);
  expect(filesWithTraces(caller.cwd, [])).toEqual([]);
});

test("a job file is written for who wants it, once, and the job in it does the same", async () => {
  await sit(answering(canary, "", "y"), here());
  const path = join(caller.cwd, "config", "mailferry", "jobs.yaml");
  const text = readFileSync(path, "utf8");
  expect(text).not.toContain(canary);
  const { code, stdout } = await caller.call((invocation) => run([], false, invocation));
  expect(code).toBe(0);
  expect(stdout).toContain("Nothing new");
  await sit(answering(canary));
  expect(readFileSync(path, "utf8")).toBe(text);
});

test("--json is one document, with the comparison in it", async () => {
  const { document } = await pipe(canary, here(), { json: true });
  expect(document).toMatchObject({ v: 1, command: "backup", verdict: "safe", server: { missing: [], differing: [] } });
});
