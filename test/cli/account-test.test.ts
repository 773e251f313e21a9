// `account test` and `account list`, as somebody sees them who has just written a job file.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { accountList } from "../../src/cli/account-list.ts";
import { accountTest } from "../../src/cli/account-test.ts";
import { type ImapServerOptions, startImapServer } from "../../src/demo/imap-server.ts";
import { addMailbox, createMailStore } from "../../src/demo/mail-store.ts";
import { createDemoStore } from "../../src/demo/messages.ts";
import { type Pop3ServerOptions, startPop3Server } from "../../src/demo/pop3-server.ts";
import { makeCertificate, makeExpiredCertificate } from "../support/certificates.ts";
import { type Dovecot, dovecotAvailable, startDovecot } from "../support/dovecot.ts";
import { unwrapped } from "../support/hostile.ts";
import { type Call, type Caller, openCaller } from "../support/in-process.ts";

const password = "analytical-engine-canary";
const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function imapServer(options: Partial<ImapServerOptions> = {}) {
  const server = await startImapServer({ store: createDemoStore("ada", password), ...options });
  open.push(() => server.close());
  return server;
}

async function pop3Server(options: Partial<Pop3ServerOptions> = {}) {
  const server = await startPop3Server({ store: createDemoStore("ada", password), ...options });
  open.push(() => server.close());
  return server;
}

/** A job file (JSON is YAML) of these accounts, and a job of the first. */
function withAccounts(accounts: Readonly<Record<string, object>>, given = password): Caller {
  const caller = openCaller(given);
  const whole = Object.entries(accounts).map(([name, account]) => [
    name,
    { protocol: "imap", host: "127.0.0.1", tls: "none", user: "ada", password: { env: "PW" }, ...account },
  ]);
  const [[first] = [""]] = whole;
  const jobs = [{ name: "nightly", from: first, to: { archive: "./ada", format: "mbox" } }];
  const file = { version: 1, accounts: Object.fromEntries(whole), jobs };
  writeFileSync(join(caller.cwd, "jobs.yaml"), JSON.stringify(file), { mode: 0o600 });
  return caller;
}

const tryAll = (caller: Caller, options?: Call, ...names: readonly string[]) =>
  caller.call((invocation) => accountTest(names, invocation), options);

const steps = (document: { accounts: { steps: { step: string; level: string }[] }[] }) =>
  document.accounts[0]?.steps.map(({ step, level }) => `${step} ${level}`);

describe("account test", () => {
  test("walks to an IMAP account and says what is there, and only asks", async () => {
    const server = await imapServer();
    const { code, stdout } = await tryAll(withAccounts({ home: { port: server.port } }));
    expect(code).toBe(0);
    expect(stdout).toContain(`home: ada@127.0.0.1 (IMAP, 127.0.0.1:${server.port})`);
    expect(stdout).toMatch(/ok +Connection +127\.0\.0\.1, port \d+ +\d+ ms/);
    expect(stdout).toMatch(/info +Encryption +none; the server is on this machine/);
    expect(stdout).toMatch(/ok +Log-in +accepted for ada/);
    expect(unwrapped(stdout)).toMatch(/ok +Mailboxes +\d+ mailboxes, 62 messages; this server tells no/);
    expect(stdout.trimEnd().split("\n").at(-1)).toBe("home: the log-in works. Nothing was changed on the server.");
    expect(stdout).not.toContain("canary");
    const said = server.log.map((line) => line.split(" ")[1] ?? "");
    expect(
      said.filter((word) => /SELECT|EXAMINE|FETCH|STORE|APPEND|CREATE|DELETE|EXPUNGE|COPY|MOVE/.test(word)),
    ).toEqual([]);
    expect(server.connections()).toBe(1);
  });

  test("walks to a POP3 account, and deletes nothing", async () => {
    const server = await pop3Server({ capabilities: { uidl: false, pipelining: false } });
    const { code, stdout } = await tryAll(withAccounts({ pop: { protocol: "pop3", port: server.port } }));
    expect(code).toBe(0);
    expect(unwrapped(stdout)).toMatch(/ok +Mailboxes +1 mailbox, 34 messages, [\d.]+ kB/);
    expect(unwrapped(stdout)).toContain("no lasting names (no UIDL): each run fetches all of them again");
    expect(stdout).toMatch(/warning +Abilities/);
    expect(stdout).toContain("the log-in works; there is one thing to look at.");
    expect(server.log.filter((line) => /^(DELE|RETR|TOP)/.test(line))).toEqual([]);
  });

  test("says in plain words what a server does in its own way", async () => {
    const server = await imapServer({
      capabilities: ["IMAP4rev1", "QUOTA"],
      appendLimit: 25_000_000,
      quota: { storageKiB: 5000 },
    });
    const { stdout } = await tryAll(withAccounts({ home: { port: server.port } }));
    const text = unwrapped(stdout);
    for (const lack of ["CONDSTORE", "LIST-STATUS", "SPECIAL-USE", "COMPRESS", "LITERAL+", "UIDPLUS"])
      expect(text).toContain(`(no ${lack})`);
    expect(text).toMatch(/[\d.]+ kB of 5\.1 MB are used\./);
    const french = await tryAll(withAccounts({ home: { port: server.port } }), { lang: "fr" });
    expect(unwrapped(french.stdout)).toContain("Il ne signale pas les changements (pas de CONDSTORE)");
    expect(french.stdout).toContain("home\u00a0: la connexion fonctionne. Rien n’a été modifié sur le serveur.");
  });

  test("gives programs the steps with all that was found", async () => {
    const server = await imapServer();
    const { document } = await tryAll(withAccounts({ home: { port: server.port } }), { json: true });
    expect(document).toMatchObject({ v: 1, command: "account test", verdict: "safe", exit: { code: 0, name: "ok" } });
    expect(steps(document)).toEqual([
      "connection ok",
      "greeting ok",
      "encryption info",
      "log-in ok",
      "mailboxes ok",
      "abilities info",
    ]);
    const [account] = document.accounts;
    expect(account).toMatchObject({ name: "home", protocol: "imap", host: "127.0.0.1", user: "ada", verdict: "safe" });
    const found = account.steps.find(({ step }: { step: string }) => step === "mailboxes");
    expect(found.mailboxes[0]).toMatchObject({ path: ["INBOX"], messages: 34 });
  });

  test("tries a wrong password once, remembers the refusal, and says at last that it is paused", async () => {
    const server = await imapServer();
    const caller = withAccounts({ home: { port: server.port } }, "wrong-canary");
    const tries = () => server.log.filter((line) => /AUTHENTICATE|LOGIN/.test(line)).length;
    for (let night = 1; night <= 3; night += 1) {
      const { code, stdout } = await tryAll(caller);
      expect(code).toBe(4);
      expect(tries()).toBe(night);
      expect(stdout).toMatch(/error +Log-in/);
      expect(stdout).toContain("MF-A201");
      expect(stdout).not.toContain("canary");
    }
    const { document } = await tryAll(caller, { json: true });
    expect(tries()).toBe(3);
    expect(document.exit).toEqual({ code: 4, name: "log-in" });
    expect(document.accounts[0].steps.at(-1).error.message).toContain("no log-in was tried");
    // Somebody has put it right.
    await tryAll(caller, { yes: true });
    expect(tries()).toBe(4);
  });

  test("names an account that is not there, and the one that was meant", async () => {
    const caller = withAccounts({ home: { port: 1 }, work: { port: 1 } });
    await expect(tryAll(caller, {}, "hmoe")).rejects.toThrow(
      'there is no account "hmoe"; did you mean "home"? jobs.yaml has: home, work',
    );
    await expect(tryAll(caller, { lang: "fr" }, "xyz")).rejects.toThrow("il n’y a pas de compte «\u00a0xyz\u00a0»");
  });

  test("of several accounts the worst decides, and each is told of; -q tells of that one alone", async () => {
    const server = await imapServer();
    const caller = withAccounts({ good: { port: server.port }, gone: { port: 1 } });
    const { code, stdout } = await tryAll(caller);
    expect(code).toBe(5);
    expect(stdout).toContain("good: the log-in works.");
    expect(stdout).toMatch(/error +Connection/);
    expect(stdout).toContain("gone can't be used as it is.");
    const quiet = await tryAll(caller, { quiet: true });
    expect(quiet.stdout).not.toContain("good");
    expect(quiet.stdout).toContain("gone can't be used as it is.");
    expect((await tryAll(caller, { quiet: true }, "good")).stdout).toBe("");
  });

  test("escapes what a server says of itself, its mailboxes and its abilities", async () => {
    const store = createMailStore("ada", password);
    addMailbox(store, ["\u001b[31mRed\u202e"]);
    const server = await imapServer({
      store,
      script: {
        greeting: "* OK \u001b]0;title\u0007 hello",
        onCommand: ({ name, tag }) => (name === "STATUS" ? { reply: `${tag} NO \u001b[2Jgone\u009b\r\n` } : undefined),
      },
    });
    const caller = withAccounts({ home: { port: server.port } });
    const { stdout, stderr } = await tryAll(caller, { verbose: true });
    const json = await tryAll(caller, { json: true });
    for (const text of [stdout, stderr, json.stdout])
      expect(text.replaceAll("\n", "")).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(stdout).toContain("\\x1b]0;title\\x07 hello");
    expect(unwrapped(stdout)).toContain("\\x1b[31mRed\\u202e: the server does not say what is in it");
  });
});

describe("account test looks at certificates", () => {
  const tlsServer = async (made: ReturnType<typeof makeCertificate>) => {
    const certificate = await made;
    const server = await pop3Server({ tls: { mode: "implicit", ...certificate } });
    return { server, certificate };
  };
  const account = (port: number, more: object) => ({ protocol: "pop3", port, tls: "implicit", ...more });

  test("one that nobody vouches for stops it before the password", async () => {
    const { server } = await tlsServer(makeCertificate());
    const { code, stdout } = await tryAll(withAccounts({ pop: account(server.port, {}) }));
    expect(code).toBe(5);
    expect(stdout).toMatch(/error +Encryption/);
    expect(stdout).toContain("MF-N303");
    expect(server.log).toEqual([]);
  });

  test("one that has ended does, too; one that ends soon is a warning", async () => {
    const ended = await tlsServer(makeExpiredCertificate());
    const caller = withAccounts({ pop: account(ended.server.port, { tlsCa: "./ca.pem" }) });
    writeFileSync(join(caller.cwd, "ca.pem"), ended.certificate.cert, { mode: 0o600 });
    expect(unwrapped((await tryAll(caller)).stdout)).toContain("certificate has expired");

    const { server, certificate } = await tlsServer(makeCertificate());
    const pinned = withAccounts({ pop: account(server.port, { tlsFingerprint: certificate.fingerprint }) });
    const inAYear = () => new Date(Date.now() + 360 * 86_400_000);
    const { code, stdout } = await tryAll(pinned, { clock: inAYear });
    expect(code).toBe(0);
    expect(stdout).toMatch(/warning +Encryption +TLSv1\.3; certificate signed by itself/);
    expect(unwrapped(stdout)).toContain("It has to be renewed soon");
  });
});

describe("account list", () => {
  test("tells names, servers, users, jobs and where the passwords are, and never one of them", async () => {
    const caller = withAccounts({
      home: { port: 1143 },
      pop: { protocol: "pop3", port: 1110, password: { command: ["pass", "canary-argument"] } },
      desk: { port: 1143, user: "grace", password: { keyring: "grace@desk" } },
    });
    const { code, stdout } = await caller.call(accountList);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Account +Server +User +Password +Jobs/);
    expect(stdout).toMatch(/home +imap 127\.0\.0\.1:1143 +ada +env PW +nightly/);
    expect(stdout).toMatch(/pop +pop3 127\.0\.0\.1:1110 +ada +command pass +-/);
    expect(stdout).toMatch(/desk .* keyring grace@desk/);
    const { document } = await caller.call(accountList, { json: true });
    expect(document.accounts[0]).toEqual({
      name: "home",
      protocol: "imap",
      host: "127.0.0.1",
      port: 1143,
      tls: "none",
      user: "ada",
      password: { env: "PW" },
      jobs: ["nightly"],
    });
    expect(JSON.stringify(document) + stdout).not.toContain("canary");
  });
});

const available = dovecotAvailable();

describe.runIf(available)("account test against Dovecot", () => {
  test("IMAP with STARTTLS and POP3 with TLS", async () => {
    const dovecot: Dovecot = await startDovecot();
    open.push(() => dovecot.stop());
    const user = await dovecot.addUser();
    const bytes = Buffer.from("Subject: one\r\n\r\nbody\r\n");
    await dovecot.load(user, "INBOX", [{ bytes }, { bytes }]);
    await dovecot.load(user, "Projets/2026", [{ bytes }]);
    const host = { host: "localhost", user: user.user, tlsFingerprint: dovecot.certificate.fingerprint };
    const caller = withAccounts(
      {
        imap: { ...host, port: dovecot.imapPort, tls: "starttls" },
        pop: { ...host, protocol: "pop3", port: dovecot.pop3sPort, tls: "implicit" },
      },
      user.password,
    );
    const { code, stdout } = await tryAll(caller);
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/ok +Address +(127\.0\.0\.1|::1)/);
    expect(stdout.match(/ok +Encryption +TLSv1\.3; certificate signed by itself/g)).toHaveLength(2);
    expect(stdout).toMatch(/ok +Mailboxes +2 mailboxes, 3 messages, \d+ octets/);
    expect(stdout).toMatch(/ok +Mailboxes +1 mailbox, 2 messages, \d+ octets/);
  });
});
