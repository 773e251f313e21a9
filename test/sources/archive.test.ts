// An archive that a run has made, as a source. In the spirit of source-contract.ts; an archive has no connection to cut.

import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ImapServer, startImapServer } from "../../src/demo/imap-server.ts";
import {
  addMailbox,
  addMessage,
  createMailStore,
  findMailbox,
  type MailStore,
  removeMessages,
  type StoredMailbox,
  setFlags,
} from "../../src/demo/mail-store.ts";
import { type ArchiveFormat, runJobs } from "../../src/index.ts";
import type { Message, MessageRef } from "../../src/message.ts";
import { openArchiveSource } from "../../src/sources/archive.ts";
import type { SourceNotice } from "../../src/sources/source.ts";
import { openHandles } from "../sink-contract.ts";
import { sha256 } from "../support/archives.ts";
import { collect, failureOf, octetsOf } from "../support/imap.ts";
import { accountOn, jobTo, temporaryFolder } from "../support/jobs.ts";
import { tortureMessages } from "../support/torture.ts";

const inbox = { path: ["INBOX"] };
const nested = { path: ["Projets", "Été 2026"] };
const body = (words: string) => Buffer.from(`Subject: ${words}\r\n\r\n${words}\r\n`);

describe.each(["mbox", "maildir"] as const)("an archive in the %s format, as a source,", (format) => {
  let store: MailStore;
  let server: ImapServer;
  let archive = "";

  beforeEach(async () => {
    store = createMailStore("ada", "secret");
    server = await startImapServer({ store });
    archive = temporaryFolder();
  });
  afterEach(async () => {
    await expect.poll(() => openHandles(archive) ?? []).toEqual([]);
    await server.close();
  });

  function box({ path }: { path: string[] }): StoredMailbox {
    return findMailbox(store, path) ?? addMailbox(store, path);
  }

  async function run(): Promise<void> {
    const account = accountOn({ protocol: "imap", port: server.port, ...store });
    const { jobs } = await runJobs([jobTo(archive, format, account)], { concurrency: 2 });
    expect(jobs[0]?.error).toBeUndefined();
    expect(jobs[0]?.verdict).toBe("safe");
  }

  async function fill(...words: readonly string[]): Promise<void> {
    for (const each of words) addMessage(box(inbox), body(each));
    await run();
  }

  async function refsOf(mailbox = inbox): Promise<MessageRef[]> {
    await using source = openArchiveSource(archive);
    await using reader = await source.open(mailbox);
    return collect(reader.list());
  }

  interface Got extends Omit<Message, "body"> {
    readonly octets?: Buffer;
    readonly error?: unknown;
    /** How many octets came before the error. */
    readonly before?: number;
  }

  /** Every message of a mailbox, or of those that are asked for. */
  async function readAll(mailbox = inbox, wanted?: readonly MessageRef[]): Promise<Got[]> {
    await using source = openArchiveSource(archive);
    await using reader = await source.open(mailbox);
    const refs = wanted ?? (await collect(reader.list()));
    const got: Got[] = [];
    for await (const { body: octets, ...rest } of reader.fetch(refs)) {
      const chunks: Uint8Array[] = [];
      try {
        for await (const chunk of octets) chunks.push(chunk);
        got.push({ ...rest, octets: Buffer.concat(chunks) });
      } catch (error) {
        got.push({ ...rest, error, before: Buffer.concat(chunks).length });
      }
    }
    return got;
  }

  const wordsOf = (got: readonly Got[]) =>
    got.map(({ octets }) => /Subject: (.*)\r/.exec(String(octets))?.[1] ?? "").sort();

  /** The file that holds the mail of INBOX: all of it, or this message. */
  function fileWith(words: string): string {
    if (format === "mbox") return join(archive, "mbox", "INBOX.mbox");
    const folder = join(archive, "maildir", "cur");
    const name = readdirSync(folder).find((each) => String(readFileSync(join(folder, each))).includes(words));
    return join(folder, name ?? expect.fail(`no file with ${words}`));
  }

  test("gives every message to the octet, with its flags, keywords and date", async () => {
    const flags = [[], ["\\Seen", "$Forwarded"], ["\\Flagged", "work", "$Junk"]];
    const messages = tortureMessages();
    for (const mailbox of [inbox, nested]) {
      for (const [n, { bytes }] of [...messages, ...messages.slice(0, 3)].entries()) {
        addMessage(box(mailbox), bytes, { flags: flags[n % 3] ?? [], internalDate: new Date(1e12 + n * 1e7) });
      }
    }
    await run();
    await using source = openArchiveSource(archive);
    expect(await collect(source.mailboxes())).toEqual([inbox, nested]);
    for (const mailbox of [inbox, nested]) {
      const stored = box(mailbox).messages;
      const got = await readAll(mailbox);
      const line = (octets: Uint8Array, each: Pick<Message, "flags" | "internalDate">) =>
        `${sha256(octets)} ${each.flags.join(" ")} ${each.internalDate?.toISOString()}`;
      expect(got.map((one) => line(one.octets ?? Buffer.alloc(0), one)).sort()).toEqual(
        stored.map((one) => line(one.bytes, one)).sort(),
      );
      const refs = await refsOf(mailbox);
      expect(new Set(refs.map(({ key }) => key)).size).toBe(stored.length);
      expect(got).toEqual(refs.map((ref) => expect.objectContaining({ ...ref })));
      for (const { size, octets } of got) expect(size).toBe(octets?.length);
    }
  });

  test("gives those that are asked for, under keys that stay, and passes over those it does not know", async () => {
    await fill("one", "two", "three");
    const [one, two] = await refsOf();
    const { validity } = await openReader();
    await fill("four");
    expect((await openReader()).validity).toBe(validity);
    expect((await refsOf()).map(({ key }) => key)).toEqual(expect.arrayContaining([one?.key, two?.key]));
    const got = await readAll(
      inbox,
      [two, { key: "no such key" }, one].filter((ref) => ref !== undefined),
    );
    expect(got.map(({ key }) => key)).toEqual([two?.key, one?.key]);
    expect(wordsOf(got)).toEqual(["one", "two"]);
  });

  async function openReader() {
    await using source = openArchiveSource(archive);
    await using reader = await source.open(inbox);
    expect(reader.keys).toBe("stable");
    return { validity: reader.validity };
  }

  test("tells the flags of the last run, not those that a mail reader has set in the archive", async () => {
    await fill("one");
    const [before] = await refsOf();
    const [message] = box(inbox).messages;
    if (message !== undefined) setFlags(box(inbox), message, ["\\Seen", "work"]);
    await run();
    if (format === "maildir") renameSync(fileWith("one"), fileWith("one").replace(/:2,.*/, ":2,FT"));
    expect(await refsOf()).toEqual([{ ...before, flags: ["\\Seen", "work"] }]);
    expect(wordsOf(await readAll())).toEqual(["one"]);
  });

  test("gives what was stored before the server numbered its messages anew, and what is gone there", async () => {
    await fill("one", "two", "gone");
    const before = await refsOf();
    const mailbox = box(inbox);
    removeMessages(mailbox, ({ bytes }) => bytes.equals(body("gone")));
    mailbox.uidValidity += 1;
    for (const message of mailbox.messages) message.uid = mailbox.uidNext++;
    await fill("three");
    expect(wordsOf(await readAll())).toEqual(["gone", "one", "three", "two"]);
    expect((await refsOf()).map(({ key }) => key)).toEqual(expect.arrayContaining(before.map(({ key }) => key)));
  });

  test("goes on to the next message when a body is not read, or not to its end", async () => {
    await fill(...Array.from({ length: 9 }, (_, n) => `message ${n}`));
    await using source = openArchiveSource(archive);
    await using reader = await source.open(inbox);
    const read: string[] = [];
    let place = 0;
    for await (const message of reader.fetch(await collect(reader.list()))) {
      place += 1;
      if (place % 3 === 0) continue;
      if (place % 3 === 1) for await (const _ of message.body) break;
      else read.push(String(await octetsOf(message)));
    }
    expect(read).toEqual([1, 4, 7].map((n) => String(body(`message ${n}`))));
  });

  test("gives nothing out as a message that is not the one that arrived, and gives the others", async () => {
    addMessage(box(inbox), Buffer.from(`Subject: large\r\n\r\n${"a line of text\r\n".repeat(60_000)}end\r\n`));
    await fill("small", "sound");
    for (const words of ["end", "small"]) {
      const path = fileWith(words);
      const octets = readFileSync(path);
      const at = octets.indexOf(words);
      octets[at] = (octets[at] ?? 0) ^ 1;
      writeFileSync(path, octets);
    }
    const got = await readAll();
    expect(got).toHaveLength(3);
    expect(wordsOf(got.filter(({ octets }) => octets !== undefined))).toEqual(["sound"]);
    for (const { error, before = 0, size = 0 } of got.filter((one) => one.octets === undefined)) {
      expect(error).toMatchObject({ code: "V901", scope: "message" });
      expect(before).toBeLessThan(size);
    }
  });

  test("names a message that is lost as one that can't be read, never as one that is gone", async () => {
    await fill("one", "two", "three");
    if (format === "maildir") rmSync(fileWith("three"));
    else truncateSync(fileWith("three"), readFileSync(fileWith("three")).indexOf("Subject: three") + 5);
    const got = await readAll();
    expect(got).toHaveLength(3);
    expect(wordsOf(got)).toEqual(["", "one", "two"]);
    const error = got.find((one) => one.octets === undefined)?.error;
    // Tried again by the next run: it may have been put back.
    expect(error).toMatchObject({ code: "V901", scope: "message", retry: "later" });
    rmSync(join(archive, format), { recursive: true });
    for (const one of await readAll()) expect(one.error).toMatchObject({ code: "V901", scope: "message" });
  });

  test("passes over mail that no ledger knows", async () => {
    await fill("one");
    if (format === "maildir") {
      for (const name of ["cur/1700000000.M1P2.host,S=3,W=3:2,S", "new/1700000000.M1P2.other"]) {
        writeFileSync(join(archive, "maildir", name), body("foreign"));
      }
      mkdirSync(join(archive, "maildir", ".Foreign", "cur"), { recursive: true });
    } else {
      writeFileSync(join(archive, "mbox", "INBOX.mbox"), "From x Thu Jan  1 00:00:00 2026\n\n\n", { flag: "a" });
      writeFileSync(join(archive, "mbox", "Foreign.mbox"), "");
    }
    await using source = openArchiveSource(archive);
    expect(await collect(source.mailboxes())).toEqual([inbox]);
    expect(wordsOf(await readAll())).toEqual(["one"]);
  });

  test("gives another key to another message in the same place", async () => {
    const internalDate = new Date(0);
    addMessage(box(inbox), body("one"), { internalDate });
    await run();
    const [before] = await refsOf();
    // What the remedy says where a file was changed: both are moved out of the archive.
    rmSync(join(archive, "ledger", "INBOX.jsonl"));
    rmSync(join(archive, format), { recursive: true });
    removeMessages(box(inbox), () => true);
    box(inbox).uidNext = 1;
    addMessage(box(inbox), body("two"), { internalDate });
    await run();
    const after = await refsOf();
    expect(after).toEqual([{ ...before, key: expect.not.stringMatching(`^${before?.key}$`) }]);
    expect(await readAll(inbox, before === undefined ? [] : [before])).toEqual([]);
  });

  test("says once that a ledger is damaged from its start, and gives the other mailboxes", async () => {
    addMessage(box(nested), body("nested"));
    await fill("one");
    writeFileSync(join(archive, "ledger", "INBOX.jsonl"), "not a ledger\n");
    const notices: SourceNotice[] = [];
    await using source = openArchiveSource(archive, { notice: (notice) => notices.push(notice) });
    for (let time = 0; time < 2; time++) expect(await collect(source.mailboxes())).toEqual([nested]);
    expect(notices).toEqual([{ code: "V901", mailbox: [], reason: expect.stringContaining("INBOX.jsonl") }]);
    expect(wordsOf(await readAll(nested))).toEqual(["nested"]);
  });

  test("spoils one mailbox alone where a ledger is damaged in its middle", async () => {
    addMessage(box(nested), body("nested"));
    await fill("one");
    const path = join(archive, "ledger", "INBOX.jsonl");
    const lines = readFileSync(path, "utf8").split("\n");
    writeFileSync(path, [lines[0], "broken", ...lines.slice(1)].join("\n"));
    await using source = openArchiveSource(archive);
    expect(await collect(source.mailboxes())).toEqual([inbox, nested]);
    expect(await failureOf(source.open(inbox))).toMatchObject({ code: "V901", scope: "mailbox", retry: "never" });
    expect(wordsOf(await readAll(nested))).toEqual(["nested"]);
  });

  test("is read while a run has it locked, and nothing in it changes", async () => {
    await fill("one", "two");
    writeFileSync(join(archive, "mailferry.lock"), "somebody's");
    const all = () =>
      (readdirSync(archive, { recursive: true }) as string[]).sort().map((name) => {
        const { mtimeMs, size, ino } = statSync(join(archive, name));
        return [name, mtimeMs, size, ino];
      });
    utimesSync(join(archive, format), 1, 1);
    const before = all();
    await using source = openArchiveSource(archive);
    expect(await collect(source.mailboxes())).toEqual([inbox]);
    expect(await readAll()).toHaveLength(2);
    expect(all()).toEqual(before);
  });

  test("ends with the signal's reason between two messages", async () => {
    await fill("one", "two");
    const stop = new AbortController();
    const reason = new Error("enough");
    await using source = openArchiveSource(archive, { signal: stop.signal });
    await using reader = await source.open(inbox);
    const refs = await collect(reader.list());
    const got: string[] = [];
    const reading = (async () => {
      for await (const message of reader.fetch(refs)) {
        stop.abort(reason);
        got.push(String(await octetsOf(message)));
      }
    })();
    await expect(reading).rejects.toBe(reason);
    expect(got).toHaveLength(1);
    await expect(source.open(inbox)).rejects.toBe(reason);
    await expect(collect(source.mailboxes())).rejects.toBe(reason);
  });

  test("may be disposed of at any time, and twice", async () => {
    await fill("one");
    const unused = openArchiveSource(archive);
    await unused[Symbol.asyncDispose]();
    const used = openArchiveSource(archive);
    const reader = await used.open(inbox);
    await collect(reader.fetch(await collect(reader.list())));
    await used[Symbol.asyncDispose]();
    await reader[Symbol.asyncDispose]();
    await reader[Symbol.asyncDispose]();
    await used[Symbol.asyncDispose]();
  });

  test("has no mailbox that was never stored", async () => {
    await fill("one");
    await using source = openArchiveSource(archive);
    expect(await failureOf(source.open({ path: ["Sent"] }))).toMatchObject({ code: "D506", scope: "mailbox" });
  });
});

test("a message file that can't be read spoils that message alone", async () => {
  const store = createMailStore("ada", "secret");
  for (const words of ["one", "two"]) addMessage(findMailbox(store, ["INBOX"]) ?? expect.fail(), body(words));
  const server = await startImapServer({ store });
  const archive = temporaryFolder();
  const format: ArchiveFormat = "maildir";
  await runJobs([jobTo(archive, format, accountOn({ protocol: "imap", port: server.port, ...store }))], {
    concurrency: 1,
  });
  await server.close();
  const cur = join(archive, "maildir", "cur");
  const [first = ""] = readdirSync(cur);
  rmSync(join(cur, first));
  mkdirSync(join(cur, first));
  await using source = openArchiveSource(archive);
  await using reader = await source.open(inbox);
  const errors: unknown[] = [];
  let whole = 0;
  for await (const message of reader.fetch(await collect(reader.list()))) {
    await octetsOf(message).then(
      () => whole++,
      (error: unknown) => errors.push(error),
    );
  }
  expect(whole).toBe(1);
  expect(errors).toEqual([expect.objectContaining({ code: "M401", scope: "message", retry: "later" })]);
});

test("a folder that holds no archive is none, whatever else it holds", async () => {
  for (const name of [undefined, "a letter.txt"]) {
    const folder = temporaryFolder();
    if (name !== undefined) writeFileSync(join(folder, name), "x");
    await using source = openArchiveSource(folder);
    const wanted = { code: "D506", scope: "session", retry: "never" };
    expect(await failureOf(collect(source.mailboxes()))).toMatchObject(wanted);
    expect(await failureOf(source.open(inbox))).toMatchObject(wanted);
  }
});
