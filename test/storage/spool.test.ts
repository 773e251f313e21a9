import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { surveyOctets } from "../../src/formats/octets.ts";
import { Arena, spool } from "../../src/storage/spool.ts";
import { brokenMessage, openHandles } from "../sink-contract.ts";
import { chunksOf, collect } from "../support/chunks.ts";

const memoryLimit = 4 * 1024 * 1024;

async function* stream(octets: Uint8Array, pieces = 65_521): AsyncGenerator<Uint8Array> {
  yield* chunksOf(octets, pieces);
}

describe("a spooled body", () => {
  let directory = "";
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "mailferry-spool-"));
  });
  afterEach(() => {
    expect(openHandles(directory) ?? []).toEqual([]);
    rmSync(directory, { recursive: true });
  });

  for (const size of [0, 1, 65_521, memoryLimit, memoryLimit + 1, 2 * memoryLimit + 12_345]) {
    test(`of ${size} octets comes back as often as wanted, with its digest and survey`, async () => {
      const octets = Buffer.alloc(size, "From here\r\n\n");
      await using spooled = await spool(stream(octets), directory);
      expect(spooled.size).toBe(size);
      expect(spooled.sha256).toBe(createHash("sha256").update(octets).digest("hex"));
      expect(spooled.survey).toEqual(surveyOctets(octets));
      for (let n = 0; n < 2; n++) expect((await collect(spooled.chunks())).equals(octets)).toBe(true);
      expect(spooled.octets?.length).toBe(size <= memoryLimit ? size : undefined);
      expect(readdirSync(directory)).toEqual([]);
    });
  }

  test.each([
    ["one chunk", 1000, 1000],
    ["one large chunk", memoryLimit + 7, memoryLimit + 7],
    ["an empty chunk first", 1000, 0],
    ["many chunks", 70_000, 1000],
  ])("of %s is its own: the source may use its memory again", async (_, size, length) => {
    const octets = Buffer.alloc(size, "whole\r\n");
    const lent = Buffer.from(octets);
    const body = async function* () {
      if (length === 0) yield Buffer.alloc(0);
      for (let at = 0; at < size; at += length || size) yield lent.subarray(at, at + (length || size));
    };
    const arena = new Arena(memoryLimit);
    await using spooled = await spool(body(), directory, arena);
    await using next = await spool(stream(Buffer.from("next")), directory, arena);
    lent.fill(0);
    expect(spooled.sha256).toBe(createHash("sha256").update(octets).digest("hex"));
    expect((await collect(spooled.chunks())).equals(octets)).toBe(true);
    expect((await collect(next.chunks())).toString()).toBe("next");
  });

  test("two readings at once do not disturb each other", async () => {
    const octets = Buffer.from(Array.from({ length: 5_000_000 }, (_, n) => n % 251));
    await using spooled = await spool(stream(octets), directory);
    const both = await Promise.all([collect(spooled.chunks()), collect(spooled.chunks())]);
    expect(both.every((each) => each.equals(octets))).toBe(true);
  });

  for (const octets of [10, memoryLimit + 100_000]) {
    test(`that breaks off after ${octets} octets leaves nothing, and its own error`, async () => {
      const { message, error } = brokenMessage("1", octets);
      await expect(spool(message.body, directory)).rejects.toBe(error);
      expect(readdirSync(directory)).toEqual([]);
    });
  }

  test("of one large piece goes to the file as well", async () => {
    const octets = Buffer.alloc(memoryLimit + 1, "x");
    await using spooled = await spool(stream(octets, octets.length), directory);
    expect(spooled.octets).toBeUndefined();
    expect((await collect(spooled.chunks())).equals(octets)).toBe(true);
  });

  test("says what is wrong with a directory that can't be used", async () => {
    const file = join(directory, "file");
    writeFileSync(file, "");
    for (const nowhere of [join(directory, "missing"), file]) {
      const error = await spool(stream(Buffer.alloc(memoryLimit + 1)), nowhere).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: "D502", scope: "session" });
    }
  });
});
