// What --json and --events really print is what the schemas say: a key that they do not know fails here. Another command with
// --json: its type goes into src/cli/documents.ts, a call of it into the list below, and `npm run schemas` writes the rest.

import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { accountAdd } from "../../src/cli/account-add.ts";
import { accountList } from "../../src/cli/account-list.ts";
import { accountTest } from "../../src/cli/account-test.ts";
import { backup } from "../../src/cli/backup.ts";
import { printScript } from "../../src/cli/completion/scripts.ts";
import { check, show as showConfig } from "../../src/cli/config.ts";
import { configInit } from "../../src/cli/config-init.ts";
import { daemon } from "../../src/cli/daemon.ts";
import { demo } from "../../src/cli/demo.ts";
import { stay } from "../../src/cli/demo-stay.ts";
import { doctor } from "../../src/cli/doctor.ts";
import { failureDocument } from "../../src/cli/errors.ts";
import { explain } from "../../src/cli/explain.ts";
import { type Invocation, Stopped } from "../../src/cli/invocation.ts";
import { ls } from "../../src/cli/ls.ts";
import { notifyTest } from "../../src/cli/notify.ts";
import { report } from "../../src/cli/report.ts";
import { restore } from "../../src/cli/restore.ts";
import { run } from "../../src/cli/run.ts";
import { remove, show as showSchedule } from "../../src/cli/schedule.ts";
import { status } from "../../src/cli/status.ts";
import { verify } from "../../src/cli/verify.ts";
import { type ImapServer, startImapServer } from "../../src/demo/imap-server.ts";
import { createMailStore } from "../../src/demo/mail-store.ts";
import { createDemoStore } from "../../src/demo/messages.ts";
import { jsonText } from "../../src/formats/json-text.ts";
import { makeCertificate } from "../support/certificates.ts";
import { startHttp } from "../support/http.ts";
import { type Call, type Caller, openCaller } from "../support/in-process.ts";

const file = (name: string) => new URL(`../../${name}`, import.meta.url);
const schemaOf = (name: string) => JSON.parse(readFileSync(file(`schemas/${name}.schema.json`), "utf8"));

/** Of one definition alone, so that what is wrong is told of the document that is meant. */
function validatorOf(name: string, definition: string) {
  const { $schema, definitions } = schemaOf(name);
  return z.fromJSONSchema({ $schema, definitions, $ref: `#/definitions/${definition}` });
}

const password = "analytical-engine";
const closing: (() => Promise<unknown>)[] = [];
let caller: Caller;
let server: ImapServer;

beforeEach(async () => {
  caller = openCaller(password);
  const store = createDemoStore("ada", password);
  const [old, fresh, http] = await Promise.all([
    startImapServer({ store }),
    startImapServer({ store: createMailStore("ada", password) }),
    startHttp(),
  ]);
  server = old;
  closing.push(
    () => old.close(),
    () => fresh.close(),
    async () => http[Symbol.asyncDispose](),
  );
  const account = (port: number) => {
    const place = { protocol: "imap", host: "127.0.0.1", port, tls: "none" };
    return { ...place, user: "ada", password: { env: "PW" } };
  };
  writeFileSync(join(caller.cwd, "mail.mbox"), "From a@b Thu Nov 26 10:00:00 2026\nSubject: a\n\nhello\n\n");
  const local = { from: { mbox: "./mail.mbox" }, schedule: "30 2 * * *", staleAfter: "36h" };
  const jobs = [
    {
      name: "fetch",
      from: "old",
      to: { archive: "./ada", format: "maildir" },
      pack: { as: "zip", every: "run", to: "./packs" },
    },
    { name: "move", from: "old", to: { account: "new" }, mailboxes: { include: ["INBOX"] } },
    { name: "local", to: { archive: "./local", format: "mbox" }, ...local },
    { name: "away", from: { mbox: "./gone" }, to: { archive: "./away", format: "mbox" }, when: { pathExists: "./no" } },
    {
      name: "broken",
      from: { mbox: "./gone" },
      to: { archive: "./broken", format: "mbox" },
      hooks: { before: ["true"] },
    },
  ];
  const accounts = { old: account(old.port), new: account(fresh.port) };
  const notify = { webhook: [{ url: `${http.url}/hook` }], ping: { url: `${http.url}/gone` } };
  const defaults = { timezone: "UTC", retry: { attempts: 1, maxWait: "1ms" } };
  writeFileSync(join(caller.cwd, "jobs.yaml"), JSON.stringify({ version: 1, defaults, accounts, jobs, notify }), {
    mode: 0o600,
  });
});
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

type Command = (invocation: Invocation) => Promise<number>;

const runs =
  (...names: string[]): Command =>
  (invocation) =>
    run(names, false, invocation, "person");

/** The document of a command; of one that fails, what main.ts prints. */
async function documentOf(command: Command, options: Call = {}): Promise<unknown> {
  try {
    const { stdout } = await caller.call(command, { json: true, quiet: true, ...options });
    return JSON.parse(stdout);
  } catch (error) {
    return JSON.parse(jsonText(failureDocument("verify", error)));
  }
}

async function expectedOf(definition: string, command: Command, options?: Call): Promise<unknown> {
  const document = await documentOf(command, options);
  const { error } = validatorOf("json", definition).safeParse(document);
  expect(error?.issues ?? [], `${definition}: ${JSON.stringify(document).slice(0, 300)}`).toEqual([]);
  return document;
}

test("every document of --json is as its schema says", async () => {
  const { cwd } = caller;
  await expectedOf("RunDocument", runs("fetch", "move"), { dryRun: true });
  await expectedOf("RunDocument", runs("fetch", "move", "local", "away", "broken"));
  await expectedOf("VerifyDocument", (invocation) => verify("ada", { server: true }, invocation));
  await expectedOf("VerifyMoveDocument", (invocation) => verify("move", { server: true }, invocation));
  await expectedOf("VerifyMoveDocument", (invocation) => verify("move", {}, invocation));
  await expectedOf("ListDocument", (invocation) => ls("ada", undefined, invocation));
  await expectedOf("ListMailboxDocument", (invocation) => ls("ada", "INBOX", invocation));
  await expectedOf("ReportDocument", (invocation) => report(undefined, {}, invocation));
  await expectedOf("StatusDocument", (invocation) => status([], {}, invocation));
  await expectedOf("RunDocument", (invocation) => restore("ada", { to: "./back", mailbox: ["INBOX"] }, invocation));
  await expectedOf("ScheduleDocument", (invocation) => showSchedule([], { as: "systemd" }, callable(invocation)));
  await expectedOf("ScheduleRemoveDocument", (invocation) => remove(invocation));
  await expectedOf("ConfigCheckDocument", (invocation) => check(invocation));
  await expectedOf("ConfigShowDocument", (invocation) => showConfig(invocation));
  await expectedOf("NotifyTestDocument", (invocation) => notifyTest(invocation));
  await expectedOf("DoctorDocument", (invocation) => doctor({ network: true }, invocation));
  await expectedOf("ExplainDocument", (invocation) => explain("A202", invocation));
  await expectedOf("ExplainListDocument", (invocation) => explain(undefined, invocation));
  const tour = await expectedOf("DemoDocument", (invocation) => demo(invocation));
  rmSync((tour as { directory: string }).directory, { recursive: true });

  appendFileSync(join(cwd, "local", "mbox", "mail.mbox"), "x");
  await expectedOf("VerifyDocument", (invocation) => verify("local", {}, invocation));
  rmSync(join(cwd, "local", "mbox"), { recursive: true });
  await expectedOf("VerifyDocument", (invocation) => verify("local", { repair: true }, invocation));
  await expectedOf("FailedDocument", (invocation) => verify("nowhere", {}, invocation));
  writeFileSync(join(cwd, "jobs.yaml"), "version: 2\njobs: {}\n", { mode: 0o600 });
  await expectedOf("ConfigCheckDocument", (invocation) => check(invocation));
  await expectedOf("FailedDocument", runs("fetch"));
  // And all of them are in the union.
  const { anyOf, definitions } = schemaOf("json");
  const named = Object.keys(definitions).filter((name) => name.endsWith("Document"));
  expect(anyOf.map(({ $ref }: { $ref: string }) => $ref.replace(/.*\//, "")).sort()).toEqual(named.sort());
});

const address = "ada@example.org";

/** Nobody is there to be asked; a file has the password. */
function unasked() {
  writeFileSync(join(caller.cwd, "pw"), `${password}\n`, { mode: 0o600 });
  return { server: `127.0.0.1:${server.port}`, passwordFile: "pw" };
}

test("so is every document of the commands that set up", async () => {
  const flags = unasked();
  const backedUp = await expectedOf("BackupDocument", (invocation) => backup([address], flags, invocation));
  expect(backedUp).toHaveProperty("server.missing", []);
  await expectedOf("RunDocument", (invocation) => backup([address], flags, invocation), { dryRun: true });
  const config = join("new", "jobs.yaml");
  await expectedOf("ConfigInitDocument", (invocation) => configInit(invocation), { config });
  await expectedOf("FailedDocument", (invocation) => configInit(invocation), { config });
  const add = (invocation: Invocation) => accountAdd(address, flags, invocation);
  const added = await expectedOf("AccountAddDocument", add, { config: join("added", "jobs.yaml") });
  expect(added).toMatchObject({ isNew: true, account: { user: "ada", tls: "none" }, job: "ada" });
  await expectedOf("CompletionDocument", (invocation) => printScript("bash", invocation));
  const end = new AbortController();
  const heard = () => end.abort();
  await expectedOf("DemoStayDocument", (invocation) => stay(invocation), { signal: end.signal, heard });

  const { key, cert, fingerprint } = await makeCertificate();
  const secure = await startImapServer({
    store: createDemoStore("ada", password),
    tls: { mode: "implicit", key, cert },
  });
  closing.push(() => secure.close());
  const account = { protocol: "imap", host: "127.0.0.1", user: "ada", password: { env: "PW" } };
  const accounts = {
    plain: { ...account, port: server.port, tls: "none" },
    secure: { ...account, port: secure.port, tlsFingerprint: fingerprint },
    closed: { ...account, port: 1, tls: "none", password: { command: ["pass", "show", "ada"] } },
  };
  const jobs = [{ name: "nightly", from: "plain", to: { archive: "./nightly", format: "mbox" } }];
  writeFileSync(join(caller.cwd, "jobs.yaml"), JSON.stringify({ version: 1, accounts, jobs }), { mode: 0o600 });
  await expectedOf("AccountListDocument", (invocation) => accountList(invocation));
  const tested = await expectedOf("AccountTestDocument", (invocation) => accountTest([], invocation));
  const verdicts = [{ verdict: "safe" }, { verdict: "safe" }, { verdict: "failed" }];
  expect(tested).toMatchObject({ verdict: "failed", accounts: verdicts });
});

/** As main.ts hands it over where the program is installed. */
function callable(invocation: Invocation): Invocation {
  return { ...invocation, executable: ["/usr/bin/node", "/usr/lib/mailferry/main.js"] };
}

test("every line of --events is as its schema says", async () => {
  const { stdout } = await caller.call(runs("fetch", "move", "away", "broken"), { events: true });
  const flags = unasked();
  const backedUp = await caller.call((invocation) => backup([address], flags, invocation), { events: true });
  const stop = new AbortController();
  const watched = await caller.call((invocation) => daemon(invocation), {
    events: true,
    clock: () => new Date("2026-11-26T02:00Z"),
    signal: stop.signal,
    wait: async () => stop.abort(new Stopped("terminated")),
  });
  const lines = `${stdout}${backedUp.stdout}${watched.stdout}`.trimEnd().split("\n");
  const { $schema, definitions, anyOf } = schemaOf("events");
  const schema = z.fromJSONSchema({ $schema, definitions, anyOf });
  for (const line of lines) expect(schema.safeParse(JSON.parse(line)).success, line).toBe(true);
  const types = new Set(lines.map((line) => JSON.parse(line).type));
  for (const type of ["job-started", "mailbox-listed", "batch-committed", "packing", "job-finished", "run-finished"])
    expect(types).toContain(type);
  expect(types).toContain("daemon-started");
});

test("a key that the schema does not know is found", () => {
  const head = { v: 1, command: "doctor", verdict: "safe", exit: { code: 0, name: "ok" } };
  const doctorDocument = validatorOf("json", "DoctorDocument");
  expect(doctorDocument.safeParse({ ...head, checks: [] }).success).toBe(true);
  expect(doctorDocument.safeParse({ ...head, checks: [], more: 1 }).success).toBe(false);
  expect(doctorDocument.safeParse({ ...head, checks: [{ name: "a", level: "ok", text: "", more: 1 }] }).success).toBe(
    false,
  );
});
