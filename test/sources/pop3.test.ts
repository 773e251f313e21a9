import { afterEach, describe, expect, test } from "vitest";
import type { Account } from "../../src/account.ts";
import {
  addMessage,
  createMailStore,
  findMailbox,
  type MailStore,
  type StoredMailbox,
} from "../../src/demo/mail-store.ts";
import { type Pop3Server, type Pop3ServerOptions, startPop3Server } from "../../src/demo/pop3-server.ts";
import type { MessageRef } from "../../src/message.ts";
import { openPop3Source } from "../../src/sources/pop3.ts";
import type { MailboxReader, Source } from "../../src/sources/source.ts";

const inbox = { path: ["INBOX"] };
const texts = [
  "A: 1\r\n\r\n.\r\n..x\r\n",
  "B: 2\r\n\r\n\xff\0\r\n",
  "C: 3\r\n\r\nbare\nlf\r\n",
  "D: 4\r\n\r\nlast\r\n",
];
const servers: Pop3Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

function storeOf(...messages: readonly string[]): { store: MailStore; mailbox: StoredMailbox } {
  const store = createMailStore("ada", "secret-1815");
  const mailbox = findMailbox(store, ["INBOX"]) ?? expect.fail("no INBOX");
  for (const text of messages) addMessage(mailbox, Buffer.from(text, "latin1"));
  return { store, mailbox };
}

async function serve(options: Partial<Pop3ServerOptions> = {}): Promise<Pop3Server> {
  const server = await startPop3Server({ store: storeOf(...texts).store, ...options });
  servers.push(server);
  return server;
}

function source(server: Pop3Server, details: Partial<Account> = {}, signal?: AbortSignal): Source {
  const account: Account = {
    protocol: "pop3",
    host: server.host,
    port: server.port,
    tls: "none",
    user: "ada",
    auth: "auto",
    secret: async () => "secret-1815",
    timeoutMs: 5000,
    connections: 1,
    ...details,
  };
  return openPop3Source(account, signal);
}

async function listed(reader: MailboxReader): Promise<MessageRef[]> {
  const refs: MessageRef[] = [];
  for await (const ref of reader.list()) refs.push(ref);
  return refs;
}

/** The texts of the messages, by key; of one that can't be read, its error. */
async function fetched(reader: MailboxReader, refs: readonly MessageRef[]): Promise<Map<string, unknown>> {
  const bodies = new Map<string, unknown>();
  for await (const message of reader.fetch(refs)) {
    try {
      const pieces: Uint8Array[] = [];
      for await (const piece of message.body) pieces.push(piece);
      bodies.set(message.key, Buffer.concat(pieces).toString("latin1"));
    } catch (error) {
      bodies.set(message.key, error);
    }
  }
  return bodies;
}

describe("a POP3 account", () => {
  test.each([true, false])("gives every message exactly and deletes none (pipelining: %s)", async (pipelining) => {
    const { store, mailbox } = storeOf(...texts);
    const server = await serve({ store, capabilities: { pipelining } });
    {
      await using account = source(server);
      await using reader = await account.open(inbox);
      expect(reader).toMatchObject({ validity: "uidl", keys: "hints" });
      const refs = await listed(reader);
      expect(refs).toEqual(mailbox.messages.map(({ uidl, bytes }) => ({ key: uidl, size: bytes.length })));
      const bodies = await fetched(reader, refs);
      expect([...bodies]).toEqual(mailbox.messages.map(({ uidl }, index) => [uidl, texts[index]]));
    }
    expect(server.log.at(-1)).toBe("QUIT");
    expect(server.log.filter((command) => command.startsWith("DELE"))).toEqual([]);
    expect(mailbox.messages).toHaveLength(4);
  });

  test("has one mailbox, INBOX, and no other can be opened", async () => {
    const server = await serve();
    await using account = source(server);
    const mailboxes = [];
    for await (const mailbox of account.mailboxes()) mailboxes.push(mailbox);
    expect(mailboxes).toEqual([{ path: ["INBOX"] }]);
    await expect(account.open({ path: ["Sent"] })).rejects.toMatchObject({ code: "S602", scope: "mailbox" });
    await expect(account.open({ path: ["INBOX", "a"] })).rejects.toMatchObject({ code: "S602" });
  });

  test("is logged in to once for its mailboxes and its messages: servers want pauses between log-ins", async () => {
    const server = await serve();
    await using account = source(server);
    for await (const _ of account.mailboxes());
    await using reader = await account.open(inbox);
    expect(await listed(reader)).toHaveLength(4);
    expect(server.connections()).toBe(1);
  });

  test("is not connected to before it is used", async () => {
    const server = await serve();
    await source(server)[Symbol.asyncDispose]();
    expect(server.connections()).toBe(0);
  });

  test("is read by one reader at a time, and the next sees the mailbox as it is then", async () => {
    const { store, mailbox } = storeOf(...texts);
    const server = await serve({ store });
    await using account = source(server);
    const first = await account.open(inbox);
    const second = account.open(inbox);
    expect(await listed(first)).toHaveLength(4);
    addMessage(mailbox, "new\r\n");
    await first[Symbol.asyncDispose]();
    await using reader = await second;
    expect(await listed(reader)).toHaveLength(5);
  });

  test("with nothing in it is an empty mailbox", async () => {
    const server = await serve({ store: storeOf().store });
    await using account = source(server);
    await using reader = await account.open(inbox);
    expect(await listed(reader)).toEqual([]);
    expect(await fetched(reader, [])).toEqual(new Map());
  });

  test("gives only what is asked for, and leaves out what is gone", async () => {
    const { store, mailbox } = storeOf(...texts);
    const server = await serve({ store });
    await using account = source(server);
    await using reader = await account.open(inbox);
    await listed(reader);
    const [, wanted] = mailbox.messages;
    if (wanted === undefined) expect.fail("no message");
    const bodies = await fetched(reader, [{ key: "gone" }, { key: "__proto__" }, { key: wanted.uidl }]);
    expect([...bodies]).toEqual([[wanted.uidl, texts[1]]]);
    expect(server.log.filter((command) => command.startsWith("RETR"))).toEqual(["RETR 2"]);
  });

  test("whose LIST gives wrong octets still gives whole messages", async () => {
    const server = await serve({ script: { listedOctets: (number) => (number % 2 === 0 ? 1 : 1_000_000) } });
    await using account = source(server);
    await using reader = await account.open(inbox);
    const refs = await listed(reader);
    expect(refs.map(({ size }) => size)).toEqual([1_000_000, 1, 1_000_000, 1]);
    expect([...(await fetched(reader, refs)).values()]).toEqual(texts);
  });

  test("that refuses one message gives the others, and says which and why", async () => {
    const { store, mailbox } = storeOf(...texts);
    const reply = "-ERR [SYS/TEMP] disk \x1b[31merror\r\n";
    const server = await serve({
      store,
      script: { onCommand: (command) => (command === "RETR 3" ? { reply } : undefined) },
    });
    await using account = source(server);
    await using reader = await account.open(inbox);
    const bodies = await fetched(reader, await listed(reader));
    expect(bodies.get(mailbox.messages[2]?.uidl ?? "")).toMatchObject({
      code: "M401",
      scope: "message",
      retry: "later",
      message: expect.stringContaining('answered "[SYS/TEMP] disk \\x1b[31merror"'),
    });
    expect([...bodies.values()].filter((body) => typeof body === "string")).toEqual([texts[0], texts[1], texts[3]]);
  });
});

describe("messages that UIDL does not name", () => {
  const unnamed = /^#\d+ \S+$/;

  test("because the server has no UIDL have keys of this session only", async () => {
    const server = await serve({ capabilities: { uidl: false } });
    await using account = source(server);
    const keys: string[][] = [];
    for (let session = 0; session < 2; session += 1) {
      await using reader = await account.open(inbox);
      const refs = await listed(reader);
      keys.push(refs.map(({ key }) => key));
      for (const { key } of refs) expect(key).toMatch(unnamed);
      expect([...(await fetched(reader, refs)).values()]).toEqual(texts);
    }
    expect(new Set(keys.flat()).size).toBe(8);
  });

  test("because two have the same are both there, each under its own key", async () => {
    const ids = ["twice", "once", "twice", "__proto__"];
    const server = await serve({ script: { uidl: (number) => ids[number - 1] ?? "" } });
    await using account = source(server);
    await using reader = await account.open(inbox);
    const refs = await listed(reader);
    expect(refs.map(({ key }) => key)).toEqual([
      expect.stringMatching(unnamed),
      "once",
      expect.stringMatching(unnamed),
      "__proto__",
    ]);
    expect([...(await fetched(reader, refs)).values()]).toEqual(texts);
  });

  test("because it is empty, too long or not one word are all there", async () => {
    const ids = ["", "x".repeat(256), "two words", "y".repeat(255)];
    const server = await serve({ script: { uidl: (number) => ids[number - 1] ?? "" } });
    await using account = source(server);
    await using reader = await account.open(inbox);
    const refs = await listed(reader);
    expect(refs.map(({ key }) => unnamed.test(key))).toEqual([true, true, true, false]);
    expect([...(await fetched(reader, refs)).values()]).toEqual(texts);
  });
});

describe("after a failure", () => {
  test("opening again connects again, and the rest of the messages comes", async () => {
    const { store, mailbox } = storeOf(...texts, `E: 5\r\n\r\n${"long line\r\n".repeat(10_000)}`);
    const server = await serve({ store, script: { cutAfterOctets: 40_000, cutOnce: true, cutHow: "rst" } });
    await using account = source(server);
    const broken = await account.open(inbox);
    const first = await fetched(broken, await listed(broken)).catch((error: unknown) => error);
    expect(first).toMatchObject({ code: "N302", scope: "session", retry: "now" });
    // Nobody has disposed the broken reader: whoever retries just opens again.
    await using reader = await account.open(inbox);
    expect([...(await fetched(reader, await listed(reader))).values()]).toEqual(
      mailbox.messages.map(({ bytes }) => bytes.toString("latin1")),
    );
    expect(server.connections()).toBe(2);
    await broken[Symbol.asyncDispose]();
  });

  test("to log in, opening again logs in again", async () => {
    const server = await serve({ script: { greeting: "-ERR busy\r\n" } });
    await using account = source(server);
    await expect(account.open(inbox)).rejects.toMatchObject({ code: "N302", scope: "session", retry: "now" });
    server.script.greeting = undefined;
    await using reader = await account.open(inbox);
    expect(await listed(reader)).toHaveLength(4);
  });

  test("leaving in the middle of the messages ends the session, and the next reader starts afresh", async () => {
    const server = await serve();
    await using account = source(server);
    {
      await using reader = await account.open(inbox);
      for await (const _ of reader.fetch(await listed(reader))) break;
    }
    await using reader = await account.open(inbox);
    expect([...(await fetched(reader, await listed(reader))).values()]).toEqual(texts);
    expect(server.connections()).toBe(2);
  });

  test("a wrong password is not tried a second time by itself", async () => {
    const server = await serve();
    await using account = source(server, { secret: async () => "wrong" });
    await expect(account.open(inbox)).rejects.toMatchObject({ code: "A201", retry: "never" });
    expect(server.connections()).toBe(1);
  });

  test("a stop by the user ends what is under way", async () => {
    const server = await serve({ script: { onCommand: (command) => (command === "RETR 2" ? "stall" : undefined) } });
    const stop = new AbortController();
    await using account = source(server, {}, stop.signal);
    await using reader = await account.open(inbox);
    const reading = reader.fetch(await listed(reader));
    await reading[Symbol.asyncIterator]().next();
    const next = reading[Symbol.asyncIterator]().next();
    stop.abort(new Error("stopped"));
    await expect(next).rejects.toThrow("stopped");
  });
});
