import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Account } from "../../src/account.ts";
import { addMessage, createMailStore, findMailbox, type MailStore } from "../../src/demo/mail-store.ts";
import { type Pop3Server, type Pop3ServerOptions, startPop3Server } from "../../src/demo/pop3-server.ts";
import { MailferryError } from "../../src/errors.ts";
import { Pop3Session } from "../../src/protocol/pop3-session.ts";
import { makeCertificate, type TestCertificate } from "../support/certificates.ts";

const secret = "correct horse, battery & é";
const messages = [
  "A: 1\r\n\r\n.dots\r\n..\r\n.\r\n",
  "B: 2\r\n\r\n\0\xff bare\n.\nlone\r.\r\n",
  "",
  "C: 3\r\n\r\nend\r\n",
];

let certificate: TestCertificate;
const open: { close(): Promise<void> }[] = [];
let secretsAsked = 0;

beforeAll(async () => {
  certificate = await makeCertificate("localhost", "127.0.0.1");
});

afterEach(async () => {
  secretsAsked = 0;
  for (const server of open.splice(0)) await server.close();
});

function mailStore(): MailStore {
  const store = createMailStore("ada@example.org", secret);
  const inbox = findMailbox(store, ["INBOX"]);
  if (inbox === undefined) throw new Error("no INBOX");
  for (const message of messages) addMessage(inbox, Buffer.from(message, "latin1"));
  return store;
}

async function serve(options: Omit<Pop3ServerOptions, "store"> = {}): Promise<Pop3Server> {
  const server = await startPop3Server({ store: mailStore(), ...options });
  open.push(server);
  return server;
}

const implicit = () => ({ mode: "implicit", key: certificate.key, cert: certificate.cert }) as const;
const starttls = () => ({ mode: "starttls", key: certificate.key, cert: certificate.cert }) as const;

function account(server: { readonly port: number }, details: Partial<Account> = {}): Account {
  return {
    protocol: "pop3",
    host: "127.0.0.1",
    port: server.port,
    tls: "none",
    user: "ada@example.org",
    auth: "auto",
    secret: async () => {
      secretsAsked += 1;
      return secret;
    },
    timeoutMs: 5000,
    connections: 1,
    ...details,
  };
}

const trusted = () => ({ tlsCa: certificate.cert });

async function readAll(session: Pop3Session, numbers = [1, 2, 3, 4]): Promise<string[]> {
  const texts: string[] = [];
  for await (const retrieved of session.retrieve(numbers)) {
    if ("refusal" in retrieved) {
      texts.push(`-ERR ${retrieved.refusal}`);
      continue;
    }
    const pieces: Uint8Array[] = [];
    for await (const piece of retrieved.body) pieces.push(piece);
    texts.push(Buffer.concat(pieces).toString("latin1"));
  }
  return texts;
}

/** Connects and reads the whole maildrop. */
async function readMaildrop(details: Account, signal?: AbortSignal): Promise<string[]> {
  await using session = await Pop3Session.connect(details, signal);
  await session.list();
  return await readAll(session);
}

const failed = async (promise: Promise<unknown>): Promise<MailferryError> => {
  const error = await promise.then(
    () => expect.fail("it should have failed"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof MailferryError)) throw error;
  return error;
};

/** A server that only says these words, each time after a line from the client; keeps what it was sent. */
async function recite(...replies: readonly string[]): Promise<{ port: number; received: () => string }> {
  let received = "";
  const server = createServer((socket) => {
    const left = [...replies];
    socket.on("error", () => socket.destroy());
    socket.write(left.shift() ?? "", "latin1");
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
      for (const _ of chunk.toString("latin1").matchAll(/\r\n/g)) socket.write(left.shift() ?? "", "latin1");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  open.push({ close: async () => void server.close() });
  const { port } = server.address() as AddressInfo;
  return { port, received: () => received };
}

describe("the octets of a message", () => {
  test.each([
    ["in the clear", () => ({}), () => ({})],
    ["over TLS", () => ({ tls: implicit() }), () => ({ tls: "implicit", ...trusted() }) as const],
    ["over STLS", () => ({ tls: starttls() }), () => ({ tls: "starttls", ...trusted() }) as const],
    ["without pipelining", () => ({ capabilities: { pipelining: false } }), () => ({})],
    ["without CAPA", () => ({ capabilities: { capa: false, pipelining: false } }), () => ({})],
  ])("arrive exact %s", async (_, options, details) => {
    const server = await serve(options());
    expect(await readMaildrop(account(server, details()))).toEqual(messages);
    expect(server.log.at(-1)).toBe("QUIT");
    expect(server.log.some((command) => command.startsWith("DELE"))).toBe(false);
  });

  test.each([1, 2, 3, 7])(
    "arrive exact when the server writes %i octets at a time, greeting included",
    async (split) => {
      const server = await serve({ script: { split }, tls: starttls() });
      expect(await readMaildrop(account(server, { tls: "starttls", ...trusted() }))).toEqual(messages);
    },
  );

  test("that nobody wants are read past, and the next message is whole", async () => {
    const server = await serve();
    await using session = await Pop3Session.connect(account(server));
    const texts: string[] = [];
    for await (const retrieved of session.retrieve([1, 2, 1, 4])) {
      if ("refusal" in retrieved) expect.fail("refused");
      if (texts.length === 1) {
        for await (const piece of retrieved.body) {
          texts.push(`began with ${piece.length > 0}`);
          break;
        }
      } else texts.push(retrieved.number === 4 ? (await readAllOf(retrieved.body)).toString("latin1") : "unread");
    }
    expect(texts).toEqual(["unread", "began with true", "unread", messages[3]]);
  });

  test("can't be asked for once the next message is there", async () => {
    const server = await serve();
    await using session = await Pop3Session.connect(account(server));
    const retrieval = session.retrieve([1, 2]);
    const first = await retrieval.next();
    await retrieval.next();
    if (first.done || "refusal" in first.value) expect.fail("refused");
    await expect(readAllOf(first.value.body)).rejects.toThrow("before the next message");
    await retrieval.return();
  });

  test("wait in the server while the reader is slow", async () => {
    const store = mailStore();
    const size = 30 * 1024 * 1024;
    addMessage(findMailbox(store, ["INBOX"]) ?? expect.fail("no INBOX"), Buffer.alloc(size, "line of text\r\n"));
    const server = await startPop3Server({ store });
    open.push(server);
    await using session = await Pop3Session.connect(account(server));
    for await (const retrieved of session.retrieve([5])) {
      if ("refusal" in retrieved) expect.fail("refused");
      let octets = 0;
      for await (const piece of retrieved.body) {
        octets += piece.length;
        // Until the server can write no more: what is on its way is in socket buffers and our bounded queue.
        for (let sent = -1; octets === piece.length && sent !== server.messageOctetsSent(); ) {
          sent = server.messageOctetsSent();
          for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        }
        if (octets === piece.length) expect(server.messageOctetsSent()).toBeLessThan(size / 2);
      }
      expect(octets).toBe(size + 2);
    }
  });
});

async function readAllOf(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe("commands", () => {
  test("are sent ahead where the server offers PIPELINING, and no more than a window of them", async () => {
    const numbers = Array.from({ length: 1000 }, (_, index) => (index % 4) + 1);
    const server = await serve();
    await using session = await Pop3Session.connect(account(server));
    const retrieval = session.retrieve(numbers);
    await retrieval.next();
    while (server.log.filter((command) => command.startsWith("RETR")).length < 256) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await retrieval.return();
    expect(server.log.filter((command) => command.startsWith("RETR"))).toHaveLength(256);
    expect(session.alive).toBe(false);
  });

  test("go one by one where it does not", async () => {
    const server = await serve({ capabilities: { pipelining: false } });
    await using session = await Pop3Session.connect(account(server));
    const retrieval = session.retrieve([1, 2, 3]);
    await retrieval.next();
    expect(server.log.filter((command) => command.startsWith("RETR"))).toEqual(["RETR 1"]);
    await retrieval.return();
  });

  test("refused for one message leave the others whole", async () => {
    const server = await serve({
      script: { onCommand: (command) => (command === "RETR 2" ? { reply: "-ERR it is corrupt\r\n" } : undefined) },
    });
    expect(await readMaildrop(account(server))).toEqual([messages[0], "-ERR it is corrupt", messages[2], messages[3]]);
  });

  test("that were abandoned leave no session behind that could mix up replies", async () => {
    const server = await serve();
    await using session = await Pop3Session.connect(account(server));
    for await (const _ of session.retrieve([1, 2, 3])) break;
    expect(session.alive).toBe(false);
    expect((await failed(session.list())).code).toBe("N302");
  });

  test("after a retrieval that was read to its end find the session in order", async () => {
    const server = await serve();
    await using session = await Pop3Session.connect(account(server));
    for await (const retrieved of session.retrieve([1])) {
      if ("body" in retrieved) await readAllOf(retrieved.body);
      break;
    }
    expect(await readAll(session, [4])).toEqual([messages[3]]);
  });
});

describe("a listing", () => {
  test("gives octets and UIDLs by message number", async () => {
    const server = await serve({ script: { uidl: (number) => `id-${number}`, listedOctets: (number) => number * 10 } });
    await using session = await Pop3Session.connect(account(server));
    const { sizes, uidls } = await session.list();
    expect([...sizes.keys()].map((number) => [number, sizes.get(number)])).toEqual([
      [1, 10],
      [2, 20],
      [3, 30],
      [4, 40],
    ]);
    expect(uidls?.get(3)).toBe("id-3");
  });

  test("without UIDL says so", async () => {
    const server = await serve({ capabilities: { uidl: false } });
    await using session = await Pop3Session.connect(account(server));
    expect((await session.list()).uidls).toBeUndefined();
  });

  test("that disagrees with itself is asked for once more", async () => {
    let lies = 1;
    const server = await serve({
      script: {
        onCommand: (command) => (command === "STAT" && lies-- > 0 ? { reply: "+OK 3 100\r\n" } : undefined),
      },
    });
    await using session = await Pop3Session.connect(account(server));
    expect((await session.list()).sizes.size).toBe(4);
  });

  test.each([
    ["STAT", "+OK 3 100\r\n", 4],
    ["LIST", "+OK\r\n1 1\r\n2 1\r\n.\r\n", 2],
    ["UIDL", "+OK\r\n1 a\r\n2 b\r\n3 c\r\n.\r\n", 4],
    ["UIDL", "+OK\r\n1 a\r\n2 b\r\n3 c\r\n5 d\r\n.\r\n", 4],
  ])("that goes on to disagree with itself in %s says so, with what is listed", async (wrong, reply, listed) => {
    const server = await serve({ script: { onCommand: (command) => (command === wrong ? { reply } : undefined) } });
    await using session = await Pop3Session.connect(account(server));
    const { sizes, doubt } = await session.list();
    expect([sizes.size, doubt]).toEqual([listed, expect.stringMatching(/in (STAT|LIST|UIDL)/)]);
  });

  test.each([
    ["LIST", "+OK\r\nnonsense\r\n.\r\n"],
    ["STAT", "+OK plenty\r\n"],
    ["STAT", "STAT yourself\r\n"],
    ["LIST", `+OK\r\n1 ${"9".repeat(9000)}\r\n.\r\n`],
  ])("that is none in %s is the server's fault, not an empty mailbox", async (wrong, reply) => {
    const server = await serve({ script: { onCommand: (command) => (command === wrong ? { reply } : undefined) } });
    await using session = await Pop3Session.connect(account(server));
    expect(await failed(session.list())).toMatchObject({ code: "N307", scope: "session", retry: "later" });
    expect(session.alive).toBe(false);
  });
});

describe("a connection that breaks", () => {
  test.each(["fin", "rst"] as const)("by %s anywhere never gives a short message", async (cutHow) => {
    const whole = await serve();
    await readMaildrop(account(whole));
    for (let octets = 0; ; octets += 13) {
      const server = await serve({ script: { cutAfterOctets: octets, cutHow } });
      const got: string[] = [];
      const outcome = await (async () => {
        await using session = await Pop3Session.connect(account(server));
        await session.list();
        for await (const retrieved of session.retrieve([1, 2, 3, 4])) {
          if ("refusal" in retrieved) expect.fail("refused");
          got.push((await readAllOf(retrieved.body)).toString("latin1"));
        }
      })().catch((reason: unknown) => reason);
      expect(got).toEqual(messages.slice(0, got.length));
      if (outcome === undefined) {
        expect(octets).toBeGreaterThan(300);
        break;
      }
      expect(outcome, `cut after ${octets}`).toMatchObject({ code: "N302", scope: "session", retry: "now" });
    }
  });

  test.each([0, 5, 30, 200, 300])("by silence after %i octets is noticed within the deadline", async (octets) => {
    const server = await serve({ script: { stallAfterOctets: octets } });
    const begun = performance.now();
    const error = await failed(readMaildrop(account(server, { timeoutMs: 150 })));
    expect(error).toMatchObject({ code: "N302", scope: "session", retry: "now" });
    expect(error.message).toContain("did not answer within 0.15 s");
    expect(performance.now() - begun).toBeLessThan(2000);
  });

  test("by silence instead of TLS is noticed within the deadline", async () => {
    const server = await recite("");
    expect(await failed(readMaildrop(account(server, { tls: "implicit", timeoutMs: 150 })))).toMatchObject({
      code: "N302",
    });
  });

  test("is not missed when the server trickles a line that never ends", async () => {
    const server = await serve({ script: { greeting: `+OK ${"x".repeat(7000)}\r\n`, split: 1 } });
    const begun = performance.now();
    const error = await failed(readMaildrop(account(server, { timeoutMs: 100 })));
    expect(error.code).toBe("N302");
    expect(performance.now() - begun).toBeLessThan(2000);
  });

  test("because nobody listens is said", async () => {
    const server = await serve();
    await server.close();
    open.splice(0);
    for (const tls of ["none", "implicit"] as const) {
      const error = await failed(readMaildrop(account(server, { tls })));
      expect(error).toMatchObject({ code: "N302", retry: "now" });
      expect(error.message).toContain("ECONNREFUSED");
    }
  });

  test("because the user stops it ends at once, with the user's reason", async () => {
    const server = await serve({ script: { onCommand: (command) => (command === "RETR 2" ? "stall" : undefined) } });
    const stop = new AbortController();
    const reading = readMaildrop(account(server), stop.signal);
    while (!server.log.includes("RETR 2")) await new Promise((resolve) => setImmediate(resolve));
    stop.abort(new Error("stopped by the user"));
    await expect(reading).rejects.toThrow("stopped by the user");
    await expect(readMaildrop(account(server), stop.signal)).rejects.toThrow("stopped by the user");
    expect(server.connections()).toBe(1);
  });

  test("at QUIT is no failure", async () => {
    for (const answer of ["stall", "drop"] as const) {
      const server = await serve({ script: { onCommand: (command) => (command === "QUIT" ? answer : undefined) } });
      expect(await readMaildrop(account(server, { timeoutMs: 150 }))).toEqual(messages);
    }
  });
});

describe("the channel is proven before any secret is asked for", () => {
  const refuses = async (server: Pop3Server, details: Account, expected: Partial<MailferryError>): Promise<void> => {
    const error = await failed(readMaildrop(details));
    expect(error).toMatchObject({ scope: "session", ...expected });
    expect(secretsAsked).toBe(0);
    expect(server.log.filter((command) => /^(USER|PASS|AUTH|APOP|\*)/.test(command))).toEqual([]);
  };

  test("a certificate nobody vouches for", async () => {
    const server = await serve({ tls: implicit() });
    await refuses(server, account(server, { tls: "implicit" }), { code: "N303", retry: "never" });
    const upgrading = await serve({ tls: starttls() });
    await refuses(upgrading, account(upgrading, { tls: "starttls" }), { code: "N303", retry: "never" });
  });

  test("a certificate for another host", async () => {
    const other = await makeCertificate("other.example");
    for (const tls of ["implicit", "starttls"] as const) {
      const server = await serve({ tls: { mode: tls, key: other.key, cert: other.cert } });
      for (const host of ["127.0.0.1", "localhost"]) {
        const details = account(server, { tls, host, tlsCa: other.cert });
        await refuses(server, details, { code: "N303", retry: "never" });
      }
    }
  });

  test("a certificate for a name where an address is asked for", async () => {
    const named = await makeCertificate("localhost");
    const addressed = await makeCertificate("127.0.0.1");
    for (const tls of ["implicit", "starttls"] as const) {
      const wrong = await serve({ tls: { mode: tls, key: named.key, cert: named.cert } });
      await refuses(wrong, account(wrong, { tls, tlsCa: named.cert }), { code: "N303", retry: "never" });
      const right = await serve({ tls: { mode: tls, key: addressed.key, cert: addressed.cert } });
      expect(await readMaildrop(account(right, { tls, tlsCa: addressed.cert }))).toEqual(messages);
      secretsAsked = 0;
    }
  });

  test("another certificate than the pinned one", async () => {
    const other = await makeCertificate("127.0.0.1");
    for (const tls of ["implicit", "starttls"] as const) {
      const server = await serve({ tls: { mode: tls, key: certificate.key, cert: certificate.cert } });
      const details = account(server, { tls, tlsFingerprint: other.fingerprint, tlsCa: certificate.cert });
      await refuses(server, details, { code: "N303", retry: "never" });
      const right = account(server, { tls, tlsFingerprint: certificate.fingerprint });
      expect(await readMaildrop(right)).toEqual(messages);
      secretsAsked = 0;
    }
  });

  test("a server that does not offer STLS", async () => {
    const server = await serve();
    await refuses(server, account(server, { tls: "starttls" }), { code: "N306", retry: "never" });
    const mute = await serve({ tls: starttls(), capabilities: { capa: false } });
    await refuses(mute, account(mute, { tls: "starttls" }), { code: "N306", retry: "never" });
  });

  test("a server that offers STLS and then refuses it", async () => {
    const server = await serve({
      tls: starttls(),
      script: { onCommand: (command) => (command === "STLS" ? { reply: "-ERR not today\r\n" } : undefined) },
    });
    await refuses(server, account(server, { tls: "starttls", ...trusted() }), { code: "N306", retry: "never" });
  });

  test("octets slipped in behind the answer to STLS", async () => {
    const reply = "+OK begin TLS\r\n+OK injected\r\n";
    const server = await serve({
      tls: starttls(),
      script: { onCommand: (command) => (command === "STLS" ? { reply } : undefined) },
    });
    await refuses(server, account(server, { tls: "starttls", ...trusted() }), { code: "N307" });
  });

  test("a server without TLS where TLS is asked for", async () => {
    const server = await recite("+OK hello\r\n");
    const error = await failed(readMaildrop(account(server, { tls: "implicit" })));
    expect(error).toMatchObject({ code: "N303", retry: "never" });
    expect(secretsAsked).toBe(0);
  });

  test("what was offered before STLS counts for nothing after it", async () => {
    let asked = 0;
    const server = await serve({
      tls: starttls(),
      capabilities: { sasl: false },
      script: {
        onCommand: (command) =>
          command === "CAPA" && asked++ === 0 ? { reply: "+OK\r\nSTLS\r\nSASL PLAIN\r\n.\r\n" } : undefined,
      },
    });
    expect(await readMaildrop(account(server, { tls: "starttls", ...trusted() }))).toEqual(messages);
    expect(server.log).toContain("PASS ***");
  });
});

describe("logging in", () => {
  test.each([
    ["PLAIN where it is offered", {}, {}, ["AUTH PLAIN", "***"]],
    ["USER and PASS where it is not", { sasl: false }, {}, ["USER ada@example.org", "PASS ***"]],
    ["USER and PASS if asked to", {}, { auth: "login" }, ["USER ada@example.org", "PASS ***"]],
    ["PLAIN if asked to, offered or not", { capa: false }, { auth: "plain" }, ["AUTH PLAIN", "***"]],
    ["APOP where the password would be read by anybody", { apop: true }, {}, ["APOP ada@example.org ***"]],
    ["APOP if asked to", { apop: true }, { auth: "apop" }, ["APOP ada@example.org ***"]],
  ] as const)("uses %s", async (_, capabilities, details, commands) => {
    const server = await serve({ capabilities });
    await readMaildrop(account(server, details));
    expect(server.log.slice(1, 1 + commands.length)).toEqual(commands);
    expect(secretsAsked).toBe(1);
  });

  test("does not use APOP under TLS unless asked to", async () => {
    const server = await serve({ tls: implicit(), capabilities: { apop: true } });
    await readMaildrop(account(server, { tls: "implicit", ...trusted() }));
    expect(server.log).toContain("AUTH PLAIN");
  });

  test("by APOP without a timestamp sends no password in another way", async () => {
    const server = await serve();
    expect((await failed(readMaildrop(account(server, { auth: "apop" })))).code).toBe("A201");
    expect(secretsAsked).toBe(0);
    expect(server.log).toEqual(["CAPA"]);
  });

  test.each(["plain", "login", "apop"] as const)("with a wrong password (%s) is tried once", async (auth) => {
    const server = await serve({ capabilities: { apop: true } });
    const error = await failed(readMaildrop(account(server, { auth, secret: async () => "wrong-wrong" })));
    expect(error).toMatchObject({ code: "A201", scope: "session", retry: "never" });
    expect(error.message).toContain('"[AUTH] Authentication failed"');
    expect(server.connections()).toBe(1);
    expect(server.log.filter((command) => command.includes("***"))).toHaveLength(1);
  });

  test.each([
    ["-ERR [IN-USE] Do you have another POP session running?", "N305", "now", 30_000],
    ["-ERR maildrop already locked", "N305", "now", 30_000],
    ["-ERR [LOGIN-DELAY] wait", "N305", "now", 120_000],
    ["-ERR [SYS/TEMP] Temporary authentication failure", "N302", "now", undefined],
    ["-ERR [SYS/TEMP] too many connections", "N304", "now", undefined],
    ["-ERR Maximum number of connections from user+IP exceeded", "N304", "now", undefined],
    ["-ERR [SYS/PERM] your account needs attention", "A201", "never", undefined],
    ["-ERR [SYS/PERM] POP access is disabled for your domain", "A204", "never", undefined],
    ["-ERR [AUTH] POP is not enabled for this account", "A204", "never", undefined],
    ["-ERR [AUTH] Application-specific password required", "A202", "never", undefined],
    ["-ERR Logon failure: basic authentication is disabled", "A203", "never", undefined],
    ["-ERR [AUTH] Plaintext authentication disallowed on non-secure connections", "N306", "never", undefined],
    ["-ERR [AUTH] account locked after too many failures, try later", "A201", "never", undefined],
    ["-ERR", "A201", "never", undefined],
  ])("refused with %s is %s, retry %s", async (reply, code, retry, waitMs) => {
    const capabilities = "+OK\r\nLOGIN-DELAY 120\r\n.\r\n";
    const server = await recite("+OK ready\r\n", capabilities, "+OK\r\n", `${reply}\r\n`);
    expect(await failed(readMaildrop(account(server)))).toMatchObject({ code, retry, waitMs, scope: "session" });
    expect(server.received()).toBe(
      Buffer.from(`CAPA\r\nUSER ada@example.org\r\nPASS ${secret}\r\n`).toString("latin1"),
    );
  });

  test.each([
    ["-ERR [SYS/TEMP] overloaded", "N302", "now"],
    ["-ERR too many connections", "N304", "now"],
    ["-ERR [SYS/PERM] go away", "N302", "never"],
    ["* OK IMAP4rev1 ready", "N307", "later"],
  ])("is not tried where the greeting is %s", async (greeting, code, retry) => {
    const server = await recite(`${greeting}\r\n`);
    expect(await failed(readMaildrop(account(server)))).toMatchObject({ code, retry, scope: "session" });
    expect(secretsAsked).toBe(0);
  });

  test("never shows the secret in an error, even if the server quotes it", async () => {
    const response = Buffer.from(`\0ada@example.org\0${secret}`).toString("base64");
    const echo = await serve({
      capabilities: { sasl: false },
      script: {
        onCommand: (command) => (command.startsWith("PASS") ? { reply: `-ERR bad: ${command}\r\n` } : undefined),
      },
    });
    const coded = await recite("+OK\r\n", "+OK\r\nSASL PLAIN\r\n.\r\n", "+ \r\n", `-ERR bad: ${response}\r\n`);
    for (const server of [echo, coded]) {
      const error = await failed(readMaildrop(account(server)));
      expect(error.message).toContain("bad: ");
      expect(error.message).not.toContain(secret);
      expect(error.message).not.toContain(response);
    }
  });

  test("with a line break in user or password sends neither", async () => {
    const server = await serve({ capabilities: { sasl: false } });
    expect((await failed(readMaildrop(account(server, { user: "ada\r\nDELE 1" })))).code).toBe("A205");
    expect(server.connections()).toBe(0);
    for (const wrong of ["a\r\nDELE 1", "a\nb", "a\0b"]) {
      const error = await failed(readMaildrop(account(server, { secret: async () => wrong })));
      expect(error).toMatchObject({ code: "A206", retry: "never" });
      expect(error.message).not.toContain("DELE");
    }
    expect(server.log.every((command) => command === "CAPA")).toBe(true);
  });

  test("with a refusal to give the secret sends nothing", async () => {
    const server = await serve();
    const refusal = new MailferryError("A206", "no such file", { scope: "session", retry: "never" });
    const details = account(server, { secret: () => Promise.reject(refusal) });
    expect(await failed(readMaildrop(details))).toBe(refusal);
    expect(server.log).toEqual(["CAPA"]);
  });
});
