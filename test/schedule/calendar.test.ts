// Cron lines as systemd understands them, by the judgement of systemd itself.

import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toCalendar } from "../../src/schedule/calendar.ts";
import { readCron } from "../../src/schedule/cron-times.ts";
import { nextDue } from "../../src/schedule/due.ts";

const from = new Date("2026-11-26T15:00:30Z");

const hasSystemd =
  spawnSync("systemd-analyze", ["calendar", "--iterations=1", "*-*-* 02:30:00 Europe/Paris"]).status === 0;
if (!hasSystemd)
  console.warn("SKIPPED: cron lines are not compared with what systemd makes of them: no systemd-analyze");

/** The next times that systemd gives for these values, each in milliseconds. */
function systemdTimes(values: readonly string[], count: number): readonly number[] {
  const all = values.flatMap((value) => {
    const base = from.toISOString().replace("T", " ").replace(".000Z", " UTC");
    const { stdout, stderr, status } = spawnSync(
      "systemd-analyze",
      ["calendar", `--base-time=${base}`, `--iterations=${count}`, value],
      { encoding: "utf8", env: { ...process.env, TZ: "UTC", LC_ALL: "C" } },
    );
    if (status !== 0) throw new Error(`${value}: ${stderr}`);
    return [...stdout.matchAll(/(?:Next elapse|Iter\. #\d+|\(in UTC\)): \w{3} (\S+) (\S+) UTC/g)].map(
      ([, date, time]) => Date.parse(`${date}T${time}Z`),
    );
  });
  return [...new Set(all)].sort((a, b) => a - b).slice(0, count);
}

function dueTimes(schedule: string, timeZone: string, count: number): readonly number[] {
  const times: number[] = [];
  let after = from;
  while (times.length < count) {
    const due = nextDue({ schedule, timeZone }, after);
    if (due === undefined) break;
    times.push(due.getTime());
    after = due;
  }
  return times;
}

test.each([
  ["30 2 * * *", ["*-*-* 02:30:00 UTC"]],
  ["*/15 8-18 * * mon-fri", ["Mon,Tue,Wed,Thu,Fri *-*-* 08..18:00,15,30,45:00 UTC"]],
  ["0 0 1,15 jan,jul *", ["*-01,07-01,15 00:00:00 UTC"]],
  ["0 9 * * 7", ["Sun *-*-* 09:00:00 UTC"]],
  ["0 9 1 * 1", ["*-*-01 09:00:00 UTC", "Mon *-*-* 09:00:00 UTC"]],
])("%s is said in the words of systemd", (schedule, values) => {
  expect(toCalendar({ schedule, timeZone: "UTC" }, from)).toEqual(values);
});

test.each(["0 0 L * *", "0 0 15W * *", "0 0 * * 1#2", "0 0 * * 5L", "0 0 1 * +1"])("%s can't be said", (schedule) => {
  expect(readCron(schedule)).toBeUndefined();
  expect(toCalendar({ schedule, timeZone: "UTC" }, from)).toBeUndefined();
});

test("nights on which the clock jumps over the time are named one by one", () => {
  const values = toCalendar({ schedule: "30 2 * * *", timeZone: "Europe/Paris" }, from);
  expect(values?.slice(0, 3)).toEqual([
    "*-*-* 02:30:00 Europe/Paris",
    "2027-03-28 03:00:00 Europe/Paris",
    "2028-03-26 03:00:00 Europe/Paris",
  ]);
  expect(values?.length).toBe(11);
  expect(toCalendar({ schedule: "30 4 * * *", timeZone: "Europe/Paris" }, from)).toHaveLength(1);
});

describe.skipIf(!hasSystemd)("systemd", () => {
  const field = (first: number, last: number, names: readonly string[] = []) => {
    const number = fc.integer({ min: first, max: last });
    const pair = fc.tuple(number, number).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
    const step = fc.integer({ min: 1, max: last - first + 1 });
    const one = fc.oneof(
      number.map(String),
      pair.map(([a, b]) => `${a}-${b}`),
      fc.tuple(pair, step).map(([[a, b], n]) => `${a}-${b}/${Math.min(n, Math.max(1, b - a))}`),
      step.map((n) => `*/${n}`),
      ...(names.length === 0 ? [] : [fc.constantFrom(...names)]),
    );
    return fc.oneof(
      { weight: 2, arbitrary: fc.constant("*") },
      fc.array(one, { minLength: 1, maxLength: 3 }).map((all) => all.join(",")),
    );
  };
  const cron = fc.tuple(
    field(0, 59),
    field(0, 23),
    field(1, 31),
    field(1, 12, ["jan", "FEB", "Dec"]),
    field(0, 7, ["mon", "SUN", "Sat"]),
  );

  test("is due at the next 200 times of any line, as the daemon is", () => {
    fc.assert(
      fc.property(cron, (fields) => {
        const schedule = fields.join(" ");
        const expected = dueTimesOrNone(schedule);
        fc.pre(expected.length > 0);
        const values = toCalendar({ schedule, timeZone: "UTC" }, from) ?? [];
        expect(systemdTimes(values, 200), schedule).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  test.each(["Europe/Paris", "Australia/Lord_Howe"])(
    "loses no night to the clocks of %s in the next ten years",
    (timeZone) => {
      const end = from.getTime() + 10 * 365 * 86_400_000;
      for (const [schedule, count] of [
        ["30 2 * * *", 900],
        ["5 2 * * 0", 520],
      ] as const) {
        const values = toCalendar({ schedule, timeZone }, from) ?? [];
        const until = (times: readonly number[]) => times.filter((time) => time < end);
        expect(until(systemdTimes(values, count)), schedule).toEqual(until(dueTimes(schedule, timeZone, count)));
      }
    },
  );
});

/** A line may name a day that never comes. */
function dueTimesOrNone(schedule: string): readonly number[] {
  try {
    return dueTimes(schedule, "UTC", 200);
  } catch {
    return [];
  }
}
