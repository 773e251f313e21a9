import { afterEach, describe, expect, test } from "vitest";
import type { Account } from "../../src/account.ts";
import { type ImapServer, type ImapServerOptions, startImapServer } from "../../src/demo/imap-server.ts";
import { createMailStore } from "../../src/demo/mail-store.ts";
import { openImapSession } from "../../src/protocol/imap-session.ts";
import { makeCertificate } from "../support/certificates.ts";
import { failureOf, imapAccount } from "../support/imap.ts";

const login = { user: "ada", password: "the-canary-of-ada" };
const certificate = await makeCertificate("localhost", "127.0.0.1");
const otherCertificate = await makeCertificate("localhost", "127.0.0.1");
const otherHost = await makeCertificate("mail.example.org");

const servers: ImapServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(options: Partial<ImapServerOptions> = {}): Promise<ImapServer> {
  const server = await startImapServer({ store: createMailStore(login.user, login.password), ...options });
  servers.push(server);
  return server;
}

/** How often the secret was asked for, beside the account. */
function accountFor(server: ImapServer, changes: Partial<Account> = {}) {
  const asked = { times: 0 };
  const account = imapAccount(server.port, login, {
    secret: async () => {
      asked.times += 1;
      return login.password;
    },
    ...changes,
  });
  return { account, asked };
}

async function refusal(server: ImapServer, changes: Partial<Account> = {}) {
  const { account, asked } = accountFor(server, changes);
  const error = await failureOf(openImapSession(account));
  expect(error.scope).toBe("session");
  expect(error.message + error.remedy).not.toContain(login.password);
  return { error, asked: asked.times };
}

const logIns = (server: ImapServer) => server.log.filter((line) => /\b(LOGIN|AUTHENTICATE)\b/i.test(line));

describe("logging in", () => {
  test.each([
    ["none", {}],
    ["implicit", { tlsCa: certificate.cert }],
    ["implicit", { tlsFingerprint: certificate.fingerprint }],
    ["starttls", { tlsCa: certificate.cert }],
    ["starttls", { tlsFingerprint: certificate.fingerprint }],
  ] as const)("works with tls %s, whatever makes the certificate trusted", async (tls, trust) => {
    const server = await serve(tls === "none" ? {} : { tls: { mode: tls, ...certificate } });
    const { account, asked } = accountFor(server, { tls, ...trust });
    const session = await openImapSession(account);
    expect(session.usable).toBe(true);
    await session.logout();
    expect(asked.times).toBe(1);
    expect(logIns(server)).toHaveLength(1);
    await expect.poll(() => server.log.at(-1)).toContain("LOGOUT");
  });

  test("auth: plain uses AUTHENTICATE PLAIN, auth: login the LOGIN command", async () => {
    for (const [auth, command] of [
      ["plain", "AUTHENTICATE PLAIN"],
      ["login", "LOGIN"],
    ] as const) {
      const server = await serve();
      const session = await openImapSession(accountFor(server, { auth }).account);
      await session.logout();
      expect(logIns(server)).toHaveLength(1);
      expect(logIns(server)[0]).toContain(command);
    }
  });

  test("a wrong password is tried once, and never again", async () => {
    const server = await serve();
    const { error } = await refusal(server, { secret: async () => "wrong" });
    expect(error).toMatchObject({ code: "A201", retry: "never" });
    expect(error.message).toContain("Invalid credentials");
    expect(logIns(server)).toHaveLength(1);
    expect(server.connections()).toBe(1);
  });

  test.each([
    ["NO [UNAVAILABLE] Temporary authentication failure", "N304", "now"],
    ["NO [LIMIT] Maximum number of connections from user+IP exceeded", "N304", "now"],
    ["NO Too many simultaneous connections", "N304", "now"],
    ["NO [ALERT] Application-specific password required", "A202", "never"],
    ["NO [ALERT] Your account is not enabled for IMAP use: IMAP access is disabled", "A204", "never"],
    ["NO [ALERT] Please log in via your web browser", "A203", "never"],
    ["NO [AUTHENTICATIONFAILED] nope", "A201", "never"],
    ["BAD User is authenticated but not connected.", "N302", "now"],
  ])("a log-in answered with %s is %s, retry %s", async (reply, code, retry) => {
    const server = await serve({
      script: {
        onCommand: ({ name, tag }) => (name === "AUTHENTICATE" ? { reply: `${tag} ${reply}\r\n` } : undefined),
      },
    });
    const { error } = await refusal(server);
    expect(error).toMatchObject({ code, retry });
    expect(logIns(server)).toHaveLength(1);
  });

  test("LOGINDISABLED is believed: nothing is sent, and the way out is named", async () => {
    const server = await serve({ capabilities: ["IMAP4rev1", "LOGINDISABLED"] });
    const { error } = await refusal(server);
    expect(error).toMatchObject({ code: "A203", retry: "never" });
    expect(error.remedy).toContain("starttls");
    expect(logIns(server)).toEqual([]);
  });

  test("a server that says BYE at once is tried again, with its words", async () => {
    const server = await serve({ script: { greeting: "* BYE Too many connections\u001b[31m from you" } });
    const { error } = await refusal(server);
    expect(error).toMatchObject({ code: "N304", retry: "now" });
    expect(error.message).toContain("Too many connections\\x1b[31m from you");
  });
});

describe("a channel that is not what the account asks for", () => {
  test("without STARTTLS no log-in is tried and the secret is not even asked for", async () => {
    const server = await serve({ capabilities: ["IMAP4rev1", "AUTH=PLAIN"] });
    const { error, asked } = await refusal(server, { tls: "starttls", tlsCa: certificate.cert });
    expect(error).toMatchObject({ code: "N306", retry: "never" });
    expect(logIns(server)).toEqual([]);
    expect(asked).toBe(0);
  });

  test("STARTTLS offered but refused ends the same way", async () => {
    const server = await serve({
      tls: { mode: "starttls", ...certificate },
      script: {
        onCommand: ({ name, tag }) => (name === "STARTTLS" ? { reply: `${tag} NO not today\r\n` } : undefined),
      },
    });
    const { error, asked } = await refusal(server, { tls: "starttls", tlsCa: certificate.cert });
    expect(error).toMatchObject({ code: "N306", retry: "never", message: expect.stringContaining('"not today"') });
    expect([logIns(server), asked]).toEqual([[], 0]);
  });

  test("a PREAUTH greeting in the clear is refused where STARTTLS is required", async () => {
    const server = await serve({
      tls: { mode: "starttls", ...certificate },
      script: { greeting: "* PREAUTH welcome, somebody" },
    });
    const { error, asked } = await refusal(server, { tls: "starttls", tlsCa: certificate.cert });
    expect(error).toMatchObject({ code: "N306", retry: "never" });
    expect([server.log.filter((line) => !/CAPABILITY/.test(line)), asked]).toEqual([[], 0]);
  });

  test("replies slipped in before the handshake are taken for an attack", async () => {
    const server = await serve({
      tls: { mode: "starttls", ...certificate },
      script: {
        onCommand: ({ name, tag }) =>
          name === "STARTTLS"
            ? { reply: `${tag} OK go on\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n`, next: "handshake" }
            : undefined,
      },
    });
    const { error, asked } = await refusal(server, { tls: "starttls", tlsCa: certificate.cert });
    expect(error.retry).toBe("never");
    expect(["N307", "N303"]).toContain(error.code);
    expect([logIns(server), asked]).toEqual([[], 0]);
  });

  test.each(["implicit", "starttls"] as const)(
    "a wrong certificate under %s ends before the secret is asked for",
    async (tls) => {
      for (const trust of [{}, { tlsCa: otherCertificate.cert }, { tlsFingerprint: otherCertificate.fingerprint }]) {
        const server = await serve({ tls: { mode: tls, ...certificate } });
        const { error, asked } = await refusal(server, { tls, ...trust });
        expect(error).toMatchObject({ code: "N303", retry: "never" });
        expect([logIns(server), asked]).toEqual([[], 0]);
      }
      const server = await serve({ tls: { mode: tls, ...otherHost } });
      const { error, asked } = await refusal(server, { tls, tlsCa: otherHost.cert });
      expect(error).toMatchObject({ code: "N303", retry: "never" });
      expect([logIns(server), asked]).toEqual([[], 0]);
    },
  );

  test("a server without TLS on the port for implicit TLS is named as such", async () => {
    const server = await serve();
    const { error, asked } = await refusal(server, { tls: "implicit" });
    expect(error).toMatchObject({ code: "N303", retry: "never" });
    expect(asked).toBe(0);
  });
});

describe("a server that can't be reached or falls silent", () => {
  test("a host that does not exist is N301", async () => {
    const account = imapAccount(993, login, { host: "no-such-host.invalid", tls: "implicit" });
    expect(await failureOf(openImapSession(account))).toMatchObject({ code: "N301", scope: "session" });
  });

  test("a refused connection is N302", async () => {
    const server = await serve();
    await server.close();
    const { error } = await refusal(server);
    expect(error).toMatchObject({ code: "N302", retry: "now" });
    expect(error.message).toContain("ECONNREFUSED");
  });

  test.each([
    ["before the greeting", { stallAfterOctets: 0 }],
    ["in the greeting", { stallAfterOctets: 9 }],
    ["at the log-in", { onCommand: ({ name }: { name: string }) => (name === "AUTHENTICATE" ? "stall" : undefined) }],
  ] as const)("silence %s ends after the account's timeout", async (_when, script) => {
    const server = await serve({ script });
    const started = Date.now();
    const { error } = await refusal(server, { timeoutMs: 300 });
    expect(error).toMatchObject({ code: "N302", retry: "now" });
    expect(Date.now() - started).toBeLessThan(3_000);
  });

  test("a secret that can't be had ends the connection, and its error is told", async () => {
    const server = await serve();
    const reason = new Error("no such file");
    const { error } = await refusal(server, { secret: () => Promise.reject(reason) });
    expect(error.cause).toBe(reason);
    expect(logIns(server)).toEqual([]);
  });
});

describe("the signal", () => {
  test("given up before, nothing is connected", async () => {
    const server = await serve();
    const signal = AbortSignal.abort(new Error("stop"));
    await expect(openImapSession(accountFor(server).account, signal)).rejects.toThrow("stop");
    expect(server.connections()).toBe(0);
  });

  test("given up while connecting, it rejects at once with the signal's reason", async () => {
    const stop = new AbortController();
    const server = await serve({
      script: {
        onCommand: ({ name }) => {
          if (name === "AUTHENTICATE") stop.abort(new Error("stop"));
          return name === "AUTHENTICATE" ? "stall" : undefined;
        },
      },
    });
    await expect(openImapSession(accountFor(server).account, stop.signal)).rejects.toThrow("stop");
  });

  test("given up in mid-command, the command rejects and the connection is closed", async () => {
    const stop = new AbortController();
    const server = await serve();
    const session = await openImapSession(accountFor(server).account, stop.signal);
    server.script = {
      onCommand: () => {
        stop.abort(new Error("stop"));
        return "stall";
      },
    };
    const error: unknown = await session.client.list().catch((reason: unknown) => reason);
    expect(() => session.classify(error)).toThrow("stop");
    expect(session.usable).toBe(false);
  });
});

test("a server that asks for a pause is told apart at once, with the time it wants", async () => {
  const server = await serve();
  const session = await openImapSession(accountFor(server).account);
  server.script = {
    onCommand: ({ tag }) => ({
      reply: `${tag} BAD Request is throttled. Suggested Backoff Time: 92415 milliseconds\r\n`,
    }),
  };
  const error: unknown = await session.client.list().catch((reason: unknown) => reason);
  expect(session.classify(error)).toMatchObject({ code: "N304", retry: "now", waitMs: 92415 });
});
