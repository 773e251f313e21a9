// A password that nobody else would ever use, and a search for it everywhere it must not be.

import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ImapServer, startImapServer } from "../src/demo/imap-server.ts";
import { createMailStore } from "../src/demo/mail-store.ts";
import { createDemoStore } from "../src/demo/messages.ts";
import { type Pop3Server, startPop3Server } from "../src/demo/pop3-server.ts";
import { type CliResult, runCli } from "./support/cli.ts";
import { temporaryFolder } from "./support/jobs.ts";

const canary = "cAn4ry-9f3c1e77-ö";
/** The password itself, and as it travels in AUTHENTICATE PLAIN. */
const traces = [
  Buffer.from(canary),
  Buffer.from(encodeURIComponent(canary)),
  Buffer.from(Buffer.from(`\0ada\0${canary}`).toString("base64")),
  Buffer.from(Buffer.from(`\0ada\0${canary}-wrong`).toString("base64")),
  Buffer.from(Buffer.from(canary).toString("base64")),
  Buffer.from(createHash("md5").update(canary).digest("hex")),
];

let folder: string;
let imap: ImapServer;
let pop3: Pop3Server;
let target: ImapServer;
/** Command lines of all processes of this machine that held the canary while a log-in or a fetch was going on. */
let seenInProcesses: string[];

beforeEach(async () => {
  const store = createDemoStore("ada", canary);
  const look = () => {
    seenInProcesses.push(...processesWith(canary));
    return undefined;
  };
  seenInProcesses = [];
  imap = await startImapServer({ store, script: { onCommand: look } });
  pop3 = await startPop3Server({ store, script: { onCommand: look } });
  target = await startImapServer({ store: createMailStore("ada", canary), script: { onCommand: look } });
  folder = temporaryFolder();
  mkdirSync(join(folder, "secrets"), { mode: 0o700 });
  writeFileSync(join(folder, "secrets", "ada"), `${canary}\n`, { mode: 0o600 });
  writeFileSync(join(folder, "secrets", "wrong"), `${canary}-wrong\n`, { mode: 0o600 });
});
afterEach(async () => {
  await imap.close();
  await pop3.close();
  await target.close();
});

function writeJobs(password: string): void {
  const path = join(folder, "jobs.yaml");
  writeFileSync(
    path,
    `version: 1
defaults: { retry: { attempts: 1, maxWait: 1ms } }
accounts:
  imap: { protocol: imap, host: 127.0.0.1, port: ${imap.port}, tls: none, user: ada, password: ${password} }
  pop: { protocol: pop3, host: 127.0.0.1, port: ${pop3.port}, tls: none, user: ada, password: ${password} }
  new: { protocol: imap, host: 127.0.0.1, port: ${target.port}, tls: none, user: ada, password: ${password} }
jobs:
  - name: one
    from: imap
    to: { archive: ./one, format: maildir }
    hooks: { before: [sh, -c, env > env-before], after: [sh, -c, env > env-after] }
  - { name: two, from: pop, to: { archive: ./two, format: mbox } }
  - { name: three, from: imap, to: { account: new, keepRefused: ./refused } }
report: { html: ./reports, metrics: ./mailferry.prom }
`,
  );
  chmodSync(path, 0o600);
}

const commands = [
  ["config", "check"],
  ["config", "show"],
  ["config", "show", "--json"],
  ["run", "--all", "--dry-run", "-v"],
  ["run", "--all", "-v"],
  ["run", "--all", "--json"],
  ["run", "--all", "--events"],
  ["verify", "./one"],
  ["verify", "./two", "--json"],
  ["ls", "./one", "--json"],
  ["ls", "./one", "INBOX"],
  ["verify", "./one", "--server", "--json"],
  ["verify", "three", "--server"],
  ["report", "three", "--json"],
  ["report", "three", "--html", "three.html"],
  ["restore", "./one", "--to", "new", "--mailbox", "Sent"],
  ["restore", "./one", "--to", "./out", "--mailbox", "Sent"],
];

describe.each([
  ["the environment", "{ env: CANARY }"],
  ["a file", "{ file: ./secrets/ada }"],
  ["a command", "{ command: [cat, ./secrets/ada] }"],
])("a password from %s", (_, password) => {
  it("is in no file, no output, no argument list", async () => {
    writeJobs(password);
    // Elsewhere it is a variable like any other, which the commands of a job are given.
    const given = password.includes("env:") ? { CANARY: canary } : undefined;
    for (const args of commands) {
      const result = await runCli(args, {
        cwd: folder,
        env: { ...given, XDG_STATE_HOME: join(folder, "state") },
      });
      expect(result.code, `${args.join(" ")}: ${result.stdout} ${result.stderr}`).toBe(0);
      expectNoTrace(result);
    }
    expect(imap.log.some((line) => /LOGIN|AUTHENTICATE/.test(line))).toBe(true);
    expect(seenInProcesses).toEqual([]);
    for (const name of ["env-before", "env-after"]) {
      expect(readFileSync(join(folder, name), "utf8")).toMatch(/^MAILFERRY_JOB=one$/m);
    }
    expect(filesWithTraces(folder)).toEqual([]);
  });
});

it("a refused password is in no error either", async () => {
  writeJobs("{ file: ./secrets/wrong }");
  for (const args of [
    ["run", "--all", "-v"],
    ["run", "--all", "--json"],
    ["run", "--all", "--events"],
  ]) {
    const result = await runCli(args, { cwd: folder });
    expect(result.code).toBe(4);
    expectNoTrace(result);
  }
  expect(filesWithTraces(folder)).toEqual([]);
});

it("a server that sends the password back does not get it into the report", async () => {
  writeJobs("{ file: ./secrets/wrong }");
  pop3.script.onCommand = (command) =>
    command.startsWith("PASS") || command.startsWith("AUTH") ? { reply: `-ERR no ${canary}-wrong\r\n` } : undefined;
  const plain = Buffer.from(`\0ada\0${canary}-wrong`).toString("base64");
  imap.script.onCommand = ({ name, tag }) =>
    name === "LOGIN" || name === "AUTHENTICATE"
      ? { reply: `${tag} NO [AUTHENTICATIONFAILED] not ${canary}-wrong, ${plain}\r\n` }
      : undefined;
  for (const job of ["one", "two"]) {
    const result = await runCli(["run", job, "--json"], { cwd: folder });
    expect(result.code).toBe(4);
    expect(result.stdout).toContain("***");
    expectNoTrace(result);
  }
});

it("a password written into the job file is refused without being shown", async () => {
  writeJobs(canary);
  for (const args of [
    ["run", "--all"],
    ["run", "--all", "--json"],
    ["config", "check"],
    ["config", "show"],
  ]) {
    const result = await runCli(args, { cwd: folder });
    expect(result.code).toBe(6);
    expectNoTrace(result);
  }
  rmSync(join(folder, "jobs.yaml"));
  expect(filesWithTraces(folder)).toEqual([]);
});

function expectNoTrace({ stdout, stderr }: CliResult): void {
  for (const trace of traces) {
    expect(stdout).not.toContain(trace.toString());
    expect(stderr).not.toContain(trace.toString());
  }
}

/** The search itself must be able to find something. */
it("finds the canary where it is", () => {
  expect(filesWithTraces(join(folder, "secrets"), []).sort()).toEqual(["ada", "wrong"]);
});

function filesWithTraces(root: string, except: readonly string[] = ["secrets/ada", "secrets/wrong"]): string[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => !except.includes(name) && statSync(join(root, name)).isFile())
    .filter((name) => {
      const octets = readFileSync(join(root, name));
      return traces.some((trace) => octets.includes(trace));
    });
}

function processesWith(text: string): string[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8");
      } catch {
        return "";
      }
    })
    .filter((line) => line.includes(text));
}
