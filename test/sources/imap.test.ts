import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Account } from "../../src/account.ts";
import {
  type ImapScript,
  type ImapServer,
  type ImapServerOptions,
  startImapServer,
} from "../../src/demo/imap-server.ts";
import {
  addMailbox,
  addMessage,
  createMailStore,
  type MailStore,
  type StoredMailbox,
} from "../../src/demo/mail-store.ts";
import type { Message, MessageRef } from "../../src/message.ts";
import { openImapSource } from "../../src/sources/imap.ts";
import { collect, failureOf, imapAccount, octetsOf } from "../support/imap.ts";
import { startWiretap } from "../support/wiretap.ts";

const login = { user: "ada", password: "the-canary-of-ada" };

/** The ways in which messages come: over the connection that lists them, or over one more that does nothing else. */
const ways = [
  { way: "over one connection", worthWhile: Number.POSITIVE_INFINITY, connections: 1 },
  { way: "over a connection of their own", worthWhile: 1, connections: 2 },
];
let worthWhile = 0;

const servers: ImapServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

function storeOf(count: number, octetsEach = 40): MailStore & { inbox: StoredMailbox } {
  const store = createMailStore(login.user, login.password);
  const inbox = addMailbox(store, ["INBOX"]);
  for (let n = 1; n <= count; n += 1) addMessage(inbox, contentOf(n, octetsEach));
  return { ...store, inbox };
}

/** Every octet value occurs, and no two places look alike. */
function contentOf(n: number, octets: number): Buffer {
  const bytes = Buffer.alloc(octets);
  for (let at = 0; at < octets; at += 32) createHash("sha256").update(`${n} ${at}`).digest().copy(bytes, at);
  return bytes;
}

async function serve(
  store: MailStore,
  script: ImapScript = {},
  options: Partial<ImapServerOptions> = {},
): Promise<ImapServer> {
  const server = await startImapServer({ store, script, ...options });
  servers.push(server);
  return server;
}

const sourceOf = (server: ImapServer, changes: Partial<Account> = {}, signal?: AbortSignal) =>
  openImapSource(imapAccount(server.port, login, changes), signal, { worthWhile });

interface Read {
  readonly octets: Map<string, Buffer>;
  readonly failed: Map<string, string>;
}

/** Lists INBOX and reads all of it; a message that can't be read is named with its code. */
async function readInbox(server: ImapServer, afterList: () => void = () => {}): Promise<Read & { refs: MessageRef[] }> {
  await using source = sourceOf(server);
  await using reader = await source.open({ path: ["INBOX"] });
  const refs = await collect(reader.list());
  afterList();
  return { refs, ...(await readAll(reader.fetch(refs))) };
}

async function readAll(messages: AsyncIterable<Message>): Promise<Read> {
  const octets = new Map<string, Buffer>();
  const failed = new Map<string, string>();
  for await (const message of messages) {
    expect(octets.has(message.key) || failed.has(message.key)).toBe(false);
    const failure = octetsOf(message).then(
      (bytes) => void octets.set(message.key, bytes),
      (error: unknown) => {
        if (!(error instanceof Error) || !("scope" in error) || error.scope !== "message") throw error;
        failed.set(message.key, "code" in error ? `${error.code} ${error.message}` : "");
      },
    );
    await failure;
  }
  return { octets, failed };
}

function expectAll(octets: Map<string, Buffer>, inbox: StoredMailbox, without: readonly string[] = []): void {
  const expected = inbox.messages.filter(({ uid }) => !without.includes(`${uid}`));
  expect([...octets.keys()].sort()).toEqual(expected.map(({ uid }) => `${uid}`).sort());
  for (const { uid, bytes } of expected) expect(octets.get(`${uid}`)?.equals(bytes)).toBe(true);
}

const isBodyFetch = (line: string) => line.includes("BODY.PEEK[]");

describe.each(ways)("messages $way", ({ worthWhile: from, connections }) => {
  beforeEach(() => {
    worthWhile = from;
  });

  describe("reading a mailbox", () => {
    test("uses EXAMINE and BODY.PEEK[] and nothing that could change it, and few commands", async () => {
      const store = storeOf(300);
      const server = await serve(store);
      const { octets } = await readInbox(server);
      expectAll(octets, store.inbox);
      const commands = server.log.map((line) => line.split(" ").slice(1, 3).join(" "));
      expect(commands.filter((command) => command.startsWith("EXAMINE"))).toHaveLength(connections);
      expect(commands.filter((command) => /^(SELECT|STORE|UID STORE|EXPUNGE|CLOSE|APPEND)/.test(command))).toEqual([]);
      expect(server.log.filter((line) => /BODY(?!\.PEEK)/.test(line))).toEqual([]);
      expect(server.log.filter(isBodyFetch)).toHaveLength(1);
      expect(store.inbox.messages.every(({ flags }) => flags.length === 0)).toBe(true);
    });

    test("the listing tells key, size, flags and date, and the validity is UIDVALIDITY", async () => {
      const store = storeOf(0);
      const internalDate = new Date("2001-02-03T04:05:06Z");
      addMessage(store.inbox, contentOf(1, 99), { flags: ["\\Seen", "$Junk"], internalDate });
      await using source = sourceOf(await serve(store));
      await using reader = await source.open({ path: ["INBOX"] });
      expect(reader.validity).toBe(`${store.inbox.uidValidity}`);
      expect(reader.keys).toBe("stable");
      const flags = ["$Junk", "\\Seen"];
      expect(await collect(reader.list())).toEqual([{ key: "1", size: 99, flags, internalDate }]);
    });

    test("a server without UIDVALIDITY gives another validity each time", async () => {
      const server = await serve(storeOf(1), {
        onCommand: ({ name, tag }) =>
          name === "EXAMINE" ? { reply: `* 0 EXISTS\r\n${tag} OK [READ-ONLY] done\r\n` } : undefined,
      });
      await using source = sourceOf(server);
      const validities = new Set<string>();
      for (let n = 0; n < 2; n += 1) {
        await using reader = await source.open({ path: ["INBOX"] });
        validities.add(reader.validity);
        expect(await collect(reader.list())).toEqual([]);
      }
      expect(validities.size).toBe(2);
    });

    test.each([1, 7])("replies split into pieces of %i octets make no difference", async (split) => {
      const store = storeOf(5, 300);
      const { octets } = await readInbox(await serve(store, { split }));
      expectAll(octets, store.inbox);
    });

    test("an empty message is a message of no octets", async () => {
      const store = storeOf(2);
      addMessage(store.inbox, "");
      const { octets } = await readInbox(await serve(store));
      expectAll(octets, store.inbox);
    });

    test.each([4 * 1024 * 1024, 4 * 1024 * 1024 + 1, 5 * 1024 * 1024, 5 * 1024 * 1024 + 77])(
      "a message of %i octets comes exact, and in small parts where it is large",
      async (octets) => {
        const store = storeOf(1, octets);
        addMessage(store.inbox, contentOf(2, 50));
        const server = await serve(store);
        await using source = sourceOf(server);
        await using reader = await source.open({ path: ["INBOX"] });
        const read = await readAll(reader.fetch(await collect(reader.list())));
        expectAll(read.octets, store.inbox);
        expect(server.messageOctetsSent()).toBe(octets + 50);
      },
    );
  });

  describe("a server that leaves something out", () => {
    test("a body of NIL and a row that never comes are told as unreadable; all others arrive", async () => {
      const store = storeOf(20);
      const server = await serve(store, {
        onFetch: ({ uid, body }) => (!body ? undefined : uid === 3 ? "nil" : uid === 11 ? "omit" : undefined),
      });
      const { octets, failed } = await readInbox(server);
      expectAll(octets, store.inbox, ["3", "11"]);
      expect([...failed.keys()].sort()).toEqual(["11", "3"]);
      expect(failed.get("3")).toMatch(/^M401 .*no content/);
    });

    test("a row that is left out once is asked for again, and arrives", async () => {
      const store = storeOf(5);
      let times = 0;
      const server = await serve(store, {
        onFetch: ({ uid, body }) => {
          if (!body || uid !== 2) return undefined;
          times += 1;
          return times === 1 ? "omit" : undefined;
        },
      });
      const { octets, failed } = await readInbox(server);
      expectAll(octets, store.inbox);
      expect(failed.size).toBe(0);
    });

    test("one message that makes the server refuse the whole command is found; the others arrive", async () => {
      const store = storeOf(100);
      const poisoned = new Set([37, 90]);
      const server = await serve(store, { onFetch: ({ uid, body }) => (body && poisoned.has(uid) ? "no" : undefined) });
      const { octets, failed } = await readInbox(server);
      expectAll(octets, store.inbox, ["37", "90"]);
      expect([...failed.keys()].sort()).toEqual(["37", "90"]);
      expect(failed.get("37")).toMatch(/^M401 .*The message can't be read/);
      expect(server.log.filter(isBodyFetch).length).toBeLessThan(40);
    });

    test("one message that the server refuses even to describe is told as unreadable; the others arrive", async () => {
      const store = storeOf(60);
      const server = await serve(store, { onFetch: ({ uid }) => (uid === 41 ? "no" : undefined) });
      const { octets, failed } = await readInbox(server);
      expectAll(octets, store.inbox, ["41"]);
      expect([...failed.keys()]).toEqual(["41"]);
      expect(server.log.filter((line) => /FETCH/.test(line)).length).toBeLessThan(60);
    });

    test("messages that go between listing and reading are left out without a word", async () => {
      const store = storeOf(30);
      const server = await serve(store);
      const { refs, octets, failed } = await readInbox(server, () => {
        store.inbox.messages = store.inbox.messages.filter(({ uid }) => uid % 3 !== 0);
      });
      expect(refs).toHaveLength(30);
      expectAll(octets, store.inbox);
      expect(failed.size).toBe(0);
    });

    test("[EXPUNGEISSUED] to the whole command costs only what is gone", async () => {
      const store = storeOf(10);
      let refused = 0;
      const server = await serve(store, {
        onCommand: ({ name, tag, line }) => {
          if (name !== "UID FETCH" || !isBodyFetch(line) || refused > 0) return undefined;
          refused += 1;
          store.inbox.messages = store.inbox.messages.filter(({ uid }) => uid !== 4);
          return { reply: `${tag} NO [EXPUNGEISSUED] Some messages are gone\r\n` };
        },
      });
      const { octets, failed } = await readInbox(server);
      expectAll(octets, store.inbox);
      expect([failed.size, refused]).toEqual([0, 1]);
    });

    test("rows nobody asked for, rows twice and rows without a UID change nothing", async () => {
      const store = storeOf(3);
      const noise =
        "* 1 FETCH (FLAGS (\\Seen))\r\n* 2 FETCH (UID 2 FLAGS ())\r\n* 9 FETCH (UID 99 BODY[] {3}\r\nabc)\r\n";
      const server = await serve(store, {
        onCommand: ({ name, line }) =>
          name === "UID FETCH" && isBodyFetch(line)
            ? { reply: `${noise}* 1 FETCH (BODY[] {3}\r\nxyz)\r\n`, next: "handle" }
            : undefined,
      });
      const { octets, failed } = await readInbox(server);
      expectAll(octets, store.inbox);
      expect(failed.size).toBe(0);
    });

    test("flags and date that a row leaves out are those of the listing", async () => {
      const store = storeOf(0);
      const internalDate = new Date("2001-02-03T04:05:06Z");
      addMessage(store.inbox, "abc", { flags: ["\\Seen"], internalDate });
      const server = await serve(store, {
        onCommand: ({ line, tag }) =>
          isBodyFetch(line) ? { reply: `* 1 FETCH (UID 1 BODY[] {3}\r\nabc)\r\n${tag} OK done\r\n` } : undefined,
      });
      await using source = sourceOf(server);
      await using reader = await source.open({ path: ["INBOX"] });
      const [message] = await collect(reader.fetch(await collect(reader.list())));
      expect(message).toMatchObject({ key: "1", flags: ["\\Seen"], internalDate });
    });

    test("a literal of another length than announced is taken as it comes", async () => {
      const store = storeOf(3);
      const bytes = contentOf(77, 1000);
      const server = await serve(store, { onFetch: ({ uid }) => (uid === 2 ? { bytes, size: 40 } : undefined) });
      const { octets } = await readInbox(server);
      expect(octets.get("2")?.equals(bytes)).toBe(true);
      expect(octets.size).toBe(3);
    });

    test("a listing shorter than the server's count is made again", async () => {
      const store = storeOf(50);
      let listings = 0;
      const server = await serve(store, {
        onCommand: ({ name }) => {
          if (name === "UID FETCH") listings += 1;
          return undefined;
        },
        onFetch: ({ uid, body }) => (!body && uid > 40 && listings === 1 ? "omit" : undefined),
      });
      const { refs, octets } = await readInbox(server);
      expect(refs.map(({ key }) => Number(key))).toEqual(store.inbox.messages.map(({ uid }) => uid));
      expectAll(octets, store.inbox);
    });

    test("a listing that stays shorter than the server's count is not taken as complete", async () => {
      const server = await serve(storeOf(50), {
        onFetch: ({ uid, body }) => (!body && uid === 7 ? "omit" : undefined),
      });
      const error = await failureOf(readInbox(server));
      expect(error).toMatchObject({ code: "S602", scope: "mailbox", retry: "now" });
      expect(error.message).toMatch(/50.*49/);
    });
  });

  describe("a connection that breaks", () => {
    test("in the middle of a message it is an error of the session; opened again, the source goes on", async () => {
      const store = storeOf(4, 5000);
      const server = await serve(store, {
        onFetch: ({ uid, body, connection }) =>
          body && uid === 3 && connection === connections ? { cutAfter: 2500 } : undefined,
      });
      await using source = sourceOf(server);
      const octets = new Map<string, Buffer>();
      const reader = await source.open({ path: ["INBOX"] });
      const refs = await collect(reader.list());
      const reading = (async () => {
        for await (const message of reader.fetch(refs)) octets.set(message.key, await octetsOf(message));
      })();
      expect(await failureOf(reading)).toMatchObject({ code: "N302", scope: "session", retry: "now" });
      await reader[Symbol.asyncDispose]();
      expect([...octets.keys()]).toEqual(["1", "2"]);

      await using again = await source.open({ path: ["INBOX"] });
      const rest = await readAll(again.fetch(refs.filter(({ key }) => !octets.has(key))));
      expectAll(new Map([...octets, ...rest.octets]), store.inbox);
      expect(server.connections()).toBe(connections + 1);
    });

    test("in a later part of a large message its body throws, it does not just end", async () => {
      const store = storeOf(1, 5 * 1024 * 1024);
      let parts = 0;
      const server = await serve(store, {
        onFetch: ({ body }) => {
          if (body) parts += 1;
          return body && parts === 3 ? { cutAfter: 1000 } : undefined;
        },
      });
      expect(await failureOf(readInbox(server))).toMatchObject({ code: "N302", scope: "session" });
    });

    test.each(["listing", "reading"] as const)("silence while %s ends after the account's timeout", async (when) => {
      const store = storeOf(3, 2000);
      const server = await serve(store, {
        onFetch: ({ uid, body }) => (uid === 2 && body === (when === "reading") ? { stallAfter: 10 } : undefined),
        onCommand: ({ line }) => (when === "listing" && line.includes("RFC822.SIZE") ? "stall" : undefined),
      });
      await using source = sourceOf(server, { timeoutMs: 300 });
      const reader = await source.open({ path: ["INBOX"] });
      const started = Date.now();
      const reading = (async () => readAll(reader.fetch(await collect(reader.list()))))();
      expect(await failureOf(reading)).toMatchObject({ code: "N302", scope: "session", retry: "now" });
      expect(Date.now() - started).toBeLessThan(3_000);
    });

    test("a reader that rests longer than the timeout is kept alive", async () => {
      const store = storeOf(3);
      const server = await serve(store);
      await using source = sourceOf(server, { timeoutMs: 150 });
      await using reader = await source.open({ path: ["INBOX"] });
      const refs = await collect(reader.list());
      const kept = new Promise<void>((resolve) => {
        server.script = {
          onCommand: ({ name }) => {
            if (name === "NOOP") resolve();
            return undefined;
          },
        };
      });
      await kept;
      const { octets } = await readAll(reader.fetch(refs));
      expectAll(octets, store.inbox);
      expect(server.connections()).toBe(connections);
    });

    test("a lost session never looks like an empty mailbox", async () => {
      const server = await serve(storeOf(3));
      await using source = sourceOf(server);
      const reader = await source.open({ path: ["INBOX"] });
      server.script = { onCommand: () => "drop" };
      for (let n = 0; n < 2; n += 1) {
        expect(await failureOf(collect(reader.list()))).toMatchObject({ code: "N302", scope: "session", retry: "now" });
      }
    });

    test("BYE in mid-session is told with the server's words, and is worth another try", async () => {
      const server = await serve(storeOf(3), {
        onCommand: ({ line }) => (isBodyFetch(line) ? { reply: "* BYE Session expired\r\n", next: "drop" } : undefined),
      });
      const error = await failureOf(readInbox(server));
      expect(error).toMatchObject({ code: "N302", scope: "session", retry: "now" });
      expect(error.message).toContain("Session expired");
    });

    test.each([
      ["BAD User is authenticated but not connected.", "N302", "now"],
      ["NO [THROTTLED] Account exceeded command or bandwidth limits", "N304", "later"],
      ["NO [OVERQUOTA] Account exceeded bandwidth limits", "N304", "later"],
      ["NO [LIMIT] Slow down", "N304", "now"],
    ])("%s while reading stops the session instead of blaming messages", async (reply, code, retry) => {
      const server = await serve(storeOf(3), {
        onCommand: ({ line, tag }) => (isBodyFetch(line) ? { reply: `${tag} ${reply}\r\n` } : undefined),
      });
      expect(await failureOf(readInbox(server))).toMatchObject({ code, scope: "session", retry });
      expect(server.log.filter(isBodyFetch)).toHaveLength(1);
    });

    test("a literal of four gigabytes is refused before it is read", async () => {
      const server = await serve(storeOf(3), {
        onCommand: ({ line }) =>
          isBodyFetch(line) ? { reply: "* 1 FETCH (UID 1 BODY[] {4294967295}\r\n", next: "stall" } : undefined,
      });
      expect(await failureOf(readInbox(server))).toMatchObject({ code: "N307", scope: "session" });
    });
  });

  describe("mailboxes and connections", () => {
    test("paths are decoded and unique, INBOX comes first, and what can't hold messages is left out", async () => {
      const store = storeOf(0);
      addMailbox(store, ["Été", "Ω & Cie"]);
      addMailbox(store, ["Envoyés"], "\\Sent");
      addMailbox(store, ["Spamverdacht"]);
      const server = await serve(store, {}, { delimiter: ".", prefix: "INBOX." });
      await using source = sourceOf(server);
      const [first, ...others] = await collect(source.mailboxes());
      expect(first).toEqual({ path: ["INBOX"] });
      expect(new Map(others.map(({ path, specialUse }) => [path.join("/"), specialUse]))).toEqual(
        new Map([
          ["Envoyés", "\\Sent"],
          ["Spamverdacht", "\\Junk"],
          ["Été/Ω & Cie", undefined],
        ]),
      );
      expect(others).toHaveLength(3);
    });

    test("names that collide, or that are not valid, are not lost: they are listed apart, or fail by name", async () => {
      const lines = [
        '* LIST () "." inbox',
        '* LIST () "." INBOX.INBOX',
        '* LIST () "." INBOX.shared.x',
        '* LIST () "." shared.x',
        '* LIST () "." INBOX.a&b',
        '* LIST () "." "unclosed',
      ];
      const server = await serve(
        storeOf(0),
        {
          onCommand: ({ name, tag, line }) =>
            name === "LIST" && line.includes("*")
              ? { reply: `${lines.join("\r\n")}\r\n${tag} OK done\r\n` }
              : undefined,
        },
        { delimiter: ".", prefix: "INBOX." },
      );
      await using source = sourceOf(server);
      const paths = (await collect(source.mailboxes())).map(({ path }) => path);
      expect(paths[0]).toEqual(["INBOX"]);
      expect(new Set(paths.map((path) => JSON.stringify(path))).size).toBe(6);
      expect(paths).toContainEqual(["INBOX", "INBOX"]);
      expect(paths).toContainEqual(["shared", "x"]);
      const invalid = paths.find((path) => path.at(-1) === "a&b") ?? [];
      const unread = paths.find((path) => path.at(-1)?.includes("unclosed")) ?? [];
      for (const path of [invalid, unread]) {
        const error = await failureOf(source.open({ path }));
        expect(error).toMatchObject({ code: "S602", scope: "mailbox" });
        expect(error.message).toContain(path.at(-1) === "a&b" ? "a&b" : "unclosed");
      }
    });

    test("a mailbox that can't be opened is an error of that mailbox, and the connection serves the next", async () => {
      const store = storeOf(2);
      addMailbox(store, ["Broken"]);
      const server = await serve(store, {
        onCommand: ({ line, tag }) => (/EXAMINE "?Broken/.test(line) ? { reply: `${tag} NO No way\r\n` } : undefined),
      });
      await using source = sourceOf(server, { connections: 1 });
      for (const path of [["Broken"], ["Nowhere"]]) {
        expect(await failureOf(source.open({ path }))).toMatchObject({
          code: "S602",
          scope: "mailbox",
          retry: "later",
        });
      }
      await using reader = await source.open({ path: ["INBOX"] });
      expect(await collect(reader.list())).toHaveLength(2);
      expect(server.connections()).toBe(1);
    });

    test("no more connections are made than allowed, and they are used again", async () => {
      const store = storeOf(1);
      const names = ["a", "b", "c", "d", "e"];
      for (const name of names) addMessage(addMailbox(store, [name]), name);
      const server = await serve(store);
      await using source = sourceOf(server, { connections: 2 });
      await Promise.all(
        names.map(async (name) => {
          await using reader = await source.open({ path: [name] });
          expect(await collect(reader.list())).toHaveLength(1);
        }),
      );
      expect(server.connections()).toBe(2);
    });

    test("a server that allows fewer connections than the account asks for is served with those", async () => {
      const store = storeOf(1);
      addMailbox(store, ["Other"]);
      const server = await serve(store, {
        onCommand: ({ name, tag, connection }) =>
          name === "AUTHENTICATE" && connection > 1
            ? { reply: `${tag} NO [LIMIT] Too many connections\r\n` }
            : undefined,
      });
      await using source = sourceOf(server, { connections: 4 });
      const first = await source.open({ path: ["INBOX"] });
      const second = source.open({ path: ["Other"] });
      expect(await collect(first.list())).toHaveLength(1);
      await first[Symbol.asyncDispose]();
      await using reader = await second;
      expect(await collect(reader.list())).toEqual([]);
    });

    test("a reader that is left in the middle does not download the rest, and the source still works", async () => {
      const store = storeOf(40, 100_000);
      const server = await serve(store);
      await using source = sourceOf(server);
      const reader = await source.open({ path: ["INBOX"] });
      const refs = await collect(reader.list());
      for await (const message of reader.fetch(refs)) {
        expect(message.key).toBe("1");
        break;
      }
      await reader[Symbol.asyncDispose]();
      await using again = await source.open({ path: ["INBOX"] });
      expectAll((await readAll(again.fetch(refs))).octets, store.inbox);
    });

    test("the signal ends a reader in the middle, those who wait for a connection, and every later call", async () => {
      const stop = new AbortController();
      const server = await serve(storeOf(10, 100_000));
      await using source = sourceOf(server, { connections: 1 }, stop.signal);
      const reader = await source.open({ path: ["INBOX"] });
      const refs = await collect(reader.list());
      const waiting = source.open({ path: ["INBOX"] });
      const outcome = expect(waiting).rejects.toThrow("stop");
      const reading = (async () => {
        for await (const message of reader.fetch(refs)) {
          await octetsOf(message);
          stop.abort(new Error("stop"));
        }
      })();
      await expect(reading).rejects.toThrow("stop");
      await outcome;
      await expect(source.open({ path: ["INBOX"] })).rejects.toThrow("stop");
    });

    test("after disposal no connection is left", async () => {
      const server = await serve(storeOf(1));
      const source = sourceOf(server);
      const reader = await source.open({ path: ["INBOX"] });
      await collect(source.mailboxes());
      await reader[Symbol.asyncDispose]();
      await source[Symbol.asyncDispose]();
      await expect.poll(() => server.log.filter((line) => line.includes("LOGOUT"))).toHaveLength(2);
      await expect(source.open({ path: ["INBOX"] })).rejects.toThrow("disposed");
    });
  });
});

describe("few round trips", () => {
  beforeEach(() => {
    worthWhile = 1;
  });

  test("a mailbox is opened without another listing, on whichever connection", async () => {
    const store = storeOf(1);
    addMessage(addMailbox(store, ["Box"]), contentOf(1, 40));
    const server = await serve(store);
    await using source = sourceOf(server, { connections: 4 });
    await using inbox = await source.open({ path: ["INBOX"] });
    await using box = await source.open({ path: ["Box"] });
    for (const reader of [inbox, box]) expect(await collect(reader.list())).toHaveLength(1);
    expect(server.log.filter((line) => / LIST /.test(line))).toHaveLength(1);
  });

  test("the connection that only reads is asked for messages before it has answered the EXAMINE", async () => {
    const store = storeOf(3);
    const server = await serve(store);
    await using tap = await startWiretap(server.port);
    const isAsked = () =>
      vi.waitFor(() => expect(tap.log.filter((line) => line.includes("BODY.PEEK"))).toHaveLength(1));
    server.script.onCommand = async ({ tag }) => {
      if (tag === "F1") await isAsked();
      return undefined;
    };
    await using source = openImapSource(imapAccount(tap.port, login, { connections: 2 }), undefined, { worthWhile });
    await using reader = await source.open({ path: ["INBOX"] });
    expectAll((await readAll(reader.fetch(await collect(reader.list())))).octets, store.inbox);
    expect(tap.log.filter((line) => line.startsWith("F1 EXAMINE"))).toHaveLength(1);
  });

  test("a mailbox that was made anew meanwhile gives nothing over that connection, now or later", async () => {
    const store = storeOf(3);
    const server = await serve(store);
    await using source = sourceOf(server, { connections: 2 });
    await using reader = await source.open({ path: ["INBOX"] });
    const refs = await collect(reader.list());
    const fetches: number[] = [];
    server.script.onCommand = ({ name, connection }) => {
      if (name === "EXAMINE") store.inbox.uidValidity += 1;
      if (name === "UID FETCH") fetches.push(connection);
      return undefined;
    };
    for (let round = 0; round < 2; round += 1) expectAll((await readAll(reader.fetch(refs))).octets, store.inbox);
    expect(fetches.filter((connection) => connection === 1)).toHaveLength(2);
  });
});
