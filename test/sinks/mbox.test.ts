// The mbox sink's own promises; the common ones are in sink-contract.ts.

import { execFileSync, spawnSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Commit } from "../../src/message.ts";
import { openMboxSink } from "../../src/sinks/index.ts";
import { openMboxWriter } from "../../src/sinks/mbox.ts";
import type { Since } from "../../src/sinks/sink.ts";
import { acquireLock } from "../../src/storage/lock.ts";
import { openStoredMbox } from "../../src/storage/stored-mbox.ts";
import { date, describeSink, message, openHandles, text } from "../sink-contract.ts";
import { collect } from "../support/chunks.ts";
import { tortureMessages } from "../support/torture.ts";

const hasPython = spawnSync("python3", ["--version"]).status === 0;
const hasGit = spawnSync("git", ["--version"]).status === 0;

/** From_ lines at line starts: nothing else in an mboxrd file looks like one. */
function entries(path: string): number {
  return existsSync(path) ? `\n${readFileSync(path, "latin1")}`.split("\nFrom ").length - 1 : 0;
}

describeSink("mbox", (root) => ({
  sink: openMboxSink(join(root, "Projets.mbox")),
  openMail: () => openStoredMbox(join(root, "Projets.mbox")),
  count: () => entries(join(root, "Projets.mbox")),
}));

describe("mbox", () => {
  let directory = "";
  let path = "";

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "mailferry-mbox-"));
    path = join(directory, "INBOX.mbox");
  });

  afterEach(async () => {
    await expect.poll(() => openHandles(directory) ?? []).toEqual([]);
    rmSync(directory, { recursive: true });
  });

  async function write(since: Since | undefined, ...messages: { key: string; bytes: Uint8Array }[]): Promise<Commit> {
    await using writer = await openMboxWriter(path, since);
    for (const { key, bytes } of messages) await writer.append(message(key, bytes));
    return await writer.commit();
  }

  function sinceOf({ checkpoint }: Commit): Since {
    return { checkpoint, holds: () => false };
  }

  const damaged = { code: "V901", scope: "mailbox", retry: "never" };

  test("what lies beyond the checkpoint is moved aside, never deleted", async () => {
    const one = await write(undefined, { key: "1", bytes: text("one") });
    const committed = readFileSync(path);
    for (const [n, surplus] of [text("two"), Buffer.from("\0\0\0"), Buffer.alloc(3_000_000, "s")].entries()) {
      appendFileSync(path, surplus);
      await write(sinceOf(one));
      expect(readFileSync(path).equals(committed)).toBe(true);
      expect(readFileSync(`${path}.tail-${n + 1}`).equals(surplus)).toBe(true);
    }
    expect(readdirSync(directory).sort()).toEqual(["INBOX.mbox", ...[1, 2, 3].map((n) => `INBOX.mbox.tail-${n}`)]);
  });

  test("nothing is moved aside while a mail reader holds the mailbox", async () => {
    const one = await write(undefined, { key: "1", bytes: text("one") });
    appendFileSync(path, "From me Thu Jan  1 00:00:00 2026\n\nbeing delivered");
    const before = readFileSync(path);
    await using _reader = await acquireLock(`${path}.lock`);
    await expect(openMboxWriter(path, sinceOf(one))).rejects.toMatchObject({ code: "L801", scope: "mailbox" });
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(existsSync(`${path}.tail-1`)).toBe(false);
  });

  const changes: { name: string; change: () => void }[] = [
    { name: "shorter by an octet", change: () => truncateSync(path, lstatSync(path).size - 1) },
    { name: "empty", change: () => truncateSync(path, 0) },
    { name: "other at its end", change: () => change(lstatSync(path).size - 3) },
    { name: "other 4,000 octets before its end", change: () => change(lstatSync(path).size - 4000) },
  ];
  function change(at: number): void {
    const octets = readFileSync(path);
    octets[at] = (octets[at] ?? 0) ^ 1;
    writeFileSync(path, octets);
  }
  for (const { name, change } of changes) {
    test(`a file that has become ${name} is refused and left alone`, async () => {
      const one = await write(undefined, { key: "1", bytes: text("x".repeat(5000)) });
      change();
      const before = readFileSync(path);
      await expect(openMboxWriter(path, sinceOf(one))).rejects.toMatchObject(damaged);
      appendFileSync(path, "more");
      if (name !== "empty") await expect(openMboxWriter(path, sinceOf(one))).rejects.toMatchObject(damaged);
      expect(readFileSync(path, "latin1")).toBe(`${before.toString("latin1")}more`);
      expect(readdirSync(directory)).toEqual(["INBOX.mbox"]);
    });
  }

  test("a file that was taken away is missed, and no empty one is put in its place", async () => {
    const one = await write(undefined, { key: "1", bytes: text("one") });
    renameSync(path, `${path}.elsewhere`);
    await expect(openMboxWriter(path, sinceOf(one))).rejects.toMatchObject(damaged);
    expect(existsSync(path)).toBe(false);
    renameSync(`${path}.elsewhere`, path);
    await write(sinceOf(one), { key: "2", bytes: text("two") });
    expect(entries(path)).toBe(2);
  });

  test("a file that the ledger does not know is refused and left alone", async () => {
    writeFileSync(path, "From me Thu Jan  1 00:00:00 2026\n\nhello\n\n");
    await expect(openMboxWriter(path)).rejects.toMatchObject(damaged);
    expect(readFileSync(path, "latin1")).toBe("From me Thu Jan  1 00:00:00 2026\n\nhello\n\n");
  });

  test("mail that another program appends during the run is noticed, and kept", async () => {
    await using writer = await openMboxWriter(path);
    await writer.append(message("1", text("one")));
    const one = await writer.commit();
    appendFileSync(path, "From me Thu Jan  1 00:00:00 2026\n\nforeign\n\n");
    const before = readFileSync(path);
    await writer.append(message("2", text("two")));
    await expect(writer.commit()).rejects.toMatchObject(damaged);
    expect(readFileSync(path).equals(before)).toBe(true);
    await write(sinceOf(one), { key: "2", bytes: text("two") });
    expect(readFileSync(`${path}.tail-1`, "latin1")).toContain("foreign");
  });

  test("a file that another program puts in place of ours during the run is noticed", async () => {
    await using writer = await openMboxWriter(path);
    await writer.append(message("1", text("one")));
    await writer.commit();
    const content = readFileSync(path);
    writeFileSync(`${path}.new`, content);
    renameSync(`${path}.new`, path);
    await writer.append(message("2", text("two")));
    await expect(writer.commit()).rejects.toMatchObject(damaged);
    expect(readFileSync(path).equals(content)).toBe(true);
  });

  test("a file that disappears during the run is noticed", async () => {
    await using writer = await openMboxWriter(path);
    await writer.append(message("1", text("one")));
    rmSync(path);
    await expect(writer.commit()).rejects.toMatchObject(damaged);
  });

  test("a commit that failed is final: this writer stores nothing more", async () => {
    await using writer = await openMboxWriter(path);
    const first = await writer.commit();
    await writer.append(message("1", text("one")));
    const reader = await acquireLock(`${path}.lock`);
    await expect(writer.commit()).rejects.toMatchObject({ code: "L801" });
    await reader[Symbol.asyncDispose]();
    await expect(writer.commit()).rejects.toMatchObject({ code: "L801" });
    await expect(writer.append(message("2", text("two")))).rejects.toMatchObject({ code: "L801" });
    expect(lstatSync(path).size).toBe(0);
    const again = await write(sinceOf(first), { key: "1", bytes: text("one") });
    expect(again.stored.map(({ key }) => key)).toEqual(["1"]);
  });

  test("a mailbox that a mail reader holds is said to be locked, with a way out", async () => {
    await using reader = await acquireLock(`${path}.lock`);
    const held = await write(undefined, { key: "1", bytes: text("one") }).catch((reason: unknown) => reason);
    await reader[Symbol.asyncDispose]();
    writeFileSync(`${path}.lock`, "");
    const unreadable = await write(undefined, { key: "1", bytes: text("one") }).catch((reason: unknown) => reason);
    for (const error of [held, unreadable]) {
      expect(error).toMatchObject({ code: "L801", scope: "mailbox", retry: "now" });
      expect(error).toMatchObject({ message: expect.stringContaining("INBOX.mbox.lock") });
      expect(error).toMatchObject({ remedy: expect.stringContaining("remove") });
    }
    rmSync(`${path}.lock`);
    await write(undefined, { key: "1", bytes: text("one") });
    expect(readdirSync(directory)).toEqual(["INBOX.mbox"]);
  });

  test("a symbolic link in the place of the file is not followed", async () => {
    const target = join(directory, "target");
    writeFileSync(target, "");
    symlinkSync(target, path);
    await expect(openMboxWriter(path)).rejects.toMatchObject({ code: "D502" });
    await expect(openMboxWriter(path, { checkpoint: { length: 0 }, holds: () => false })).rejects.toThrow();
    expect(readFileSync(target, "latin1")).toBe("");
  });

  test("a checkpoint of another kind is refused", async () => {
    await write(undefined, { key: "1", bytes: text("one") });
    for (const checkpoint of [{}, { maildir: 1 }, { length: "3" }, { length: 0, tailDigest: "x" }]) {
      await expect(openMboxWriter(path, { checkpoint, holds: () => false })).rejects.toMatchObject(damaged);
    }
  });

  test("leftovers of a run that died hinder no later run with the same process id", async () => {
    for (let n = 0; n < 50; n++) writeFileSync(join(directory, `.${process.pid}-${n}.mailferry-spool`), "");
    await write(undefined, { key: "1", bytes: Buffer.alloc(5_000_000, "x") });
    expect(entries(path)).toBe(1);
  });

  test("directories are made for mailboxes within mailboxes", async () => {
    path = join(directory, "a/b/c.mbox");
    await write(undefined, { key: "1", bytes: text("one") });
    mkdirSync(join(directory, "a/b/d"));
    expect(lstatSync(join(directory, "a/b")).mode & 0o777).toBe(0o700);
    expect(lstatSync(path).mode & 0o777).toBe(0o600);
  });

  test("each entry begins with a From_ line that carries the INTERNALDATE in UTC", async () => {
    await using writer = await openMboxWriter(path);
    await writer.append(message("1", text("one"), { internalDate: date }));
    await writer.append(message("2", text("two"), { internalDate: undefined }));
    const { stored } = await writer.commit();
    const lines = readFileSync(path, "latin1")
      .split("\n")
      .filter((line) => line.startsWith("From "));
    expect(lines.map((line) => line.slice(-24))).toEqual(["Tue Feb  3 04:05:06 2026", "Thu Jan  1 00:00:00 1970"]);
    const file = readFileSync(path);
    for (const { place } of stored) {
      expect(file.toString("latin1", Number(place.offset), Number(place.offset) + 5)).toBe("From ");
    }
    expect(stored.map(({ place }) => Number(place.length)).reduce((a, b) => a + b)).toBe(file.length);
  });

  test("places lie one behind the other and each begins with its From_ line", async () => {
    const { stored } = await write(undefined, ...tortureMessages().map(({ name, bytes }) => ({ key: name, bytes })));
    const file = readFileSync(path, "latin1");
    let end = 0;
    for (const { place } of stored) {
      expect(place.offset).toBe(end);
      expect(file.slice(end, end + 5)).toBe("From ");
      end += Number(place.length);
    }
    expect(end).toBe(file.length);
    expect(stored.length).toBe(entries(path));
  });

  test("a place that the file does not reach, or where no entry is, is damage to that message alone", async () => {
    await write(undefined, { key: "1", bytes: text("one") });
    await using mail = openStoredMbox(path);
    for (const place of [{ offset: 0, length: 10_000 }, { offset: 3, length: 20 }, { offset: 0, length: 20 }, {}]) {
      await expect(collect(mail.read(place))).rejects.toMatchObject({ code: "V901", scope: "message" });
    }
  });

  test.skipIf(!hasGit)("git mailsplit reads every message", async () => {
    const messages = tortureMessages().filter(({ bytes }) => bytes.length > 0);
    await write(undefined, ...messages.map(({ name, bytes }) => ({ key: name, bytes })));
    const split = join(directory, "split");
    mkdirSync(split);
    execFileSync("git", ["mailsplit", "--mboxrd", `-o${split}`, path]);
    expect(readdirSync(split).length).toBe(messages.length);
  });

  test.skipIf(!hasPython)("Python's mailbox module reads every message", async () => {
    const messages = tortureMessages();
    await write(undefined, ...messages.map(({ name, bytes }) => ({ key: name, bytes })));
    const script = "import mailbox,sys; m=mailbox.mbox(sys.argv[1]); print(len([x.get_from() for x in m]))";
    expect(Number(execFileSync("python3", ["-c", script, path], { encoding: "utf8" }))).toBe(messages.length);
  });
});

if (!hasPython) console.warn("WARNING: no python3: its mailbox module does not read our mbox files");
if (!hasGit) console.warn("WARNING: no git: mailsplit does not read our mbox files");
