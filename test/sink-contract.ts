// What every sink promises, whatever it writes. The ledger here is the real one: the two only mean something together.

import { mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MailferryError } from "../src/errors.ts";
import type { Commit, Message, Stored } from "../src/message.ts";
import type { MailboxWriter, Since, Sink } from "../src/sinks/sink.ts";
import { type Ledger, openLedger } from "../src/storage/ledger.ts";
import type { StoredMail } from "../src/storage/stored-mail.ts";
import { sha256 } from "./support/archives.ts";
import { chunksOf, collect } from "./support/chunks.ts";
import { corpusMessages, type NamedMessage } from "./support/corpus.ts";
import { tortureMessages } from "./support/torture.ts";

export interface SinkFixture {
  readonly sink: Sink;
  /** Reads the one mailbox of this contract back. */
  openMail(): StoredMail;
  /** How many messages the store holds, by its own means. */
  count(): number;
  /** Empties a store that does not lie in the directory. */
  clear?(): void;
}

export const mailbox = { path: ["Projets", "2026"] } as const;
export const date = new Date("2026-02-03T04:05:06Z");

/** A message whose body comes in pieces and can be read once. */
export function message(key: string, bytes: Uint8Array, more: Partial<Message> & { pieces?: number } = {}): Message {
  const { pieces = 65_521, ...rest } = more;
  let isRead = false;
  async function* body(): AsyncGenerator<Uint8Array> {
    if (isRead) throw new Error("a body is readable once");
    isRead = true;
    yield* chunksOf(bytes, pieces);
  }
  return { key, flags: [], internalDate: date, body: body(), ...rest };
}

/** A message whose body breaks off after some octets. */
export function brokenMessage(key: string, octets: number): { message: Message; error: MailferryError } {
  const error = new MailferryError("M401", "the server closed the connection", { scope: "message", retry: "later" });
  async function* body(): AsyncGenerator<Uint8Array> {
    yield* chunksOf(Buffer.alloc(octets, "x"), 65_521);
    throw error;
  }
  return { message: { key, flags: [], internalDate: date, body: body() }, error };
}

export function text(words: string): Buffer {
  return Buffer.from(`Subject: ${words}\r\n\r\nFrom here\r\n${words}\r\n`);
}

export function sinceOf(ledger: Ledger): Since | undefined {
  const { checkpoint } = ledger;
  return checkpoint === undefined ? undefined : { checkpoint, holds: (place) => ledger.holds(place) };
}

/** Files under `directory` that this process has open; `undefined` where the system does not tell. */
export function openHandles(directory: string): string[] | undefined {
  try {
    return readdirSync("/proc/self/fd").flatMap((fd) => {
      try {
        const path = readlinkSync(`/proc/self/fd/${fd}`);
        return path.startsWith(directory) ? [path] : [];
      } catch {
        return [];
      }
    });
  } catch {
    return undefined;
  }
}

export function filesUnder(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
}

/** The contract; `makeSink` makes a sink that keeps all it writes in a directory of its own. */
export function describeSink(name: string, makeSink: (directory: string) => SinkFixture): void {
  describe(`${name}, as every sink`, () => {
    let directory = "";
    let fixture: SinkFixture;
    const opened: Ledger[] = [];

    beforeEach(() => {
      directory = mkdtempSync(join(tmpdir(), "mailferry-sink-"));
      fixture = makeSink(join(directory, "mail"));
    });

    afterEach(async () => {
      for (const ledger of opened.splice(0)) await ledger[Symbol.asyncDispose]();
      await expect.poll(() => openHandles(directory) ?? []).toEqual([]);
      rmSync(directory, { recursive: true });
    });

    async function ledgerOf(validity = "1"): Promise<Ledger> {
      for (const ledger of opened.splice(0)) await ledger[Symbol.asyncDispose]();
      const ledger = await openLedger(join(directory, "ledger.jsonl"), mailbox.path);
      opened.push(ledger);
      if (ledger.validity !== validity) await ledger.begin(validity);
      return ledger;
    }

    /** A run: what the ledger has not settled is appended, in batches; `crashAfter` commits are made, the last unrecorded. */
    async function run(
      messages: readonly NamedMessage[],
      { batch = 100, crashAfter = Number.POSITIVE_INFINITY, validity = "1" } = {},
    ): Promise<void> {
      const ledger = await ledgerOf(validity);
      await using writer = await fixture.sink.open(mailbox, sinceOf(ledger));
      let commits = 0;
      const commit = async () => {
        const made = await writer.commit();
        if (++commits >= crashAfter) return false;
        await ledger.record(made);
        return true;
      };
      if (ledger.checkpoint === undefined && !(await commit())) return;
      const todo = messages.filter(({ name }) => !ledger.isSettled(name));
      for (let start = 0; start < todo.length; start += batch) {
        for (const { name, bytes } of todo.slice(start, start + batch)) await writer.append(message(name, bytes));
        if (!(await commit())) return;
      }
    }

    async function readAll(stored: Iterable<Stored>): Promise<Map<string, Buffer>> {
      await using mail = fixture.openMail();
      const all = new Map<string, Buffer>();
      for (const { key, place } of stored) all.set(key, await collect(mail.read(place)));
      return all;
    }

    async function write(writer: MailboxWriter, messages: Iterable<Message>): Promise<Commit> {
      for (const each of messages) await writer.append(each);
      return writer.commit();
    }

    async function expectExactly(messages: readonly NamedMessage[]): Promise<void> {
      const ledger = await ledgerOf();
      const found = await readAll(ledger.current());
      expect([...found.keys()].sort()).toEqual(messages.map((each) => each.name).sort());
      for (const { name, bytes } of messages) expect(found.get(name)?.equals(bytes), name).toBe(true);
      expect(fixture.count()).toBe(messages.length);
    }

    test("a mailbox without messages can be opened, committed and opened again", async () => {
      await run([]);
      const ledger = await ledgerOf();
      expect(ledger.checkpoint).toBeDefined();
      await using writer = await fixture.sink.open(mailbox, sinceOf(ledger));
      expect(await writer.commit()).toMatchObject({ checkpoint: ledger.checkpoint, stored: [], failed: [] });
      expect(fixture.count()).toBe(0);
    });

    for (const pieces of [97, 65_521]) {
      test(`every message comes back to the octet, received in pieces of ${pieces}`, async () => {
        const messages = [...tortureMessages(), ...(pieces > 1000 ? corpusMessages() : [])];
        const ledger = await ledgerOf();
        await using writer = await fixture.sink.open(mailbox);
        await ledger.record(await writer.commit());
        for (let start = 0; start < messages.length; start += 300) {
          const batch = messages.slice(start, start + 300);
          const commit = await write(
            writer,
            batch.map(({ name, bytes }) => message(name, bytes, { pieces })),
          );
          expect(commit.stored.map(({ key }) => key)).toEqual(batch.map(({ name }) => name));
          expect(commit.failed).toEqual([]);
          await ledger.record(commit);
        }
        await expectExactly(messages);
        const stored = [...(await ledgerOf()).current()];
        for (const { name, bytes } of messages) {
          const one = stored.find(({ key }) => key === name);
          expect({ size: one?.size, sha256: one?.sha256 }).toEqual({ size: bytes.length, sha256: sha256(bytes) });
        }
        expect(new Set(stored.map(({ place }) => JSON.stringify(place))).size).toBe(messages.length);
      });
    }

    test("flags and INTERNALDATE are recorded as they came", async () => {
      const flags = ["$Junk", "\\Seen", "été", "proj"];
      await using writer = await fixture.sink.open(mailbox);
      const dates = [date, undefined, new Date(0), new Date("1969-07-20T20:17:40Z"), new Date("2200-01-01T00:00:00Z")];
      const { stored } = await write(
        writer,
        dates.map((internalDate, at) => message(String(at), text("x"), { flags, internalDate })),
      );
      expect(stored.map((one) => one.internalDate)).toEqual(dates);
      for (const one of stored) expect(one.flags).toEqual(flags);
    });

    for (const octets of [0, 1000, 6_000_000]) {
      test(`a body that breaks off after ${octets} octets leaves no trace, and the next message goes on`, async () => {
        const ledger = await ledgerOf();
        await using writer = await fixture.sink.open(mailbox);
        await writer.append(message("1", text("before")));
        const broken = brokenMessage("2", octets);
        await expect(writer.append(broken.message)).rejects.toBe(broken.error);
        await writer.append(message("3", text("after")));
        await ledger.record(await writer.commit());
        await expectExactly([
          { name: "1", bytes: text("before") },
          { name: "3", bytes: text("after") },
        ]);
        expect(filesUnder(directory).filter((file) => /spool|tmp/.test(file))).toEqual([]);
      });
    }

    test("what was appended but not committed is not there when the mailbox is opened again", async () => {
      await run([{ name: "1", bytes: text("kept") }]);
      {
        await using writer = await fixture.sink.open(mailbox, sinceOf(await ledgerOf()));
        await writer.append(message("2", text("abandoned")));
        await writer.append(message("3", Buffer.alloc(5_000_000, "y")));
      }
      await run([]);
      await expectExactly([{ name: "1", bytes: text("kept") }]);
    });

    test("a run that dies after any commit and is repeated leaves each message exactly once, twins included", async () => {
      const messages = Array.from({ length: 12 }, (_, n) => ({ name: String(n + 1), bytes: text(`body ${n % 4}`) }));
      for (const [crash, again] of [
        [1, 1],
        [2, 1],
        [2, 3],
        [3, 2],
        [4, 4],
      ] as const) {
        fixture.clear?.();
        rmSync(join(directory, "mail"), { recursive: true, force: true });
        rmSync(join(directory, "ledger.jsonl"), { force: true });
        await run(messages, { batch: 3, crashAfter: crash });
        await run(messages, { batch: 5, crashAfter: again });
        await run(messages, { batch: 4 });
        await expectExactly(messages);
        await run(messages);
        await expectExactly(messages);
      }
    });

    test("torture messages survive a crash and a repeat", async () => {
      const messages = tortureMessages();
      await run(messages, { batch: 40, crashAfter: 2 });
      await run(messages, { batch: 25, crashAfter: 2 });
      await run(messages);
      await expectExactly(messages);
    });

    test("two equal messages under two keys stay two", async () => {
      const twins = ["1", "2", "3"].map((name) => ({ name, bytes: text("twin") }));
      await run(twins.slice(0, 2));
      await run(twins);
      await expectExactly(twins);
    });

    const reused = [
      { how: "with other content", first: text("first"), second: text("second") },
      { how: "with the same content", first: text("same"), second: text("same") },
      { how: "with other line ends", first: Buffer.from("a: b\n\nc\n"), second: Buffer.from("a: b\r\n\r\nc\r\n") },
      { how: "with other line ends, CRLF first", first: Buffer.from("a\r\nb\r\n"), second: Buffer.from("a\nb\n") },
    ];
    for (const { how, first, second } of reused) {
      test(`a key that is used again ${how} replaces nothing`, async () => {
        await run([{ name: "7", bytes: first }]);
        await run([{ name: "7", bytes: second }], { validity: "2" });
        const ledger = await ledgerOf("2");
        const all = [...ledger.earlier(), ...ledger.current()];
        await using mail = fixture.openMail();
        const found = await Promise.all(all.map(({ place }) => collect(mail.read(place))));
        expect(found.map(String)).toEqual([first, second].map(String));
        expect(fixture.count()).toBe(2);
      });

      test(`a key that comes twice in one batch ${how} is stored twice`, async () => {
        await using writer = await fixture.sink.open(mailbox);
        const { stored } = await write(writer, [message("7", first), message("7", second)]);
        await using mail = fixture.openMail();
        const found = await Promise.all(stored.map(({ place }) => collect(mail.read(place))));
        expect(found.map(String)).toEqual([first, second].map(String));
        expect(fixture.count()).toBe(2);
      });
    }

    test("bodies larger than memory is given come back to the octet and leave no file behind", async () => {
      const large = (end: string, newline = "\r\n") => {
        const lines = ["x".repeat(20_000), "From x", ">From y", ""].join(newline);
        return Buffer.from(`Subject: large\r\n\r\n${lines.repeat(250)}${end}`);
      };
      const messages = [
        { name: "CRLF", bytes: large("\r\n") },
        { name: "no final newline", bytes: large("end") },
        { name: "ends with CR", bytes: large("\r") },
        { name: "bare LF", bytes: large("\n", "\n") },
        { name: "ends with From_", bytes: large("From ") },
        { name: "exactly 4 MiB", bytes: Buffer.alloc(4 * 1024 * 1024, "z") },
        { name: "one octet more", bytes: Buffer.alloc(4 * 1024 * 1024 + 1, "z") },
        { name: "one line", bytes: Buffer.alloc(9_000_000, ">") },
      ];
      await run(messages, { batch: 3, crashAfter: 2 });
      await run(messages, { batch: 5 });
      await expectExactly(messages);
      expect(filesUnder(directory).filter((file) => /spool|\btmp\b/.test(file))).toEqual([]);
    });

    test("keys are only names: hostile ones are stored like any other", async () => {
      const keys = [
        "__proto__",
        "constructor",
        "../../etc/passwd",
        "a\nb",
        "\0",
        "",
        " ",
        "é",
        "x".repeat(1000),
        "\ud800",
      ];
      const messages = keys.map((name) => ({ name, bytes: text(JSON.stringify(name)) }));
      await run(messages, { batch: 4, crashAfter: 3 });
      await run(messages);
      await expectExactly(messages);
    });

    test("a writer can be disposed right away, and after a commit", async () => {
      await (await fixture.sink.open(mailbox))[Symbol.asyncDispose]();
      await run([{ name: "1", bytes: text("one") }]);
      await expectExactly([{ name: "1", bytes: text("one") }]);
    });
  });
}
