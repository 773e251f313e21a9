// What packs are called, for jobs of any name.

import fc from "fast-check";
import { expect, test } from "vitest";
import { formatPackName, otherStemOf, parsePackName, stemOf } from "../../src/packs/pack-name.ts";
import { isTemporaryName } from "../../src/storage/durable.ts";

const at = new Date("2026-11-22T02:30:00.789Z");

test("a pack is named after its job and the instant, in UTC, to the second", () => {
  const name = formatPackName({ stem: stemOf("nightly"), at, as: "tar.gz" });
  expect(name).toBe("nightly-2026-11-22T023000Z.tar.gz");
  expect(parsePackName(name, "nightly")).toEqual({
    stem: "nightly",
    at: new Date("2026-11-22T02:30:00Z"),
    as: "tar.gz",
  });
  expect(formatPackName({ stem: "nightly", at, as: "zip" })).toBe("nightly-2026-11-22T023000Z.zip");
});

const instant = fc.date({ min: new Date(0), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true });
const jobName = fc.oneof(
  fc.string({ unit: "binary", minLength: 1, maxLength: 100 }),
  fc.string({ unit: fc.constantFrom(..."aAé/.~-_ 2026T"), minLength: 1, maxLength: 100 }),
);
const format = fc.constantFrom("zip", "tar.gz");

test("what is formatted is parsed as it was, whatever the job is called", () => {
  fc.assert(
    fc.property(jobName, instant, format, (job, at, as) => {
      const stem = stemOf(job);
      const second = new Date(Math.floor(at.getTime() / 1000) * 1000);
      expect(parsePackName(formatPackName({ stem, at, as }), stem)).toEqual({ stem, at: second, as });
    }),
  );
});

test("no job's name leads out of the folder, hides the file, or is one that a file system minds", () => {
  fc.assert(
    fc.property(jobName, instant, format, (job, at, as) => {
      const name = formatPackName({ stem: stemOf(job), at, as });
      expect(name).toMatch(/^[a-z0-9_][a-z0-9._@+~-]*-\d{4}-\d\d-\d\dT\d{6}Z\.(zip|tar\.gz)$/);
      expect(name.length).toBeLessThan(120);
      expect(isTemporaryName(name)).toBe(false);
    }),
  );
  expect(stemOf("../../etc/passwd")).toMatch(/^_\.\._\.\._etc_passwd~[0-9a-f]{12}$/);
  expect(stemOf("Café crème")).toMatch(/^cafe_creme~[0-9a-f]{12}$/);
  expect(stemOf("ada@example.org")).toBe("ada@example.org");
});

test("two jobs never have packs in common, even where upper and lower case are one", () => {
  const names = ["a b", "a_b", "a/b", "A_b", "é", "e\u0301", "e", "x".repeat(64), "x".repeat(65), "a_b~0123456789ab"];
  const stems = [...names.map(stemOf), otherStemOf("a_b", "1"), otherStemOf("a_b", "2"), otherStemOf("a b", "1")];
  expect(new Set(stems.map((stem) => stem.toLowerCase())).size).toBe(stems.length);
  fc.assert(
    fc.property(jobName, jobName, instant, (one, another, at) => {
      fc.pre(one !== another);
      expect(parsePackName(formatPackName({ stem: stemOf(one), at, as: "zip" }), stemOf(another))).toBeUndefined();
    }),
  );
});

test.each([
  "nightly-2026-11-22T023000Z.tar",
  "nightly-2026-11-22T023000Z.tar.gz.part",
  "nightly-2026-11-22T023000Z.zip~",
  "nightly-2026-02-30T023000Z.zip",
  "nightly-2026-11-22T240000Z.zip",
  "nightly-2026-11-22T0230Z.zip",
  "Nightly-2026-11-22T023000Z.zip",
  "nightly2-2026-11-22T023000Z.zip",
  "nightly-old-2026-11-22T023000Z.zip",
  "nightly-2026-11-22T023000Z (1).zip",
  "nightly.packs.json",
  "nightly",
])("%s is no pack of ours", (name) => {
  expect(parsePackName(name, "nightly")).toBeUndefined();
});
