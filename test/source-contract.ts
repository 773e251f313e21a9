// What every source promises, whatever it reads from.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { addMessage, createMailStore, findMailbox, type StoredMailbox } from "../src/demo/mail-store.ts";
import { MailferryError } from "../src/errors.ts";
import type { Message, MessageRef } from "../src/message.ts";
import type { MailboxReader, Source } from "../src/sources/source.ts";
import { sha256 } from "./support/archives.ts";
import { collect, octetsOf } from "./support/imap.ts";
import { tortureMessages } from "./support/torture.ts";

/** A server with the store that `describeSource` gives it, and sources that read from it. */
export interface SourceFixture {
  open(signal?: AbortSignal): Source;
  /** A message's octets as this protocol can serve them. */
  served(bytes: Buffer): Buffer;
  /** From now on the server can't deliver the n-th message, counted from 1. */
  spoil(place: number): void;
  /** From now on each connection ends after so many octets; 0: it no longer does. */
  cutAfter(octets: number): void;
  close(): Promise<void>;
}

const inbox = { path: ["INBOX"] } as const;

export function describeSource(
  name: string,
  start: (store: ReturnType<typeof createMailStore>) => Promise<SourceFixture>,
): void {
  describe(`${name}, as any source,`, () => {
    const messages = tortureMessages();
    let fixture: SourceFixture;
    let mailbox: StoredMailbox;

    beforeEach(async () => {
      const store = createMailStore("ada", "secret-contract");
      mailbox = findMailbox(store, inbox.path) ?? expect.fail("no INBOX");
      for (const { bytes } of messages) addMessage(mailbox, bytes);
      addMessage(mailbox, messages[0]?.bytes ?? "");
      fixture = await start(store);
    });
    afterEach(() => fixture.close());

    const expected = () => mailbox.messages.map(({ bytes }) => sha256(fixture.served(bytes)));

    test("lists INBOX among its mailboxes", async () => {
      await using source = fixture.open();
      expect((await collect(source.mailboxes())).map(({ path }) => path)).toContainEqual(["INBOX"]);
    });

    test("gives every message to the octet, under a key of its own", async () => {
      await using source = fixture.open();
      await using reader = await source.open(inbox);
      const refs = await collect(reader.list());
      expect(new Set(refs.map(({ key }) => key)).size).toBe(mailbox.messages.length);
      expect((await readAll(reader, refs)).map(({ digest }) => digest).sort()).toEqual(expected().sort());
    });

    test("gives those that are asked for, and keeps their keys while the validity stays the same", async () => {
      await using source = fixture.open();
      let chosen: MessageRef[];
      let first: Map<string, string | undefined>;
      let validity: string;
      {
        await using reader = await source.open(inbox);
        ({ validity } = reader);
        const refs = await collect(reader.list());
        chosen = [refs[6], refs[1], refs[3]].filter((ref) => ref !== undefined);
        first = new Map((await readAll(reader, chosen)).map(({ key, digest }) => [key, digest]));
        expect([...first.keys()].sort()).toEqual(chosen.map(({ key }) => key).sort());
      }
      await using again = await source.open(inbox);
      expect(again.validity).toBe(validity);
      await collect(again.list());
      expect(new Map((await readAll(again, chosen)).map(({ key, digest }) => [key, digest]))).toEqual(first);
    });

    test("goes on to the next message when a body is not read, or not to its end", async () => {
      await using source = fixture.open();
      await using reader = await source.open(inbox);
      const refs = await collect(reader.list());
      const digests = new Set<string>();
      let place = 0;
      for await (const message of reader.fetch(refs)) {
        place += 1;
        if (place % 3 === 0) continue;
        if (place % 3 === 1) for await (const _ of message.body) break;
        else digests.add(sha256(await octetsOf(message)));
      }
      expect(place).toBe(refs.length);
      for (const digest of digests) expect(expected()).toContain(digest);
    });

    test("brings the others when one can't be delivered, and that one with a body that throws", async () => {
      fixture.spoil(2);
      await using source = fixture.open();
      await using reader = await source.open(inbox);
      const refs = await collect(reader.list());
      const got = await readAll(reader, refs);
      expect(got).toHaveLength(refs.length);
      const failed = got.filter(({ error }) => error !== undefined);
      expect(failed.map(({ key }) => key)).toEqual([refs[1]?.key]);
      expect(failed[0]?.error).toMatchObject({ code: "M401", scope: "message", retry: "later" });
    });

    test("fails as a whole when the connection breaks, never with a short message, and can be opened again", async () => {
      await using source = fixture.open();
      const whole = new Set(expected());
      for (const octets of [2_000, 6_000, 30_000]) {
        fixture.cutAfter(octets);
        const error = await readInbox(source, whole).catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(MailferryError);
        expect(error).toMatchObject({ code: "N302", scope: "session", retry: "now" });
        fixture.cutAfter(0);
        expect(await readInbox(source, whole)).toBe(mailbox.messages.length);
      }
    });

    test("can be left in the middle and opened again", async () => {
      await using source = fixture.open();
      {
        await using reader = await source.open(inbox);
        for await (const message of reader.fetch(await collect(reader.list()))) {
          await octetsOf(message);
          break;
        }
      }
      expect(await readInbox(source, new Set(expected()))).toBe(mailbox.messages.length);
    });

    test("ends with the signal's reason", async () => {
      const stop = new AbortController();
      const reason = new Error("enough");
      await using source = fixture.open(stop.signal);
      await using reader = await source.open(inbox);
      const refs = await collect(reader.list());
      const reading = (async () => {
        for await (const message of reader.fetch(refs)) {
          stop.abort(reason);
          await octetsOf(message);
        }
      })();
      await expect(reading).rejects.toBe(reason);
      await expect(source.open(inbox)).rejects.toBe(reason);
    });

    test("may be disposed of at any time, and twice", async () => {
      const unused = fixture.open();
      await unused[Symbol.asyncDispose]();
      const used = fixture.open();
      const reader = await used.open(inbox);
      await used[Symbol.asyncDispose]();
      await reader[Symbol.asyncDispose]();
      await reader[Symbol.asyncDispose]();
      await used[Symbol.asyncDispose]();
    });
  });
}

interface Got {
  readonly key: string;
  readonly digest?: string;
  readonly error?: unknown;
}

async function readAll(reader: MailboxReader, refs: readonly MessageRef[]): Promise<Got[]> {
  const got: Got[] = [];
  for await (const message of reader.fetch(refs)) got.push(await read(message));
  return got;
}

async function read(message: Message): Promise<Got> {
  try {
    return { key: message.key, digest: sha256(await octetsOf(message)) };
  } catch (error) {
    if (error instanceof MailferryError && error.scope === "message") return { key: message.key, error };
    throw error;
  }
}

/** Reads INBOX; each message that comes to its end must be one of these. Gives their number. */
async function readInbox(source: Source, whole: ReadonlySet<string>): Promise<number> {
  await using reader = await source.open(inbox);
  let count = 0;
  for await (const message of reader.fetch(await collect(reader.list()))) {
    expect(whole).toContain(sha256(await octetsOf(message)));
    count += 1;
  }
  return count;
}
