// `account add`: from an address to an account in the job file, against servers on loopback.

import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AccountAddFlags, accountAdd } from "../../src/cli/account-add.ts";
import type { Invocation } from "../../src/cli/invocation.ts";
import { type ImapServer, startImapServer } from "../../src/demo/imap-server.ts";
import { createDemoStore } from "../../src/demo/messages.ts";
import { loadJobFile } from "../../src/jobs/load.ts";
import { answering } from "../support/answers.ts";
import { unwrapped } from "../support/hostile.ts";
import { type Call, type Caller, openCaller } from "../support/in-process.ts";

const password = "analytical-engine-canary";
let server: ImapServer;
let caller: Caller;
beforeEach(async () => {
  server = await startImapServer({ store: createDemoStore("ada", password) });
  caller = openCaller(password);
  writeFileSync(join(caller.cwd, "pw"), `${password}\n`, { mode: 0o600 });
});
afterEach(() => server.close());

const tries = () => server.log.filter((line) => /AUTHENTICATE|LOGIN/.test(line)).length;

function add(flags: AccountAddFlags, more: Partial<Invocation> = {}, options?: Call) {
  const whole = { server: `127.0.0.1:${server.port}`, ...flags };
  return caller.call((invocation) => accountAdd("ada@example.org", whole, { ...invocation, ...more }), options);
}

/** Every file below the folder but the one that is to have it. */
function filesWithCanary(): string[] {
  return readdirSync(caller.cwd, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path, "latin1").includes("canary"))
    .map((path) => path.slice(caller.cwd.length + 1));
}

const read = (name = "jobs.yaml") => readFileSync(join(caller.cwd, name), "utf8");

test("at a terminal: password, name, keep it, write it; a new file comes with a job and the schema", async () => {
  const ask = answering(password, undefined, true, true);
  const { code, stdout, stderr } = await add({}, { ask });
  expect(code, stderr).toBe(0);
  expect(ask.asked).toEqual([
    "Password of ada@example.org (not shown): ",
    "Name for it in the job file: ",
    "Keep the password here, so that jobs can run by themselves?",
    "Write this?",
  ]);
  // The whole address was refused, what stands before the @ was not; each was tried once.
  expect(tries()).toBe(2);
  expect(unwrapped(stderr)).toContain("The server did not take the log-in as ada@example.org; trying ada.");
  expect(unwrapped(stderr)).toContain("The log-in works: 5 mailboxes, 62 messages.");
  expect(read()).toMatch(/^# yaml-language-server: \$schema=\.\/mailferry\.schema\.json\n/);
  expect(stdout).toContain("    user: ada\n");
  expect(stdout).toContain("mailferry run ada --dry-run");
  const { accounts, jobs } = await loadJobFile(join(caller.cwd, "jobs.yaml"), {});
  expect(await accounts.get("ada")?.account.secret()).toBe(password);
  expect(jobs).toMatchObject([{ name: "ada", to: { archive: join(caller.cwd, "ada"), format: "maildir" } }]);
  expect(statSync(join(caller.cwd, "jobs.yaml")).mode & 0o777).toBe(0o600);
  expect(statSync(join(caller.cwd, "mailferry.schema.json")).mode & 0o777).toBe(0o644);
  expect(stdout + stderr).not.toContain("canary");
  expect(filesWithCanary().sort()).toEqual(["config/mailferry/secrets/ada@127.0.0.1", "pw"]);
});

test("without a terminal nothing is asked: the password file stays where it is", async () => {
  const { code, stdout } = await add({ user: "ada", name: "home", passwordFile: "pw" });
  expect(code).toBe(0);
  expect(read()).toContain(`password: { file: ${join(caller.cwd, "pw")} }`);
  expect(stdout).toContain("The password stays in your file:");
  expect(filesWithCanary()).toEqual(["pw"]);
  expect(tries()).toBe(1);
});

test("from standard input, kept in a file, and told to a program", async () => {
  const readInput = async () => `${password}\n`;
  const { document, stdout } = await add(
    { user: "ada", passwordStdin: true, keep: "file" },
    { readInput },
    { json: true },
  );
  expect(document).toMatchObject({
    ...{ v: 1, command: "account add", verdict: "safe", exit: { code: 0, name: "ok" }, file: "jobs.yaml", isNew: true },
    ...{ account: { name: "ada", protocol: "imap", host: "127.0.0.1", user: "ada" }, job: "ada" },
  });
  expect(document.account.password.file).toMatch(/config\/mailferry\/secrets\/ada@127\.0\.0\.1$/);
  expect(stdout).not.toContain("canary");
});

test("a job file that is there keeps every line and comment, and gets no job", async () => {
  const before = `# mine
version: 1
accounts:
  ada: { protocol: imap, host: imap.example.org, user: ada, password: { env: PW } }   # the old one
jobs:
  - { name: nightly, from: ada, to: { archive: ./old, format: mbox } }
`;
  writeFileSync(join(caller.cwd, "jobs.yaml"), before, { mode: 0o640 });
  const { code, stdout } = await add({ user: "ada", passwordFile: "pw", keep: "no" });
  expect(code).toBe(0);
  const after = read();
  const [head = "", tail = ""] = before.split("jobs:\n");
  expect(after.startsWith(head)).toBe(true);
  expect(after.endsWith(`jobs:\n${tail}`)).toBe(true);
  expect(after).toContain("  ada-2:\n    protocol: imap\n    host: 127.0.0.1\n");
  expect(after).toContain("    password: { env: MAIL_PASSWORD_ADA_2 }\n");
  expect(stdout).toContain("Added to ./jobs.yaml:");
  expect(statSync(join(caller.cwd, "jobs.yaml")).mode & 0o777).toBe(0o640);
  await expect(add({ user: "ada", passwordFile: "pw" })).rejects.toThrow(/is in jobs\.yaml already, as "ada-2"/);
  await expect(add({ user: "x", name: "ada", passwordFile: "pw" })).rejects.toThrow(/--name gives another/);
});

test("a wrong password is tried once for each name, and nothing is written", async () => {
  writeFileSync(join(caller.cwd, "pw"), "wrong-canary\n");
  await expect(add({ passwordFile: "pw" })).rejects.toMatchObject({ code: "A201" });
  expect(tries()).toBe(2);
  expect(readdirSync(caller.cwd).filter((name) => /jobs|config|schema/.test(name))).toEqual([]);
});

test("what can't be known without a terminal is named with its flag", async () => {
  const call = (typed: string | undefined, flags: AccountAddFlags) =>
    caller.call((invocation) => accountAdd(typed, flags, invocation));
  await expect(call(undefined, {})).rejects.toThrow("mailferry account add ada@example.org");
  await expect(call("ada@example.org", {})).rejects.toThrow(/--password-file FILE or --password-stdin/);
  await expect(add({ passwordFile: "pw", name: "-x" })).rejects.toThrow(/can't be the name of an account/);
  expect(server.connections()).toBe(0);
});

test("whoever says no at the end has nothing written", async () => {
  const { code, stdout } = await add({ user: "ada", name: "x" }, { ask: answering(password, false, false) });
  expect(code).toBe(130);
  expect(stdout).toContain("Nothing was written to ./jobs.yaml.");
  expect(readdirSync(caller.cwd)).not.toContain("jobs.yaml");
});

test("speaks French to whoever does", async () => {
  const { stdout } = await add({ user: "ada", passwordFile: "pw" }, {}, { lang: "fr" });
  expect(stdout).toContain("# Quel courrier est sauvegardé, et où.");
  expect(stdout).toContain("./jobs.yaml est écrit. Ensuite\u00a0:");
});
