// COMPRESS=DEFLATE on the connections that carry much: what comes is what was sent, and whoever spoils it is found out.

import { afterEach, describe, expect, it } from "vitest";
import { addMessage } from "../../src/demo/mail-store.ts";
import { ImapAppender } from "../../src/protocol/imap-appender.ts";
import { compressSession } from "../../src/protocol/imap-compression.ts";
import { fetchMessages } from "../../src/protocol/imap-fetch.ts";
import { ImapFetcher } from "../../src/protocol/imap-fetcher.ts";
import { type ImapSession, openImapSession } from "../../src/protocol/imap-session.ts";
import { LinkPace } from "../../src/protocol/link-pace.ts";
import { sha256 } from "../support/archives.ts";
import { startCuttingProxy } from "../support/cutting-proxy.ts";
import { type DeflatingProxyOptions, startDeflatingProxy } from "../support/deflating-proxy.ts";
import { dovecotAvailable, startDovecot } from "../support/dovecot.ts";
import { failureOf, imapAccount, octetsOf } from "../support/imap.ts";
import { imapStage, login } from "../support/imap-stage.ts";
import { fastTarget } from "../support/moves.ts";
import { readRaw } from "../support/raw-imap.ts";
import { tortureMessages } from "../support/torture.ts";

const MiB = 1024 * 1024;
const { serve } = imapStage();
const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

/** A pace that has seen a slow way. */
function slow(): LinkPace {
  const pace = new LinkPace();
  for (let n = 0; n < 4; n += 1) pace.passed(MiB, 2_000);
  return pace;
}

async function stageWith(options: DeflatingProxyOptions) {
  const stage = await serve({ capabilities: [...fastTarget, "COMPRESS=DEFLATE"] });
  const proxy = await startDeflatingProxy(stage.server.port, options);
  opened.push(proxy);
  const open = async (signal?: AbortSignal) => {
    const session = await openImapSession(imapAccount(proxy.port, login, { timeoutMs: 2_000 }), signal);
    opened.push({ [Symbol.asyncDispose]: async () => session.close() });
    return session;
  };
  return { ...stage, proxy, open };
}

async function fetcherOn(options: DeflatingProxyOptions = {}, pace = slow()) {
  const stage = await stageWith(options);
  const fetcher = new ImapFetcher(await stage.open(), 2_000, pace);
  const validity = String(stage.inbox.uidValidity);
  fetcher.examine("INBOX", validity);
  const fetched = async (uids = stage.inbox.messages.map(({ uid }) => uid), by = fetcher) => {
    const digests = new Map<number, string>();
    for await (const { uid, octets } of by.messages(uids)) digests.set(uid, sha256(octets));
    return digests;
  };
  const stored = () => new Map(stage.inbox.messages.map(({ uid, bytes }) => [uid, sha256(bytes)]));
  return { ...stage, validity, fetcher, fetched, stored };
}

/** The answer to EXAMINE, which is sent behind COMPRESS. */
const examined = (validity: string) => `* OK [UIDVALIDITY ${validity}] as it was\r\nF2 OK done\r\n`;

const letters = (count: number) =>
  Array.from({ length: count }, (_, n) => Buffer.from(`Subject: letter ${n}\r\n\r\n${"abc ".repeat(n * 40)}\r\n`));

/** Empty ones go other ways. */
const odd = () => [...tortureMessages().map(({ bytes }) => bytes), ...letters(100)].filter(({ length }) => length > 0);

const outgoing = (octets: Buffer) => ({
  size: octets.length,
  flags: [],
  internalDate: undefined,
  async *chunks() {
    for (let at = 0; at < octets.length; at += 10_000) yield octets.subarray(at, at + 10_000);
  },
});

describe("a connection that brings messages over a slow way", () => {
  it("brings them compressed, each in its octets", async () => {
    const { fetched, stored, inbox, proxy } = await fetcherOn();
    for (const bytes of odd()) addMessage(inbox, bytes);
    expect(await fetched()).toEqual(stored());
    expect(await fetched()).toEqual(stored());
    expect(proxy.asked()).toBe(1);
    const size = inbox.messages.reduce((sum, { bytes }) => sum + bytes.length, 0);
    expect(proxy.passed().toClient).toBeLessThan(size);
  });

  it("is compressed from the octet behind the OK, whatever came with it", async () => {
    const { fetched, stored, inbox } = await fetcherOn({ behind: "* 1 EXISTS\r\n* 1 RECENT\r\n" });
    for (const bytes of letters(3)) addMessage(inbox, bytes);
    expect(await fetched()).toEqual(stored());
  });

  it("begins only when the way is known to be slow, in the middle of what is asked for", async () => {
    const pace = new LinkPace();
    const { fetcher, inbox, proxy } = await fetcherOn({}, pace);
    for (let n = 0; n < 450; n += 1) addMessage(inbox, Buffer.from(`Subject: ${n}\r\n\r\n`));
    const asked: number[] = [];
    for await (const { uid } of fetcher.messages(inbox.messages.map((message) => message.uid))) {
      if (uid === 100) for (let n = 0; n < 5; n += 1) pace.passed(MiB, 2_000);
      asked.push(proxy.asked());
    }
    expect(asked).toHaveLength(450);
    expect([asked[199], asked[200], asked[449]]).toEqual([0, 1, 1]);
  });

  it("stays as it is where the server refuses", async () => {
    const { fetched, stored, inbox, proxy } = await fetcherOn({ refuse: "NO [CANNOT] not today" });
    for (const bytes of letters(3)) addMessage(inbox, bytes);
    expect(await fetched()).toEqual(stored());
    expect(await fetched()).toEqual(stored());
    expect(proxy.asked()).toBe(1);
  });

  it("is lost where the compressed octets are none, and the next one goes without", async () => {
    const { fetcher, fetched, stored, inbox, validity, proxy, open } = await fetcherOn({
      instead: (client) => client.write("* 1 FETCH (UID 1 FLAGS () BODY[] {3}\r\nabc)\r\n"),
    });
    for (const bytes of letters(3)) addMessage(inbox, bytes);
    expect(await failureOf(fetched())).toMatchObject({ code: "N307", scope: "session", retry: "now" });
    expect(fetcher.usable).toBe(false);
    const next = new ImapFetcher(await open(), 2_000, slow());
    next.examine("INBOX", validity);
    expect(await fetched(undefined, next)).toEqual(stored());
    expect(proxy.asked()).toBe(1);
  });

  it.each(["fin", "rst"])("gives no message that did not come whole before a %s", async (how) => {
    const { fetcher, inbox, validity } = await fetcherOn({
      instead: (client, deflate) => {
        deflate.write(examined(validity));
        deflate.write(
          "* 1 FETCH (UID 1 FLAGS () BODY[] {3}\r\nabc)\r\n* 2 FETCH (UID 2 FLAGS () BODY[] {9}\r\nab",
          () => setImmediate(() => (how === "fin" ? client.end() : client.resetAndDestroy())),
        );
      },
    });
    for (const bytes of letters(3)) addMessage(inbox, bytes);
    const got: number[] = [];
    const reading = (async () => {
      for await (const { uid } of fetcher.messages([1, 2, 3])) got.push(uid);
    })();
    expect(await failureOf(reading)).toMatchObject({ code: "N302", scope: "session", retry: "now" });
    if (how === "fin") expect(got).toEqual([1]);
    else expect([[], [1]]).toContainEqual(got);
  });

  it("gives nothing but what was sent, wherever it is cut", async () => {
    const { inbox, validity, proxy, stored } = await fetcherOn();
    for (const bytes of odd()) addMessage(inbox, bytes);
    const cutting = await startCuttingProxy(proxy.port);
    opened.push({ [Symbol.asyncDispose]: cutting.close });
    const uids = inbox.messages.map(({ uid }) => uid);
    const read = async () => {
      const fetcher = new ImapFetcher(await openImapSession(imapAccount(cutting.port, login)), 2_000, slow());
      fetcher.examine("INBOX", validity);
      const before = cutting.passed["to client"];
      const got = new Map<number, string>();
      const failure = await (async () => {
        for await (const { uid, octets } of fetcher.messages(uids)) got.set(uid, sha256(octets));
      })().catch((error: unknown) => error);
      fetcher.close();
      return { failure, got, before, after: cutting.passed["to client"] };
    };
    cutting.arm();
    const { got: whole, before, after } = await read();
    expect(whole).toEqual(stored());
    for (let cuts = 1; cuts <= 12; cuts += 1) {
      const at = before + Math.ceil(((after - before) * cuts) / 13);
      cutting.arm({ direction: "to client", after: at, how: "cut" });
      const { failure, got } = await read();
      expect(failure).toMatchObject({ code: "N302", scope: "session", retry: "now" });
      for (const [uid, digest] of got) expect(digest).toBe(stored().get(uid));
      expect(got.size).toBeLessThan(whole.size);
    }
    expect(proxy.asked()).toBe(13);
  });

  it("tells the server's last words", async () => {
    const { fetched, inbox } = await fetcherOn({
      instead: (client, deflate) =>
        deflate.write("* BYE Too many connections\r\n", () => setImmediate(() => client.end())),
    });
    for (const bytes of letters(3)) addMessage(inbox, bytes);
    expect(await failureOf(fetched())).toMatchObject({ code: "N304", message: expect.stringContaining("Too many") });
  });

  it.each([
    ["a line", "* OK "],
    ["a literal", "* 1 FETCH (UID 1 FLAGS () BODY[] {4000000000}\r\n"],
  ])("is ended by %s that inflates without end", async (_, start) => {
    const { fetched, inbox } = await fetcherOn({
      instead: (_client, deflate) => {
        deflate.write(start);
        deflate.write(Buffer.alloc(96 * MiB, "a"));
      },
    });
    for (const bytes of letters(3)) addMessage(inbox, bytes);
    expect(await failureOf(fetched())).toMatchObject({ code: "N307", scope: "session" });
  });

  it("holds back what inflates while nobody reads", async () => {
    const body = Buffer.alloc(MiB, "a");
    let sent = () => {};
    const all = new Promise<void>((resolve) => {
      sent = resolve;
    });
    const { fetcher, inbox, validity } = await fetcherOn({
      instead: (_client, deflate) => {
        deflate.write(examined(validity));
        for (let uid = 1; uid <= 100; uid += 1) {
          deflate.write(`* ${uid} FETCH (UID ${uid} FLAGS () BODY[] {${MiB}}\r\n`);
          deflate.write(body);
          deflate.write(")\r\n");
        }
        deflate.write("F3 OK done\r\n", () => sent());
      },
    });
    for (const bytes of letters(3)) addMessage(inbox, bytes);
    let read = 0;
    let most = 0;
    const before = process.memoryUsage().arrayBuffers;
    for await (const { octets } of fetcher.messages(Array.from({ length: 100 }, (_, n) => n + 1))) {
      // Some 100 KB of compressed octets are all on their way.
      if (read === 0) await all;
      read += octets.length;
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
    expect(read).toBe(100 * MiB);
    expect(most).toBeLessThan(32 * MiB);
  });
});

describe("a connection that takes messages over a slow way", () => {
  async function appenderOn(options: DeflatingProxyOptions = {}, signal?: AbortSignal) {
    const stage = await stageWith(options);
    return { ...stage, appender: new ImapAppender(await stage.open(signal), 2_000, slow()) };
  }

  it("takes them compressed, each in its octets", async () => {
    const { appender, inbox, proxy } = await appenderOn();
    const mail = odd();
    const answers = [];
    for (const octets of mail) answers.push((await appender.send("INBOX", [outgoing(octets)])).answer);
    for (const answer of answers) expect(await answer).not.toHaveProperty("refusal");
    expect(inbox.messages.map(({ bytes }) => sha256(bytes))).toEqual(mail.map(sha256));
    expect(proxy.asked()).toBe(1);
    expect(proxy.passed().toServer).toBeLessThan(mail.reduce((sum, { length }) => sum + length, 0));
  });

  it("stays as it is where the server refuses", async () => {
    const { appender, inbox, proxy } = await appenderOn({ refuse: "NO not today" });
    for (const octets of letters(3)) await (await appender.send("INBOX", [outgoing(octets)])).answer;
    expect(inbox.messages).toHaveLength(3);
    expect(proxy.asked()).toBe(1);
  });

  it.each([
    ["octets that do not inflate", "N307", "A2 OK stored\r\n"],
    ["the end", "N302", ""],
  ] as const)("leaves what has no answer in doubt after %s", async (_, code, answer) => {
    const { appender, open, inbox, proxy } = await appenderOn({ instead: (client) => client.end(answer) });
    const sending = (async () => (await appender.send("INBOX", [outgoing(Buffer.from("a"))])).answer)();
    expect(await failureOf(sending)).toMatchObject({ code, scope: "session", retry: "now" });
    expect(appender.usable).toBe(false);
    // The next one goes without.
    const next = new ImapAppender(await open(), 2_000, slow());
    await (await next.send("INBOX", [outgoing(Buffer.from("a"))])).answer;
    expect([inbox.messages.length, proxy.asked()]).toEqual([1, 1]);
  });

  it("stops when it is aborted", async () => {
    const stop = new AbortController();
    const { appender } = await appenderOn({ instead: () => stop.abort(new Error("enough")) }, stop.signal);
    const sending = (async () => (await appender.send("INBOX", [outgoing(Buffer.alloc(3 * MiB, "x"))])).answer)();
    await expect(sending).rejects.toThrow("enough");
  });
});

describe("a session of imapflow's", () => {
  async function sessionOn(options: DeflatingProxyOptions = {}) {
    const stage = await stageWith(options);
    for (const bytes of odd()) addMessage(stage.inbox, bytes);
    const read = async (session: ImapSession) => {
      await session.client.mailboxOpen("INBOX", { readOnly: true });
      await compressSession(session);
      await compressSession(session);
      const digests = new Map<number, string>();
      const refs = stage.inbox.messages.map(({ uid, bytes }) => ({ key: `${uid}`, size: bytes.length }));
      for await (const message of fetchMessages(session, refs)) {
        digests.set(Number(message.key), sha256(await octetsOf(message)));
      }
      return digests;
    };
    const stored = () => new Map(stage.inbox.messages.map(({ uid, bytes }) => [uid, sha256(bytes)]));
    return { ...stage, read, stored };
  }

  it("brings messages compressed, each in its octets", async () => {
    const { open, read, stored, proxy } = await sessionOn();
    expect(await read(await open())).toEqual(stored());
    expect(proxy.asked()).toBe(1);
  });

  it("stays as it is where the server refuses, and asks once", async () => {
    const { open, read, stored, proxy } = await sessionOn({ refuse: "NO not today" });
    expect(await read(await open())).toEqual(stored());
    expect(proxy.asked()).toBe(1);
  });

  it.each([
    ["octets that do not inflate come", "N307", { instead: (client) => client.write("* 1 FETCH (UID 1)\r\n") }],
    ["something comes with the OK", "N302", { behind: "* 1 EXISTS\r\n" }],
  ] satisfies [string, string, DeflatingProxyOptions][])(
    "is lost where %s, and the next one goes without",
    async (_, code, options) => {
      const { open, read, stored, proxy } = await sessionOn(options);
      expect(await failureOf(read(await open()))).toMatchObject({ code, scope: "session", retry: "now" });
      expect(await read(await open())).toEqual(stored());
      expect(proxy.asked()).toBe(1);
    },
  );

  it("is lost where the server ends it", async () => {
    const { open, read } = await sessionOn({ instead: (client) => client.end() });
    expect(await failureOf(read(await open()))).toMatchObject({ code: "N302", scope: "session", retry: "now" });
  });

  it("says good-bye without an answer", async () => {
    const { open } = await sessionOn();
    const session = await open();
    await compressSession(session);
    await session.logout();
    expect(session.usable).toBe(false);
  });
});

describe.skipIf(!dovecotAvailable())("on Dovecot", () => {
  it("messages go and come compressed, each in its octets", async () => {
    const config = "protocol imap {\n  mail_plugins = $mail_plugins imap_zlib\n}";
    const dovecot = await startDovecot({ config });
    opened.push({ [Symbol.asyncDispose]: () => dovecot.stop() });
    const user = await dovecot.addUser();
    const account = imapAccount(dovecot.imapPort, user);
    const appender = new ImapAppender(await openImapSession(account), 5_000, slow());
    // Dovecot rewrites bare line ends and NUL.
    const mail = letters(300);
    const answers = [];
    for (let at = 0; at < mail.length; at += 30) {
      answers.push((await appender.send("INBOX", mail.slice(at, at + 30).map(outgoing))).answer);
    }
    for (const answer of answers) expect(await answer).toHaveProperty("uids");
    const stored = await readRaw({ port: dovecot.imapPort, ...user }, "INBOX");
    expect([...stored.values()].map(({ bytes }) => sha256(bytes))).toEqual(mail.map(sha256));

    const session = await openImapSession(account);
    const { uidValidity } = await session.client.mailboxOpen("INBOX", { readOnly: true });
    const fetcher = new ImapFetcher(session, 5_000, slow());
    fetcher.examine("INBOX", String(uidValidity));
    const digests: string[] = [];
    for await (const { octets } of fetcher.messages([...stored.keys()])) digests.push(sha256(octets));
    expect(digests).toEqual(mail.map(sha256));
    expect([appender.isCompressed, fetcher.isCompressed]).toEqual([true, true]);
    fetcher.close();
    appender.session.close();
  });
});

describe("the pace of a way", () => {
  const slowAfter = (stretches: readonly (readonly [MiB: number, ms: number])[]) => {
    const pace = new LinkPace();
    for (const [count, ms] of stretches) pace.passed(count * MiB, ms);
    return pace.isSlow;
  };

  it("is slow below some 4 MB/s, when it has been so for a while", () => {
    expect(
      slowAfter([
        [1, 300],
        [1, 300],
        [1, 300],
      ]),
    ).toBe(false);
    expect(
      slowAfter([
        [1, 300],
        [1, 300],
        [1, 300],
        [1, 300],
      ]),
    ).toBe(true);
    expect(
      slowAfter([
        [1, 200],
        [1, 200],
        [1, 200],
        [1, 200],
      ]),
    ).toBe(false);
  });

  it("is not slow because it began slowly, or stood still for once", () => {
    expect(
      slowAfter([
        [1, 1_000],
        [1, 400],
        [1, 100],
        [1, 1_000],
        [1, 100],
        [1, 100],
      ]),
    ).toBe(false);
    expect(
      slowAfter([
        [0, 5_000],
        [0.5, 0],
        [4, 0],
        [1, 0],
      ]),
    ).toBe(false);
  });

  it("counts no time in which nobody waited", () => {
    expect(
      slowAfter([
        [8, 1],
        [8, 1],
      ]),
    ).toBe(false);
  });
});
