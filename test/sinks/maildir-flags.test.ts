// Flags that change after a message was stored in a Maildir, while mail readers change them too.

import {
  cpSync,
  linkSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { chown, readdir, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parseInfo, parseKeywords, parseUniqueName } from "../../src/formats/maildir.ts";
import type { FlagChange, Stored } from "../../src/message.ts";
import { openMaildirWriter } from "../../src/sinks/maildir.ts";
import type { MailboxWriter } from "../../src/sinks/sink.ts";
import { openImapSource } from "../../src/sources/imap.ts";
import { openStoredMaildir } from "../../src/storage/stored-maildir.ts";
import { message, openHandles, text } from "../sink-contract.ts";
import { collect } from "../support/chunks.ts";
import { crashAt, mend } from "../support/crash-at.mjs";
import { type Dovecot, type DovecotUser, dovecotAvailable, startDovecot } from "../support/dovecot.ts";
import { accountOn } from "../support/jobs.ts";
import { RawClient } from "../support/raw-client.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "mailferry-flags-"));
});
afterEach(async () => {
  mend();
  await expect.poll(() => openHandles(directory) ?? []).toEqual([]);
  rmSync(directory, { recursive: true });
});

/** Stores a message for each list of flags, with the bodies `text("1")`, `text("2")`, … */
async function fill(...flags: (readonly string[])[]): Promise<Stored[]> {
  await using writer = await openMaildirWriter(directory, true);
  for (const [n, each] of flags.entries()) {
    await writer.append(message(String(n + 1), text(String(n + 1)), { flags: each }));
  }
  const { stored } = await writer.commit();
  return [...stored];
}

function open(): Promise<MailboxWriter> {
  return openMaildirWriter(directory, true, { checkpoint: { maildir: 1 }, holds: () => true });
}

async function set(...changes: readonly FlagChange[]): Promise<void> {
  await using writer = await open();
  await writer.setFlags?.(changes);
}

function change(stored: Stored | undefined, add: readonly string[], remove: readonly string[] = []): FlagChange {
  return { place: stored?.place ?? {}, add, remove };
}

/** Relative to the Maildir, sorted. */
function files(): string[] {
  return ["cur", "new"].flatMap((folder) =>
    readdirSync(join(directory, folder))
      .sort()
      .map((name) => `${folder}/${name}`),
  );
}

/** The only file of a stored message. */
function fileOf(stored: Stored | undefined): string {
  const found = files().filter((path) => parseUniqueName(path.slice(4)).unique === stored?.place.file);
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} files, not one`);
  return found[0];
}

function lettersOf(stored: Stored | undefined): string {
  return fileOf(stored).split(":2,")[1] ?? "none";
}

function flagsOf(stored: Stored | undefined): string[] {
  return parseInfo(fileOf(stored), table());
}

function table(): readonly string[] {
  try {
    return parseKeywords(readFileSync(join(directory, "dovecot-keywords"), "utf8"));
  } catch {
    return [];
  }
}

/** What a mail reader does to a file. */
function rename(stored: Stored | undefined, to: (unique: string) => string): void {
  renameSync(join(directory, fileOf(stored)), join(directory, to(String(stored?.place.file))));
}

describe("flags in a Maildir", () => {
  test("change in the file's name, each message by itself, and its octets and date stay", async () => {
    const [one, two, three] = await fill([], ["\\Seen", "\\Flagged"], ["\\Seen"]);
    const before = lstatSync(join(directory, fileOf(one)));
    await set(change(one, ["\\Seen", "\\Answered"]), change(two, ["\\Draft"], ["\\Flagged"]));
    expect([one, two, three].map(lettersOf)).toEqual(["RS", "DS", "S"]);
    const after = lstatSync(join(directory, fileOf(one)));
    expect([after.ino, after.mtimeMs, after.size]).toEqual([before.ino, before.mtimeMs, before.size]);
    await using mail = openStoredMaildir(directory);
    expect(String(await collect(mail.read(one?.place ?? {})))).toBe(String(text("1")));
  });

  test("a keyword gets a letter when it is first set, and gives its letter up for nobody", async () => {
    const [one, two] = await fill(["work"], []);
    await set(change(one, ["later"]), change(two, ["LATER", "été"]));
    expect(table()).toEqual(["work", "later"]);
    expect([one, two].map(lettersOf)).toEqual(["ab", "b"]);
    await set(change(one, [], ["work", "never heard of"]), change(two, ["again"], ["later"]));
    expect(table()).toEqual(["work", "later", "again"]);
    expect([one, two].map(lettersOf)).toEqual(["b", "c"]);
  });

  test("the 27th keyword has no letter, and changes nothing", async () => {
    const many = Array.from({ length: 26 }, (_, n) => `kw${n}`);
    const [one, two] = await fill(many, []);
    await set(change(two, ["one too many", "kw25"]), change(one, ["one-too-many"]));
    expect(table()).toEqual(many);
    expect(lettersOf(two)).toBe("z");
    expect(lettersOf(one)).toHaveLength(26);
  });

  test("$Forwarded comes and goes with both its letters", async () => {
    const [one, two] = await fill(["\\Seen"], ["$Forwarded"]);
    expect(lettersOf(two)).toBe("Pa");
    await set(change(one, ["$Forwarded"]), change(two, [], ["$Forwarded"]));
    expect([one, two].map(lettersOf)).toEqual(["PSa", ""]);
  });

  test("a keyword that only changes its case stays", async () => {
    const [one] = await fill(["work"]);
    await set(change(one, ["Work"], ["work"]));
    expect(lettersOf(one)).toBe("a");
  });

  test("what a mail reader changed stays, letters that mean nothing to us too", async () => {
    const [one, two, three] = await fill(["\\Seen"], ["\\Seen"], ["\\Seen"]);
    rename(one, (unique) => `cur/${unique}:2,FT`);
    rename(two, (unique) => `cur/${unique}:2,SXz,theirs=ab`);
    rename(three, (unique) => `cur/${unique}`);
    await set(...[one, two, three].map((each) => change(each, ["\\Answered"], ["\\Flagged"])));
    expect([one, two, three].map(lettersOf)).toEqual(["RT", "RSXz,theirs=ab", "R"]);
  });

  test("a message in new/ goes to cur/ when a flag is set, and stays there otherwise", async () => {
    const [one, two] = await fill([], []);
    for (const each of [one, two]) rename(each, (unique) => `new/${unique}`);
    await set(change(one, ["\\Seen"]), change(two, [], ["\\Seen"]));
    expect([one, two].map(fileOf)).toEqual([`cur/${one?.place.file}:2,S`, `new/${two?.place.file}`]);
  });

  test("the same change again renames nothing and writes nothing", async () => {
    const [one, two] = await fill(["work"], []);
    const changes = [change(one, ["\\Seen", "new"], ["work"]), change(two, ["\\Flagged"])];
    await set(...changes);
    const before = files();
    await using writer = await open();
    const disk = crashAt({ at: Number.POSITIVE_INFINITY });
    await writer.setFlags?.(changes);
    mend();
    expect(files()).toEqual(before);
    // cur and new are synced: the first time may have been that of a run that died before it did.
    expect(disk.steps).toBe(2);
  });

  test("a message that is gone is passed over, and so is a place that is no file's", async () => {
    const [one, two, three] = await fill([], [], []);
    rmSync(join(directory, fileOf(two)));
    const places = [{}, { file: "../../etc/passwd" }, { file: "" }, { offset: 0, length: 9 }, { file: true }];
    await set(
      ...[one, two, three].map((each) => change(each, ["\\Seen"])),
      ...places.map((place) => ({ place, add: ["\\Seen", "lost"], remove: [] })),
    );
    expect(files()).toEqual([one, three].map((each) => `cur/${each?.place.file}:2,S`).sort());
    expect(table()).toEqual([]);
  });

  test("two changes of one message come in their order", async () => {
    const [one] = await fill(["\\Seen"]);
    await set(change(one, ["\\Flagged"]), change(one, ["\\Answered"], ["\\Seen", "\\Flagged"]));
    expect(lettersOf(one)).toBe("R");
  });

  test("a mail reader may rename files, and deliver new ones, between two changes of one writer", async () => {
    const stored = await fill(["\\Seen"], ["\\Seen"], ["\\Seen"], ["\\Seen"]);
    const [one, two, three, four] = stored;
    await using writer = await open();
    await writer.setFlags?.([change(one, ["\\Flagged"])]);
    rename(one, (unique) => `cur/${unique}:2,R`);
    rename(two, (unique) => `cur/${unique}:2,`);
    rename(three, (unique) => `cur/${unique}:2,D`);
    rmSync(join(directory, fileOf(four)));
    await writer.setFlags?.(stored.map((each) => change(each, ["\\Seen"])));
    expect([one, two, three].map(lettersOf)).toEqual(["RS", "S", "DS"]);
    expect(files()).toHaveLength(3);
  });

  test("messages of the same writer can be changed, also before and after more come", async () => {
    const first = await fill([]);
    await using writer = await openMaildirWriter(directory, true, { checkpoint: { maildir: 1 }, holds: () => false });
    await writer.append(message("2", text("2")));
    await writer.setFlags?.([change(first[0], ["\\Seen"])]);
    // The key of the message that was just renamed: its file is known by its new name.
    await writer.append(message("1", text("1")));
    const { stored } = await writer.commit();
    expect(stored.map(({ place }) => place)).toEqual([stored[0]?.place, first[0]?.place]);
    await writer.setFlags?.(stored.map((each) => change(each, ["\\Flagged"])));
    expect(stored.map(lettersOf)).toEqual(["F", "FS"]);
    expect(files()).toHaveLength(2);
  });

  test("no file takes the place of another that somebody gave the same unique name", async () => {
    const [one] = await fill([]);
    const copy = `cur/${one?.place.file}:2,S`;
    writeFileSync(join(directory, copy), "another message");
    await set(change(one, ["\\Seen"]));
    expect(readFileSync(join(directory, copy), "latin1")).toBe("another message");
    expect(files()).toEqual([`cur/${one?.place.file}:2,`, copy]);
    await set(change(one, ["\\Flagged"]));
    expect(files()).toEqual([`cur/${one?.place.file}:2,F`, `${copy.slice(0, -1)}FS`]);
  });

  test("a file whose name can't be read as text, and so can't be found, is an error of this mailbox", async () => {
    const [one] = await fill([]);
    const path = join(directory, fileOf(one));
    linkSync(path, Buffer.concat([Buffer.from(path), Buffer.from([0xff])]) as unknown as string);
    rmSync(path);
    await expect(set(change(one, ["\\Seen"]))).rejects.toMatchObject({ code: "D502", scope: "mailbox", retry: "now" });
  });

  test("where it dies, nothing is lost, no letter is without a meaning, and the repeat does the rest", async () => {
    const flags = [[], ["\\Seen", "work"], ["$Forwarded"], ["\\Flagged"], ["\\Answered", "work"]];
    let crashes = 0;
    for (let at = 1; ; at++) {
      rmSync(directory, { recursive: true });
      const stored = await fill(...flags);
      rename(stored[3], (unique) => `new/${unique}`);
      const changes = [
        change(stored[0], ["\\Seen", "first"]),
        change(stored[1], ["second"], ["work"]),
        change(stored[2], [], ["$Forwarded"]),
        change(stored[3], ["\\Draft", "first"]),
      ];
      const disk = crashAt({ at });
      const failed = await set(...changes).then(
        () => false,
        () => true,
      );
      mend();
      expect(failed).toBe(disk.dead);
      for (const one of stored) {
        const letters = lettersOf(one).replace(/^none$/, "");
        for (const letter of letters.replace(/[A-Z]/g, "")) expect(table()[letter.charCodeAt(0) - 97]).toBeTruthy();
      }
      await set(...changes);
      expect(stored.map(flagsOf)).toEqual([
        ["\\Seen", "first"],
        ["\\Seen", "second"],
        [],
        ["\\Draft", "first"],
        ["\\Answered", "work"],
      ]);
      await using mail = openStoredMaildir(directory);
      for (const { key, place } of stored) expect(String(await collect(mail.read(place)))).toBe(String(text(key)));
      expect(files()).toHaveLength(stored.length);
      if (!failed) break;
      crashes += 1;
    }
    expect(crashes).toBeGreaterThan(8);
  });
});

describe.runIf(dovecotAvailable())("flags in a Maildir that Dovecot serves", () => {
  let dovecot: Dovecot;
  let user: DovecotUser;
  beforeAll(async () => {
    dovecot = await startDovecot();
    user = await dovecot.addUser();
  });
  afterAll(() => dovecot.stop());

  /** As Dovecot tells them, by subject. */
  async function served(): Promise<Map<string, readonly string[]>> {
    await using source = openImapSource(accountOn({ protocol: "imap", port: dovecot.imapPort, ...user }));
    await using reader = await source.open({ path: ["INBOX"] });
    const found = new Map<string, readonly string[]>();
    const refs = [];
    for await (const ref of reader.list()) refs.push(ref);
    for await (const { flags, body } of reader.fetch(refs)) {
      found.set(/Subject: (.*)/.exec(String(await collect(body)))?.[1] ?? "", flags);
    }
    return found;
  }

  async function give(): Promise<void> {
    const { uid, gid } = await stat(user.home);
    for (const name of ["", ...(await readdir(user.maildir, { recursive: true }))]) {
      await chown(join(user.maildir, name), uid, gid);
    }
  }

  test("are what both have set: neither undoes what the other did", async () => {
    const stored = await fill([], ["\\Seen", "work"], ["$Forwarded", "\\Flagged"]);
    cpSync(directory, user.maildir, { recursive: true, preserveTimestamps: true });
    await give();
    expect(await served()).toEqual(
      new Map([
        ["1", []],
        ["2", ["\\Seen", "work"]],
        ["3", ["$Forwarded", "\\Flagged"]],
      ]),
    );
    const client = await RawClient.open({ host: dovecot.host, port: dovecot.imapPort }, user);
    for (const line of [
      "a SELECT INBOX",
      "b STORE 1:* +FLAGS.SILENT (\\Answered theirs)",
      "c STORE 1:* -FLAGS.SILENT (\\Flagged)",
      "d LOGOUT",
    ]) {
      expect(await client.command(line)).toMatch(/^\w OK/m);
    }
    client.socket.destroy();
    {
      await using writer = await openMaildirWriter(user.maildir, true, { checkpoint: {}, holds: () => true });
      await writer.setFlags?.([
        change(stored[0], ["\\Seen", "ours", "Theirs"]),
        change(stored[1], ["$Forwarded"], ["work"]),
        change(stored[2], ["\\Deleted"], ["$Forwarded"]),
      ]);
    }
    await give();
    expect(await served()).toEqual(
      new Map([
        ["1", ["\\Answered", "\\Seen", "ours", "theirs"]],
        ["2", ["$Forwarded", "\\Answered", "\\Seen", "theirs"]],
        ["3", ["\\Answered", "\\Deleted", "theirs"]],
      ]),
    );
  });
});
