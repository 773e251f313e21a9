// An fsync that fails: what it was to make durable may be in memory alone, so nobody is to find it, and nobody asks again.

import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openMaildirWriter } from "../../src/sinks/maildir.ts";
import { openMboxWriter } from "../../src/sinks/mbox.ts";
import type { MailboxWriter } from "../../src/sinks/sink.ts";
import { openLedger, readLedger } from "../../src/storage/ledger.ts";
import { acquireLock, heldSince } from "../../src/storage/lock.ts";
import { message, text } from "../sink-contract.ts";
import { failDisk } from "../support/failing-disk.ts";

let directory = "";
let failing = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "mailferry-sync-"));
  failing = join(directory, "failing");
  for (const folder of ["whole", "failing"]) mkdirSync(join(directory, folder));
});
afterEach(() => rmSync(directory, { recursive: true }));

const broken = { code: "D502", scope: "session", retry: "never", message: expect.stringMatching(/\(EIO\)$/) };

/** Does it twice, in two folders: the second time the last sync of this name fails. Returns what was done after it. */
async function failLastSync(name: string, act: (folder: string) => Promise<void>): Promise<readonly string[]> {
  const whole = failDisk(join(directory, "whole"), { code: "EIO", at: 0, forGood: false });
  await act(join(directory, "whole")).finally(() => whole.end());
  const at = whole.operations.findLastIndex((each) => each.startsWith("sync ") && each.includes(name)) + 1;
  expect(at, whole.operations.join("\n")).toBeGreaterThan(0);
  const disk = failDisk(failing, { code: "EIO", at, forGood: false });
  await expect(act(failing).finally(() => disk.end())).rejects.toMatchObject(broken);
  return disk.operations.slice(at);
}

test("a line of a ledger is not found by who reads it next", async () => {
  const commit = (key: string) => ({
    checkpoint: { length: 1 },
    stored: [{ key, size: 1, sha256: "0".repeat(64), place: { offset: Number(key), length: 1 }, flags: [] }],
    failed: [],
  });
  const after = await failLastSync("ledger.jsonl", async (folder) => {
    await using ledger = await openLedger(join(folder, "ledger.jsonl"), ["INBOX"]);
    await ledger.record(commit("1"));
    await ledger.record(commit("2")).catch(async (error: unknown) => {
      // Nor does another line follow it.
      await expect(ledger.record(commit("3"))).rejects.toMatchObject({ code: "D502" });
      throw error;
    });
  });
  expect(after).toEqual(["truncate ledger.jsonl"]);
  await using contents = await readLedger(join(failing, "ledger.jsonl"));
  expect(contents?.size).toBe(1);
});

test("a ledger that was left by somebody who died is synced before anybody acts on its last line", async () => {
  const path = join(failing, "ledger.jsonl");
  for (const followsDeath of [false, true]) {
    await (await openLedger(path, ["INBOX"]))[Symbol.asyncDispose]();
    const disk = failDisk(failing, { code: "EIO", at: 0, forGood: false });
    await (await openLedger(path, ["INBOX"], followsDeath))[Symbol.asyncDispose]();
    disk.end();
    expect(disk.operations.includes("sync ledger.jsonl")).toBe(followsDeath);
  }
});

async function writeTwice(writer: MailboxWriter): Promise<void> {
  await using _writer = writer;
  await writer.append(message("1", text("one")));
  await writer.commit();
  await writer.append(message("2", text("two")));
  await writer.commit().catch(async (error: unknown) => {
    // What of it is stored is known to the next writer alone.
    await expect(writer.commit()).rejects.toBe(error);
    throw error;
  });
}

test("what was appended to an mbox is cut off again, and its file not synced a second time", async () => {
  const after = await failLastSync("INBOX.mbox", async (folder) =>
    writeTwice(await openMboxWriter(join(folder, "INBOX.mbox"))),
  );
  expect(after.filter((each) => /^(write|sync|truncate) /.test(each))).toEqual(["truncate INBOX.mbox"]);
  const one = statSync(join(directory, "whole", "INBOX.mbox")).size / 2;
  expect(statSync(join(failing, "INBOX.mbox")).size).toBe(one);
});

test("a file of a Maildir is removed before it has its name", async () => {
  const after = await failLastSync("tmp/", async (folder) => writeTwice(await openMaildirWriter(folder, true)));
  expect(after.filter((each) => /^(write|sync|truncate|rename) .*(tmp|cur)\//.test(each))).toEqual([]);
  expect(readdirSync(join(failing, "tmp"))).toEqual([]);
  expect(readdirSync(join(failing, "cur"))).toHaveLength(1);
});

test("a lock that can't be removed when it is given back holds nobody up", async () => {
  const path = join(failing, "mailferry.lock");
  const lock = await acquireLock(path);
  expect(await heldSince(path)).toBeInstanceOf(Date);
  const disk = failDisk(failing, { code: "EROFS", at: 1, forGood: true });
  await lock[Symbol.asyncDispose]();
  disk.end();
  expect(readdirSync(failing)).toEqual(["mailferry.lock"]);
  expect(await heldSince(path)).toBeUndefined();
  const next = await acquireLock(path);
  await expect(acquireLock(path)).rejects.toMatchObject({ code: "L801" });
  await next[Symbol.asyncDispose]();
  expect(readdirSync(failing)).toEqual([]);
});
