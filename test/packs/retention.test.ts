// Which packs stay, by rules that are checked one at a time and against each other.

import fc from "fast-check";
import { expect, test } from "vitest";
import { dayOf, startOfPeriod } from "../../src/packs/periods.ts";
import { applyRetention, type KeepRules, whyRemoved } from "../../src/packs/retention.ts";

const pack = (at: string) => ({ at: new Date(at), day: at.slice(0, 10) });
const days = (...names: string[]) => names.map((name) => pack(`${name}T02:30:00Z`));
const kept = (packs: ReturnType<typeof days>, rules: KeepRules) =>
  applyRetention(packs, rules)
    .filter(({ remove }) => !remove)
    .map(({ pack: { day }, keep }) => [day, ...keep].join(" "));

test("each rule keeps the newest of its periods that have one, and says so", () => {
  const packs = days("2026-11-22", "2026-11-21", "2026-11-16", "2026-11-15", "2026-10-31", "2026-10-01", "2025-12-31");
  expect(kept(packs, { keepLast: 2, keepDaily: 1, keepWeekly: 2, keepMonthly: 2, keepYearly: 9 })).toEqual([
    "2026-11-22 last daily weekly monthly yearly",
    "2026-11-21 last",
    "2026-11-15 weekly",
    "2026-10-31 monthly",
    "2025-12-31 yearly",
  ]);
});

test("days without a pack cost a rule nothing", () => {
  expect(kept(days("2026-11-22", "2026-07-01", "2025-01-01", "2024-01-01"), { keepDaily: 3 })).toEqual([
    "2026-11-22 daily",
    "2026-07-01 daily",
    "2025-01-01 daily",
  ]);
});

test("of several packs of a day the newest counts", () => {
  const packs = [pack("2026-11-22T01:00:00Z"), pack("2026-11-22T23:00:00Z"), pack("2026-11-21T09:00:00Z")];
  const judged = applyRetention(packs, { keepDaily: 2 });
  expect(judged.map(({ pack: { at }, remove }) => [at.getUTCHours(), remove])).toEqual([
    [23, false],
    [1, true],
    [9, false],
  ]);
});

test("without a rule everything stays", () => {
  expect(kept(days("2026-11-22", "2026-11-21"), {})).toEqual(["2026-11-22", "2026-11-21"]);
  expect(applyRetention([], { keepLast: 1 })).toEqual([]);
});

test("why a pack goes is said of every rule", () => {
  const rules = { keepDaily: 2, keepWeekly: 2, keepMonthly: 2 };
  const packs = days("2026-11-22", "2026-11-21", "2026-11-20", "2026-11-03", "2026-11-02", "2026-10-02", "2026-09-01");
  const why = applyRetention(packs, rules).map((each) => [each.pack.day, each.remove && whyRemoved(each, rules)]);
  expect(why).toEqual([
    ["2026-11-22", false],
    ["2026-11-21", false],
    ["2026-11-20", "older than the newest 2 days; a newer pack has its week and month"],
    ["2026-11-03", false],
    ["2026-11-02", "older than the newest 2 days; a newer pack has its week and month"],
    ["2026-10-02", false],
    ["2026-09-01", "older than the newest 2 days, 2 weeks and 2 months"],
  ]);
});

const start = Date.UTC(2024, 0, 1);
const packs = fc
  .uniqueArray(fc.integer({ min: 0, max: 1000 * 24 }), { maxLength: 80 })
  .map((hours) => hours.map((hour) => new Date(start + hour * 3_600_000)));
const few = fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined });
const rules = fc.record({ keepLast: few, keepDaily: few, keepWeekly: few, keepMonthly: few, keepYearly: few });
const zone = fc.constantFrom("UTC", "Europe/Paris", "America/St_Johns", "Pacific/Chatham");
const judge = (dates: readonly Date[], keep: KeepRules, timeZone: string) =>
  applyRetention(
    dates.map((at) => ({ at, day: dayOf(at, timeZone) })),
    keep,
  );

test("the newest stays, whatever the rules; nothing comes or goes but by them", () => {
  fc.assert(
    fc.property(packs, rules, zone, (dates, keep, timeZone) => {
      const judged = judge(dates, keep, timeZone);
      expect(judged.map(({ pack: { at } }) => at.getTime())).toEqual(dates.map(Number).sort((a, b) => b - a));
      expect(judged[0]?.remove ?? false).toBe(false);
      const hasRule = Object.values(keep).some((most) => most !== undefined);
      for (const each of judged) {
        expect(each.remove).toBe(hasRule && each.keep.length === 0);
        if (each.remove) expect(whyRemoved(each, keep)).not.toBe("");
      }
    }),
  );
});

test("a rule never keeps more than it asks for, and fewer only where there are no more periods", () => {
  const periods = { keepDaily: "day", keepWeekly: "week", keepMonthly: "month", keepYearly: "year" } as const;
  fc.assert(
    fc.property(packs, fc.integer({ min: 1, max: 30 }), zone, (dates, most, timeZone) => {
      for (const [rule, period] of Object.entries(periods)) {
        const stay = judge(dates, { [rule]: most }, timeZone).filter(({ remove }) => !remove);
        const all = new Set(dates.map((at) => startOfPeriod(dayOf(at, timeZone), period)));
        expect(stay.length).toBe(Math.min(most, all.size));
        expect(new Set(stay.map(({ pack: { day } }) => startOfPeriod(day, period))).size).toBe(stay.length);
      }
      expect(judge(dates, { keepLast: most }, timeZone).filter(({ remove }) => !remove).length).toBe(
        Math.min(most, dates.length),
      );
    }),
  );
});

test("to prune twice is to prune once, and several rules together keep what each of them keeps", () => {
  fc.assert(
    fc.property(packs, rules, zone, (dates, keep, timeZone) => {
      const staying = (rule: KeepRules) =>
        judge(dates, rule, timeZone).flatMap(({ pack: { at }, remove }) => (remove ? [] : [at]));
      const once = staying(keep);
      expect(judge(once, keep, timeZone).filter(({ remove }) => remove)).toEqual([]);
      const alone = Object.entries(keep).flatMap(([rule, most]) =>
        most === undefined ? [] : staying({ [rule]: most }),
      );
      if (alone.length > 0) expect(new Set(alone.map(Number))).toEqual(new Set(once.map(Number)));
    }),
  );
});
