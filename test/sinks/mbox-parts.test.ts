// An mbox on a disk whose files can't be large: it goes on in further files.

import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { partPath } from "../../src/formats/mbox-parts.ts";
import type { Commit } from "../../src/message.ts";
import { type MboxOptions, openMboxWriter } from "../../src/sinks/mbox.ts";
import type { Since } from "../../src/sinks/sink.ts";
import { type Ledger, openLedger } from "../../src/storage/ledger.ts";
import { openStoredMbox } from "../../src/storage/stored-mbox.ts";
import { message, openHandles, sinceOf, text } from "../sink-contract.ts";
import { collect } from "../support/chunks.ts";
import { countIn, entries, partsOf } from "../support/mbox-parts.ts";
import { limitFiles } from "../support/small-files.mjs";

describe("an mbox whose files can't be large", () => {
  let directory = "";
  let path = "";
  let second = "";

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "mailferry-parts-"));
    path = join(directory, "INBOX.mbox");
    second = partPath(path, 2);
  });

  afterEach(async () => {
    await expect.poll(() => openHandles(directory) ?? []).toEqual([]);
    rmSync(directory, { recursive: true });
  });

  /** An entry of `text` takes some 80 octets: two of them fit. */
  const options: MboxOptions = { fileLimit: 200 };
  const damaged = { code: "V901", scope: "mailbox", retry: "never" };

  async function write(since: Since | undefined, words: readonly string[], more = options): Promise<Commit> {
    await using writer = await openMboxWriter(path, since, more);
    for (const word of words) await writer.append(message(word, text(word)));
    return await writer.commit();
  }

  const since = ({ checkpoint }: Commit): Since => ({ checkpoint, holds: () => false });
  const reopen = (commit: Commit) => openMboxWriter(path, since(commit), options);

  async function readAll({ stored }: Pick<Commit, "stored">): Promise<string[]> {
    await using mail = openStoredMbox(path);
    return Promise.all(stored.map(async ({ place }) => String(await collect(mail.read(place)))));
  }

  test("goes on in a further file between two messages, and each of them is a whole mbox", async () => {
    let admitted = 0;
    const admitParts = async () => {
      expect(existsSync(second)).toBe(admitted > 0);
      admitted++;
    };
    const words = ["one", "two", "three", "four", "five"];
    const commit = await write(undefined, words, { ...options, admitParts });
    expect(admitted).toBeGreaterThan(0);
    expect(readdirSync(directory).sort()).toEqual([
      "INBOX.mbox",
      "INBOX.mbox%~part-002.mbox",
      "INBOX.mbox%~part-003.mbox",
    ]);
    for (const part of partsOf(path)) {
      expect(statSync(part).size).toBeLessThanOrEqual(200);
      expect(statSync(part).mode & 0o777).toBe(0o600);
      expect(readFileSync(part, "latin1")).toMatch(/^From MAILER-DAEMON .*\n\n$/s);
    }
    expect(commit.stored.map(({ place }) => place.part)).toEqual([undefined, undefined, 2, 2, 3]);
    expect(commit.checkpoint).toMatchObject({ part: 3, closed: [{}, {}] });
    expect(await readAll(commit)).toEqual(words.map((word) => String(text(word))));
  });

  test("a batch that just fits begins no further file", async () => {
    const one = await write(undefined, ["one", "two"], {});
    const { size } = statSync(path);
    rmSync(path);
    expect((await write(undefined, ["one", "two"], { fileLimit: size })).checkpoint).toEqual(one.checkpoint);
    rmSync(path);
    expect((await write(undefined, ["one", "two"], { fileLimit: size - 1 })).checkpoint).toMatchObject({ part: 2 });
  });

  test("learns the limit from a disk that does not tell it, and writes nothing beyond it", async () => {
    const disk = limitFiles(200);
    try {
      const words = ["one", "two", "three", "four", "five", "six", "seven"];
      const commit = await write(undefined, words, {});
      expect(commit.failed).toEqual([]);
      expect(await readAll(commit)).toEqual(words.map((word) => String(text(word))));
      expect(countIn(path)).toBe(words.length);
      const more = await write(since(commit), ["eight", "nine"], {});
      expect(await readAll(more)).toEqual(["eight", "nine"].map((word) => String(text(word))));
      expect(countIn(path)).toBe(words.length + 2);
      for (const part of partsOf(path)) expect(readFileSync(part, "latin1")).toMatch(/^From .*\n\n$/s);
      expect(readdirSync(directory).filter((name) => name.includes("tail"))).toEqual([]);
    } finally {
      disk.end();
    }
  });

  test("where the limit has become less than the file goes on behind it, and leaves the file as it is", async () => {
    const one = await write(undefined, ["one", "two", "three", "four"], {});
    const before = readFileSync(path);
    const disk = limitFiles(120);
    try {
      const more = await write(since(one), ["five", "six"], {});
      expect(more.stored.map(({ place }) => place.part)).toEqual([2, 3]);
      expect(await readAll(more)).toEqual(["five", "six"].map((word) => String(text(word))));
    } finally {
      disk.end();
    }
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  for (const how of ["known", "learned"]) {
    test(`a message that no file can hold is named alone, where the limit is ${how}`, async () => {
      const disk = how === "known" ? undefined : limitFiles(6_000_000);
      try {
        await using writer = await openMboxWriter(path, undefined, disk ? {} : { fileLimit: 6_000_000 });
        const large = Buffer.alloc(5_999_990, "x");
        await writer.append(message("1", text("one")));
        await writer.append(message("large", large));
        await writer.append(message("2", text("two")));
        const { stored, failed } = await writer.commit();
        expect(stored.map(({ key }) => key)).toEqual(["1", "2"]);
        expect(failed).toMatchObject([{ key: "large", code: "D503", final: false, reason: /6 MB/ }]);
        expect(readdirSync(directory)).toEqual(["INBOX.mbox"]);
        expect(entries(path)).toBe(2);
      } finally {
        disk?.end();
      }
    });
  }

  test("a disk that takes nothing at all is no disk to split for", async () => {
    const disk = limitFiles(0);
    try {
      await expect(write(undefined, ["one"], {})).rejects.toMatchObject({ code: "D503", scope: "session" });
      expect(readdirSync(directory)).toEqual(["INBOX.mbox"]);
    } finally {
      disk.end();
    }
  });

  test("what was written and never committed is moved aside with the parts that it began, never deleted", async () => {
    const one = await write(undefined, ["one"]);
    const committed = readFileSync(path);
    await write(since(one), ["two", "three", "four", "five", "six"]);
    const surplus = partsOf(path).map((part) => readFileSync(part));
    expect(surplus.length).toBe(3);
    await (await reopen(one))[Symbol.asyncDispose]();
    expect(readFileSync(path).equals(committed)).toBe(true);
    const aside = ["INBOX.mbox.tail-1", "INBOX.mbox%~part-002.mbox.tail-1", "INBOX.mbox%~part-003.mbox.tail-1"];
    expect(readdirSync(directory).sort()).toEqual(["INBOX.mbox", ...aside].sort());
    for (const [n, name] of aside.entries()) {
      const octets = n === 0 ? surplus[0]?.subarray(committed.length) : surplus[n];
      expect(readFileSync(join(directory, name)).equals(octets ?? Buffer.of())).toBe(true);
    }
    const again = await write(since(one), ["two", "three", "four", "five", "six"]);
    expect((await readAll(again)).length).toBe(5);
    expect(countIn(path)).toBe(6);
  });

  const changes: { what: string; change: () => void }[] = [
    { what: "a closed part that is missing", change: () => renameSync(path, `${path}.elsewhere`) },
    { what: "a closed part that is shorter", change: () => truncateSync(path, statSync(path).size - 1) },
    { what: "a closed part that is longer", change: () => appendFileSync(path, "x") },
    { what: "a closed part with another end", change: () => flip(path) },
    { what: "the last part being gone", change: () => rmSync(partPath(path, 3)) },
    { what: "the last part being shorter", change: () => truncateSync(partPath(path, 3), 10) },
    { what: "the last part having another end", change: () => flip(partPath(path, 3)) },
    { what: "two parts having changed places", change: () => swap() },
  ];
  function flip(file: string): void {
    const octets = readFileSync(file);
    octets[octets.length - 3] = (octets.at(-3) ?? 0) ^ 1;
    writeFileSync(file, octets);
  }
  function swap(): void {
    renameSync(path, `${path}.1`);
    renameSync(second, path);
    renameSync(`${path}.1`, second);
  }
  for (const { what, change } of changes) {
    test(`${what} is noticed before anything is touched`, async () => {
      const commit = await write(undefined, ["one", "two", "three", "four", "five"]);
      await (await reopen(commit))[Symbol.asyncDispose]();
      change();
      appendFileSync(partPath(path, 4), "mail of nobody");
      const before = readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), "latin1")]);
      await expect(reopen(commit)).rejects.toMatchObject(damaged);
      expect(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), "latin1")])).toEqual(
        before,
      );
    });
  }

  test("parts that the ledger does not know are refused and left alone", async () => {
    await write(undefined, ["one", "two", "three"]);
    truncateSync(path, 0);
    const before = readFileSync(second);
    await expect(openMboxWriter(path, undefined, options)).rejects.toMatchObject(damaged);
    expect(readFileSync(second).equals(before)).toBe(true);
    expect(readdirSync(directory).sort()).toEqual(["INBOX.mbox", "INBOX.mbox%~part-002.mbox"]);
  });

  test("a part that another program makes during the run is not written to", async () => {
    await using writer = await openMboxWriter(path, undefined, options);
    writeFileSync(second, "From me Thu Jan  1 00:00:00 2026\n\nforeign\n\n");
    for (const word of ["one", "two", "three"]) await writer.append(message(word, text(word)));
    await expect(writer.commit()).rejects.toMatchObject(damaged);
    expect(readFileSync(second, "latin1")).toContain("foreign");
  });

  test("an empty part that a crash has left is written to", async () => {
    const one = await write(undefined, ["one", "two"]);
    writeFileSync(second, "");
    const more = await write(since(one), ["three"]);
    expect(more.stored[0]?.place).toMatchObject({ part: 2, offset: 0 });
    expect(readdirSync(directory).sort()).toEqual(["INBOX.mbox", "INBOX.mbox%~part-002.mbox"]);
  });

  test("checkpoints that can't be are refused", async () => {
    const { checkpoint } = await write(undefined, ["one", "two", "three"]);
    for (const wrong of [
      { part: 1 },
      { part: 3 },
      { part: 0, closed: [] },
      { part: "2" },
      { closed: undefined },
      { closed: [{}] },
      { part: 1e9, closed: [] },
    ]) {
      const at = { checkpoint: { ...checkpoint, ...wrong }, holds: () => false };
      await expect(openMboxWriter(path, at, options)).rejects.toMatchObject(damaged);
    }
  });

  test("places of parts that are not there are damage to that message alone", async () => {
    const { stored } = await write(undefined, ["one", "two", "three"]);
    await using mail = openStoredMbox(path);
    for (const part of [3, 999, 1000, 0, -1, 1.5, "2"]) {
      const place = { ...stored[0]?.place, part };
      await expect(collect(mail.read(place))).rejects.toMatchObject({ code: "V901", scope: "message" });
    }
    expect(String(await collect(mail.read(stored[2]?.place ?? {})))).toBe(String(text("three")));
  });

  test("a run that dies after any commit, under any limit, and is repeated leaves each message exactly once", async () => {
    const messages = Array.from({ length: 9 }, (_, n) => ({
      key: String(n),
      bytes: text(`body ${n % 3}`.repeat(1 + (n % 4))),
    }));
    let cases = 0;
    for (const fileLimit of [140, 200, 290, 450]) {
      for (const [batch, crash, again] of [
        [1, 2, 3],
        [2, 2, 1],
        [3, 1, 2],
        [9, 1, 1],
        [4, 2, 2],
      ] as const) {
        const ledgerFile = join(directory, `${++cases}.jsonl`);
        path = join(directory, `${cases}.mbox`);
        const run = async (batchSize: number, crashAfter: number) => {
          await using ledger: Ledger = await openLedger(ledgerFile, ["INBOX"]);
          if (ledger.validity === undefined) await ledger.begin("1");
          await using writer = await openMboxWriter(path, sinceOf(ledger), { fileLimit });
          if (ledger.checkpoint === undefined) await ledger.record(await writer.commit());
          const todo = messages.filter(({ key }) => !ledger.isSettled(key));
          for (let commits = 1; todo.length > 0; commits++) {
            for (const { key, bytes } of todo.splice(0, batchSize)) await writer.append(message(key, bytes));
            const commit = await writer.commit();
            if (commits === crashAfter) return;
            await ledger.record(commit);
          }
        };
        await run(batch, crash);
        await run(batch + 1, again);
        await run(batch + 2, Number.POSITIVE_INFINITY);
        await using ledger = await openLedger(ledgerFile, ["INBOX"]);
        const stored = [...ledger.current()];
        expect(await readAll({ stored })).toEqual(messages.map(({ bytes }) => String(bytes)));
        expect(countIn(path)).toBe(messages.length);
        for (const part of partsOf(path)) expect(statSync(part).size).toBeLessThanOrEqual(fileLimit);
      }
    }
  });
});
