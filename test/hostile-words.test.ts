// Words from servers, in every output there is: none of them steers a terminal, opens a tag or ends a line.

import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { startImapServer } from "../src/demo/imap-server.ts";
import { addMailbox, addMessage, createMailStore } from "../src/demo/mail-store.ts";
import { startPop3Server } from "../src/demo/pop3-server.ts";
import { runCli } from "./support/cli.ts";
import { hostile, steersTerminals } from "./support/hostile.ts";
import { startHttp } from "./support/http.ts";
import { temporaryFolder } from "./support/jobs.ts";

const password = "analytical-engine";
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** With what HTML and Prometheus heed, too. */
const evil = `</td><script>alert(1)</script>"\\${hostile}`;

async function openHouse() {
  const store = createMailStore("ada", password);
  const [inbox] = store.mailboxes;
  if (inbox !== undefined) {
    addMessage(inbox, `Subject: ${evil}\r\nFrom: ${evil}\r\n\r\nbody\r\n`, {
      flags: ["\\Seen", "odd\u202e~\u009bflag"],
    });
    addMessage(inbox, "Subject: refused\r\n\r\nbody\r\n");
  }
  addMessage(addMailbox(store, [`In${evil}`]), "Subject: in\r\n\r\nbody\r\n");
  addMessage(addMailbox(store, [`Shut${evil}`]), "Subject: shut\r\n\r\nbody\r\n");
  const words = `[ALERT] ${evil}`;
  const imap = await startImapServer({
    store,
    script: {
      onCommand: ({ name, line, tag }) => {
        if (name === "LOGIN" || name === "AUTHENTICATE") return { reply: `* NO ${words}\r\n`, next: "handle" };
        return name === "EXAMINE" && line.includes("Shut") ? { reply: `${tag} NO ${words}\r\n` } : undefined;
      },
      onFetch: ({ uid, body, mailbox }) => (body && uid === 2 && mailbox.path[0] === "INBOX" ? "nil" : undefined),
    },
  });
  const pop3 = await startPop3Server({
    store,
    script: {
      uidl: (number) => (number === 1 ? evil.slice(0, 60) : `u${number}`),
      onCommand: (command) => (command === "RETR 2" ? { reply: `-ERR ${evil}\r\n` } : undefined),
    },
  });
  const http = await startHttp();
  cleanups.push(
    () => imap.close(),
    () => pop3.close(),
    async () => await http[Symbol.asyncDispose](),
  );
  const cwd = temporaryFolder();
  const account = { host: "127.0.0.1", user: "ada", tls: "none", password: { env: "PW" } };
  const file = {
    version: 1,
    defaults: { retry: { attempts: 2, maxWait: "10ms" }, timezone: "UTC" },
    accounts: {
      imap: { ...account, protocol: "imap", port: imap.port },
      pop: { ...account, protocol: "pop3", port: pop3.port },
    },
    jobs: [
      { name: "nightly", from: "imap", to: { archive: "./archive", format: "mbox" }, mailboxes: { exclude: [] } },
      { name: "rescue", from: "pop", to: { archive: "./pop", format: "maildir" } },
    ],
    notify: {
      onlyScheduled: false,
      when: ["failure"],
      webhook: [{ url: `${http.url}/hook` }],
      ntfy: { url: http.url, topic: "mail" },
      ping: { url: `${http.url}/ping` },
    },
    report: { html: "./reports", metrics: "./mailferry.prom" },
  };
  const path = join(cwd, "jobs.yaml");
  writeFileSync(path, JSON.stringify(file));
  chmodSync(path, 0o600);
  return { cwd, http, mailferry: (...args: string[]) => runCli(args, { cwd, env: { PW: password } }) };
}

test("hostile words of a server are only shown, on the screen, in JSON, in events, pages, metrics and notifications", async () => {
  const { cwd, http, mailferry } = await openHouse();
  const commands: readonly (readonly string[])[] = [
    ["run", "--all", "-v"],
    ["run", "--all", "--json"],
    ["run", "--all", "--events"],
    ["report", "--json"],
    ["report", "nightly"],
    ["report", "archive", "--html", "archive.html"],
    ["status"],
    ["ls", "archive", `In${evil}`],
    ["ls", "archive", "INBOX"],
    ["ls", "pop", "INBOX", "--json"],
    ["verify", "archive", "--server"],
  ];
  for (const args of commands) {
    const { code, stdout, stderr } = await mailferry(...args);
    expect(stdout + stderr, args.join(" ")).not.toMatch(steersTerminals);
    expect([0, 3, 5, 10], `${args.join(" ")}: ${stderr}`).toContain(code);
  }
  const shown = await mailferry("report", "nightly");
  expect(shown.stdout).toContain("\\x1b[2J");

  const pages = readdirSync(join(cwd, "reports")).map((name) => join("reports", name));
  expect(pages.length).toBeGreaterThan(2);
  for (const name of [...pages, "archive.html", "archive/README.html"]) {
    const text = readFileSync(join(cwd, name), "utf8");
    expect(text, name).not.toMatch(steersTerminals);
    expect(text, name).not.toMatch(/<script/i);
    if (!name.startsWith("archive")) expect(text, name).toContain("Content-Security-Policy");
  }
  const kept = readdirSync(cwd, { recursive: true, encoding: "utf8" }).filter((name) =>
    /\/runs\/.*\.json$|runs\.jsonl$|\.prom$/.test(name),
  );
  expect(kept.length).toBeGreaterThan(4);
  for (const name of kept) expect(readFileSync(join(cwd, name), "utf8"), name).not.toMatch(steersTerminals);

  expect(http.requests.length).toBeGreaterThan(0);
  for (const { path, body, headers } of http.requests) {
    expect(body, path).not.toMatch(steersTerminals);
    expect(JSON.stringify(headers), path).not.toMatch(steersTerminals);
  }
}, 120_000);
