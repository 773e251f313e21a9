// Years of packs without a disk: when one is due and which stay, against an oracle.

import fc from "fast-check";
import { expect, test } from "vitest";
import { parsePackName } from "../../src/packs/pack-name.ts";
import { freeName, judgePacks, notDueUntil, type PackRules } from "../../src/packs/pack-plan.ts";
import type { KeepRules } from "../../src/packs/retention.ts";
import { nameAt, survivors } from "../support/nights.ts";

const at = (text: string) => new Date(text);
const found = (file: string, fault?: string) => {
  const name = parsePackName(file, "nightly");
  if (name === undefined) throw new Error(`${file} is no pack`);
  return { ...name, file, fault };
};
const monthly: PackRules = { every: "month", keep: undefined, timeZone: "Europe/Paris" };

test("a pack is due once in each period, as the user's calendar has it", () => {
  const packs = [found("nightly-2026-10-31T223000Z.tar.gz")]; // 23:30 on the 31st in Paris
  expect(notDueUntil(packs, at("2026-10-31T22:59:00Z"), monthly)).toBe("2026-11-01");
  expect(notDueUntil(packs, at("2026-10-31T23:00:00Z"), monthly)).toBeUndefined();
  expect(notDueUntil(packs, at("2026-10-31T23:00:00Z"), { ...monthly, timeZone: "UTC" })).toBe("2026-11-01");
  expect(notDueUntil(packs, at("2026-10-31T23:00:00Z"), { ...monthly, every: "year" })).toBe("2027-01-01");
  expect(notDueUntil(packs, at("2026-10-31T23:00:00Z"), { ...monthly, every: "week" })).toBe("2026-11-02");
  expect(notDueUntil(packs, at("2026-10-31T23:00:00Z"), { ...monthly, every: "run" })).toBeUndefined();
  expect(notDueUntil([], at("2026-10-31T23:00:00Z"), monthly)).toBeUndefined();
});

test("a pack that is damaged, or dated later than the run, makes none needless", () => {
  expect(notDueUntil([found("nightly-2026-11-01T023000Z.zip", "is empty")], at("2026-11-02T02:30:00Z"), monthly)).toBe(
    undefined,
  );
  expect(notDueUntil([found("nightly-2026-11-20T023000Z.zip")], at("2026-11-02T02:30:00Z"), monthly)).toBeUndefined();
});

test("no rule counts what is damaged or dated later; neither is removed", () => {
  const packs = [
    found("nightly-2031-01-01T000000Z.zip"),
    found("nightly-2026-11-22T023000Z.zip", "is empty"),
    found("nightly-2026-11-21T023000Z.zip"),
    found("nightly-2026-11-20T023000Z.zip"),
  ];
  const judged = judgePacks(packs, at("2026-11-23T02:30:00Z"), { keep: { keepLast: 1 }, timeZone: "UTC" });
  expect(judged).toEqual({
    kept: [
      { file: "nightly-2031-01-01T000000Z.zip", why: ["later"] },
      { file: "nightly-2026-11-21T023000Z.zip", why: ["last"] },
    ],
    removed: [{ file: "nightly-2026-11-20T023000Z.zip", why: "older than the newest pack" }],
  });
});

test("two packs of one second have names of their own, whatever their formats", () => {
  const instant = at("2026-12-31T23:59:59.900Z");
  const first = freeName([], "nightly", instant, "zip");
  const second = freeName([{ file: first }], "nightly", instant, "tar.gz");
  expect([first, second]).toEqual(["nightly-2026-12-31T235959Z.zip", "nightly-2027-01-01T000000Z.tar.gz"]);
});

const few = fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined });
const rules = fc
  .record({ keepLast: few, keepDaily: few, keepWeekly: few, keepMonthly: few, keepYearly: few })
  .filter((all) => Object.values(all).some((most) => most !== undefined));
const gapsInHours = fc.array(fc.oneof(fc.constant(24), fc.integer({ min: 1, max: 24 * 40 })), { maxLength: 60 });
const zone = fc.constantFrom("Europe/Paris", "America/St_Johns", "Pacific/Chatham", "Asia/Kathmandu", "UTC");

test("years of runs, one after the other, leave what an oracle of the rules would leave", () => {
  const live = (gaps: readonly number[], keep: KeepRules, timeZone: string) => {
    let time = Date.UTC(2027, 1, 20, 0, 30);
    let packs: string[] = [];
    let expected: Date[] = [];
    for (const gap of gaps) {
      time += gap * 3_600_000;
      const now = new Date(time);
      packs.push(
        freeName(
          packs.map((file) => ({ file })),
          "nightly",
          now,
          "tar.gz",
        ),
      );
      const judged = judgePacks(
        packs.map((file) => found(file)),
        now,
        { keep, timeZone },
      );
      packs = judged.kept.map(({ file }) => file);
      expected = survivors([...expected, now], keep, timeZone);
      expect(packs.toSorted()).toEqual(expected.map((each) => nameAt(each)));
      expect(judged.removed.filter(({ why }) => why === "")).toEqual([]);
    }
  };
  fc.assert(fc.property(gapsInHours, rules, zone, live), { numRuns: 25 });
  live(new Array(500).fill(24), { keepDaily: 7, keepWeekly: 4, keepMonthly: 24, keepYearly: 10 }, "Europe/Paris");
});
