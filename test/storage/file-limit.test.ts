import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { largestFile, limitOf } from "../../src/storage/file-limit.ts";

test("FAT holds files of less than 4 GiB; exFAT, ext4 and what does not tell hold any", () => {
  expect(limitOf(0x4d44)).toBeLessThan(2 ** 32 - 1);
  expect(limitOf(0x4d44)).toBeGreaterThan(2 ** 32 - 2 ** 21);
  for (const type of [0x2011bab0, 0xef53, 0]) expect(limitOf(type)).toBe(Number.POSITIVE_INFINITY);
});

test("where it can't be asked no limit is taken for granted", () => {
  expect(largestFile(tmpdir())).toBe(Number.POSITIVE_INFINITY);
  expect(largestFile(join(tmpdir(), "not", "there"))).toBe(Number.POSITIVE_INFINITY);
});
