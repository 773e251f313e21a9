// The canary over every command, every way to log in, and every way in which a run may fail, with Node's own debug log on.

import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ImapServer, startImapServer } from "../src/demo/imap-server.ts";
import { createMailStore, type MailStore } from "../src/demo/mail-store.ts";
import { createDemoStore } from "../src/demo/messages.ts";
import { type Pop3Server, startPop3Server } from "../src/demo/pop3-server.ts";
import { canary, environmentsWithTraces, expectNoTrace, filesWithTraces, processesWith } from "./support/canary.ts";
import { makeCertificate } from "./support/certificates.ts";
import { type CliResult, runCli, startCli } from "./support/cli.ts";
import { type HttpStage, startHttp } from "./support/http.ts";
import { temporaryFolder } from "./support/jobs.ts";
import { type OverhearingOptions, startOverhearing } from "./support/overhearing-server.ts";
import { type SmtpStage, startSmtp } from "./support/smtp.ts";
import { swept } from "./support/sweep-counts.ts";

const secrets = ["secrets/ada", "secrets/wrong", "jobs.yaml"];
/** Node tells what it does on stderr, of every connection and every program that is started. */
const debug = { NODE_DEBUG: "net,tls,stream,child_process,dns,timer,http" };

let folder: string;
let store: MailStore;
let http: HttpStage;
let smtp: SmtpStage;
const closing: { close(): Promise<unknown> }[] = [];
/** What was seen of the canary in other processes while servers were spoken to. */
let seen: string[];

beforeEach(async () => {
  folder = temporaryFolder();
  store = createDemoStore("ada", canary);
  seen = [];
  [http, smtp] = await Promise.all([startHttp(), startSmtp()]);
  for (const name of ["secrets", "bin"]) mkdirSync(join(folder, name), { mode: 0o700 });
  writeFileSync(join(folder, "secrets", "ada"), `${canary}\n`, { mode: 0o600 });
  writeFileSync(join(folder, "secrets", "wrong"), `${canary}-wrong\n`, { mode: 0o600 });
  // Programs of the system that stand in for its own, and keep what they were given.
  for (const name of ["systemctl", "crontab"]) {
    const path = join(folder, "bin", name);
    writeFileSync(path, `#!/bin/sh\nenv >"$HOME/env-${name}"\ncat >"$HOME/in-${name}"\n`);
    chmodSync(path, 0o755);
  }
});
afterEach(async () => {
  await Promise.all(closing.splice(0).map((server) => server.close()));
  await Promise.all([http[Symbol.asyncDispose](), smtp[Symbol.asyncDispose]()]);
});

const look = () => {
  seen.push(...processesWith(canary), ...environmentsWithTraces().filter((line) => !/main\.js|vitest/.test(line)));
  return undefined;
};

async function imapServer(options: Parameters<typeof startImapServer>[0]): Promise<ImapServer> {
  const server = await startImapServer({ ...options, script: { onCommand: look, ...options.script } });
  closing.push(server);
  return server;
}

async function pop3Server(options: Parameters<typeof startPop3Server>[0]): Promise<Pop3Server> {
  const server = await startPop3Server({ ...options, script: { onCommand: look, ...options.script } });
  closing.push(server);
  return server;
}

interface Written {
  readonly accounts: Readonly<Record<string, object>>;
  readonly jobs: readonly object[];
  readonly notify?: object;
}

function writeJobs({ accounts, jobs, notify }: Written): void {
  const usual = { host: "127.0.0.1", tls: "none", user: "ada" };
  const file = {
    version: 1,
    defaults: { retry: { attempts: 2, maxWait: "1ms" }, timeout: "2s" },
    accounts: Object.fromEntries(Object.entries(accounts).map(([name, account]) => [name, { ...usual, ...account }])),
    jobs,
    report: { html: "./reports", metrics: "./mailferry.prom" },
    ...(notify && { notify }),
  };
  writeFileSync(join(folder, "jobs.yaml"), JSON.stringify(file), { mode: 0o600 });
}

async function mailferry(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CliResult> {
  const PATH = `${join(folder, "bin")}${delimiter}${process.env.PATH}`;
  const result = await runCli(args, { cwd: folder, env: { ...debug, PATH, ...env } });
  expectNoTrace(result);
  return result;
}

/** Nothing of it in any file but its own, in no process, and no core or report of a crash. */
function expectCleanFolder(): void {
  expect(filesWithTraces(folder, secrets)).toEqual([]);
  expect(seen).toEqual([]);
  expect(readdirSync(folder).filter((name) => /^(core|report\.\d)/.test(name))).toEqual([]);
}

test.each([
  ["the environment", { env: "CANARY" }],
  ["a file", { file: "./secrets/ada" }],
  ["a command", { command: ["sh", "-c", "env >env-password; cat ./secrets/ada"] }],
])("a password from %s is nowhere, whatever command is run", async (_, password) => {
  const [imap, pop3] = [await imapServer({ store }), await pop3Server({ store })];
  const target = await imapServer({ store: createMailStore("ada", canary) });
  const env = ["sh", "-c", "env >env-hook"];
  writeJobs({
    accounts: {
      imap: { protocol: "imap", port: imap.port, password },
      pop: { protocol: "pop3", port: pop3.port, password },
      new: { protocol: "imap", port: target.port, password },
      // Another's variable is none of its program's business.
      other: {
        protocol: "imap",
        port: imap.port,
        user: "bob",
        password: { command: ["sh", "-c", "env >env-other; exit 3"] },
      },
      named: { protocol: "imap", port: imap.port, user: "eve", password: { env: "CANARY" } },
    },
    jobs: [
      {
        name: "one",
        from: "imap",
        to: { archive: "./one", format: "maildir" },
        hooks: { before: env, after: env },
        schedule: "30 2 * * *",
        pack: { as: "zip", every: "run", to: "./vault" },
      },
      { name: "two", from: "pop", to: { archive: "./two", format: "mbox" }, schedule: "30 2 * * *" },
      { name: "three", from: "imap", to: { account: "new", keepRefused: "./refused" } },
      { name: "four", from: "other", to: { archive: "./four", format: "mbox" }, hooks: { onFailure: env } },
    ],
    notify: {
      onlyScheduled: false,
      when: ["failure", "success", "overdue", "recovered"],
      email: {
        to: ["it@example.org"],
        smtp: { host: "127.0.0.1", port: smtp.port, tls: "none", user: "ada", password },
      },
      ntfy: { url: http.url, topic: "nights", token: password },
      ping: { url: `${http.url}/${encodeURIComponent(canary)}` },
      webhook: [{ url: `${http.url}/${encodeURIComponent(canary)}` }],
    },
  });
  const given = { CANARY: canary };
  const commands: readonly (readonly [code: number, ...args: string[]])[] = [
    [0, "config", "check"],
    [0, "config", "show"],
    [0, "config", "show", "--json"],
    [0, "config", "schema"],
    [0, "run", "one", "two", "three", "--dry-run", "-v"],
    [0, "run", "one", "two", "three", "-v"],
    [0, "run", "one", "two", "--scheduled"],
    [0, "run", "one", "two", "three", "--json"],
    [0, "run", "one", "two", "three", "--events"],
    [4, "run", "four", "-v"],
    [4, "run", "four", "--yes", "--json", "--events"],
    [0, "verify", "./one"],
    [0, "verify", "./two", "--server", "--json"],
    [0, "verify", "three", "--server"],
    [0, "ls", "./one", "--json"],
    [0, "ls", "./one", "INBOX"],
    [0, "report", "three", "--json"],
    [0, "report", "--html", "page.html", "one"],
    [0, "restore", "./one", "--to", "new", "--mailbox", "Sent"],
    [0, "restore", "./one", "--to", "./out", "--mailbox", "Sent", "--json"],
    [0, "schedule", "show", "--as", "systemd"],
    [0, "schedule", "install", "--as", "systemd", "--yes"],
    [0, "schedule", "install", "--as", "cron", "--yes", "--json"],
    [0, "schedule", "remove", "--yes"],
    [0, "status", "one", "two"],
    [0, "status", "one", "--json"],
    [5, "notify", "test"],
    [5, "notify", "test", "--json"],
    [2, "run", "nobody", "--json"],
    [2, "verify", "./nowhere", "--what"],
  ];
  for (const [code, ...args] of commands) {
    const result = await mailferry(args, given);
    if (code !== 5)
      expect(result.code, `${args.join(" ")}: ${result.stdout} ${result.stderr.slice(-2_000)}`).toBe(code);
    swept("TLS and log-in cases", 1);
  }
  for (const name of ["env-hook", "env-other", "env-systemctl", "env-crontab"]) {
    expect(readFileSync(join(folder, name), "utf8")).toMatch(/^PATH=/m);
  }
  const daemon = startCli(["daemon", "--events"], { cwd: folder, env: { ...debug, ...given } });
  await new Promise((resolve) => daemon.process.stdout?.once("data", resolve));
  daemon.process.kill("SIGTERM");
  expectNoTrace(await daemon.result);
  expectCleanFolder();
});

const imapWays: Readonly<Record<string, { readonly capabilities: readonly string[]; readonly auth?: string }>> = {
  "AUTHENTICATE PLAIN at once": { capabilities: ["IMAP4rev1", "AUTH=PLAIN", "SASL-IR"] },
  "AUTHENTICATE PLAIN when asked": { capabilities: ["IMAP4rev1", "AUTH=PLAIN"] },
  LOGIN: { capabilities: ["IMAP4rev1", "AUTH=PLAIN"], auth: "login" },
  "LOGIN alone": { capabilities: ["IMAP4rev1"] },
};
const pop3Ways: Readonly<Record<string, { readonly apop?: true; readonly sasl?: false }>> = {
  "AUTH PLAIN": {},
  "USER and PASS": { sasl: false },
  APOP: { apop: true },
};
const faults = ["granted", "refused", "echoed", "cut", "silent", "broken"] as const;

/** A module that makes the program break down in the middle of its log-in. */
const crash = `import net from "node:net";
const write = net.Socket.prototype.write;
net.Socket.prototype.write = function (data, ...rest) {
  if (/LOGIN|AUTH|PASS|APOP/.test(String(data))) throw new TypeError("broken down");
  return write.call(this, data, ...rest);
};`;

test.each([...Object.keys(imapWays), ...Object.keys(pop3Ways)])("by %s, however that ends", async (way) => {
  writeFileSync(join(folder, "crash.mjs"), crash);
  for (const fault of faults) {
    const isLogIn = (line: string) => /^(\S+ )?(LOGIN|AUTHENTICATE|AUTH|PASS|APOP)\b/.test(line);
    const password = fault === "refused" || fault === "echoed" ? "-wrong" : "";
    const forms = [canary + password, Buffer.from(`\0ada\0${canary}${password}`).toString("base64")];
    const echo = `${"x".repeat(270)} ${forms.join(" ").toUpperCase()} ${forms.join(" ")}`;
    const react = (line: string, refusal: string) => {
      if (!isLogIn(line)) return undefined;
      if (fault === "echoed") return { reply: `${refusal} [AUTHENTICATIONFAILED] ${echo}\r\n` };
      return fault === "cut" ? "drop" : fault === "silent" ? "stall" : undefined;
    };
    const { capabilities, auth } = imapWays[way] ?? {};
    const isImap = capabilities !== undefined;
    const server = isImap
      ? await imapServer({ store, capabilities, script: { onCommand: ({ line, tag }) => react(line, `${tag} NO`) } })
      : await pop3Server({
          store,
          capabilities: pop3Ways[way] ?? {},
          script: { onCommand: (line) => react(line, "-ERR") },
        });
    const file = { file: `./secrets/${password === "" ? "ada" : "wrong"}` };
    const protocol = isImap ? "imap" : "pop3";
    writeJobs({
      accounts: { ada: { protocol, port: server.port, password: file, timeout: "1s", ...(auth && { auth }) } },
      jobs: [{ name: "job", from: "ada", to: { archive: `./${fault}`, format: "mbox" } }],
    });
    const env: Record<string, string> =
      fault === "broken" ? { NODE_OPTIONS: `--import ${join(folder, "crash.mjs")}` } : {};
    for (const flags of [["-v"], ["--json"]]) {
      const { code, stdout } = await mailferry(["run", ...flags], env);
      expect(code, `${fault} ${stdout}`).toBe(
        { granted: 0, refused: 4, echoed: 4, cut: 5, silent: 5, broken: 1 }[fault],
      );
      if (fault === "echoed") expect(stdout).toContain("***");
      swept("TLS and log-in cases", 1);
    }
  }
  expectCleanFolder();
});

test("over a channel that is not proven", async () => {
  const [good, other] = await Promise.all([makeCertificate(), makeCertificate("mail.example.org")]);
  const channels: Readonly<Record<string, Omit<OverhearingOptions, "protocol">>> = {
    implicit: { tls: "implicit", certificate: good },
    "starttls other": { tls: "upgrade", certificate: other },
    "starttls none": { tls: "none" },
    "implicit none": { tls: "none" },
  };
  for (const protocol of ["imap", "pop3"] as const) {
    for (const [tls, options] of Object.entries(channels)) {
      await using server = await startOverhearing({ protocol, ...options });
      writeJobs({
        accounts: { ada: { protocol, port: server.port, tls: tls.split(" ")[0], password: { env: "CANARY" } } },
        jobs: [{ name: "job", from: "ada", to: { archive: `./${protocol}`, format: "mbox" } }],
      });
      for (const flags of [["-v"], ["--json"], ["--events"]]) {
        expect((await mailferry(["run", ...flags], { CANARY: canary })).code).toBe(5);
        swept("TLS and log-in cases", 1);
      }
      expect(server.wire() + server.inside()).not.toContain(canary);
    }
  }
  expectCleanFolder();
});
