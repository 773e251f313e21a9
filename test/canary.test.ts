// A password that nobody else would ever use, and a search for it everywhere it must not be.

import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ImapServer, startImapServer } from "../src/demo/imap-server.ts";
import { createMailStore } from "../src/demo/mail-store.ts";
import { createDemoStore } from "../src/demo/messages.ts";
import { type Pop3Server, startPop3Server } from "../src/demo/pop3-server.ts";
import { canary, expectNoTrace, filesWithTraces, processesWith } from "./support/canary.ts";
import { runCli } from "./support/cli.ts";
import { temporaryFolder } from "./support/jobs.ts";

const secrets = ["secrets/ada", "secrets/wrong"];

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
  other: { protocol: pop3, host: 127.0.0.1, port: ${pop3.port}, tls: none, user: ada, password: { command: [sh, -c, "env > env-command; cat secrets/ada"] } }
jobs:
  - name: one
    from: imap
    to: { archive: ./one, format: maildir }
    hooks: { before: [sh, -c, env > env-before], after: [sh, -c, env > env-after] }
  - { name: four, from: other, to: { archive: ./four, format: mbox } }
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

/** All of them with each, and more, is in canary.deep.test.ts. */
const few = commands.filter(([command], index) => index % 4 === 0 || command === "run");
const fewest = commands.filter((words) => words.join(" ") === "run --all -v");

describe.each([
  ["the environment", "{ env: CANARY }", few],
  ["a file", "{ file: ./secrets/ada }", fewest],
  ["a command", "{ command: [cat, ./secrets/ada] }", fewest],
])("a password from %s", (_, password, tried) => {
  it("is in no file, no output, no argument list", async () => {
    writeJobs(password);
    // Elsewhere it is a variable like any other, which the commands of a job are given.
    const given = password.includes("env:") ? { CANARY: canary } : undefined;
    for (const args of tried) {
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
    expect(readFileSync(join(folder, "env-command"), "utf8")).toMatch(/^PATH=/m);
    expect(filesWithTraces(folder, secrets)).toEqual([]);
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
  expect(filesWithTraces(folder, secrets)).toEqual([]);
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
  expect(filesWithTraces(folder, secrets)).toEqual([]);
});

/** The search itself must be able to find something. */
it("finds the canary where it is", () => {
  expect(filesWithTraces(join(folder, "secrets"), []).sort()).toEqual(["ada", "wrong"]);
});
