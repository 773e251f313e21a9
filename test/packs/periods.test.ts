// The calendar as the user has it: Python's knows nothing of ours, and is asked about every instant.

import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { dayOf, type Period, startOfNextPeriod, startOfPeriod } from "../../src/packs/periods.ts";
import { hasPython } from "../support/local-source.ts";

const day = (at: string, zone: string) => dayOf(new Date(at), zone);

test("a day begins and ends where the user lives", () => {
  expect(day("2026-11-21T23:30:00Z", "Europe/Paris")).toBe("2026-11-22");
  expect(day("2026-11-21T22:59:59Z", "Europe/Paris")).toBe("2026-11-21");
  expect(day("2026-01-01T04:59:59Z", "America/New_York")).toBe("2025-12-31");
  expect(day("2026-06-01T18:14:59Z", "Asia/Kathmandu")).toBe("2026-06-01"); // +05:45
  expect(day("2026-06-01T18:15:00Z", "Asia/Kathmandu")).toBe("2026-06-02");
  expect(day("2026-06-01T10:00:00Z", "Pacific/Kiritimati")).toBe("2026-06-02"); // +14:00
});

test("a night in which clocks are changed belongs to one day", () => {
  // 25 October 2026: in Paris 02:30 comes twice. 29 March 2026: it does not come at all.
  for (const at of ["2026-10-24T22:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T22:59:59Z"])
    expect(day(at, "Europe/Paris")).toBe("2026-10-25");
  for (const at of ["2026-03-28T23:00:00Z", "2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", "2026-03-29T21:59:59Z"])
    expect(day(at, "Europe/Paris")).toBe("2026-03-29");
  // Samoa had no 30 December 2011.
  expect(day("2011-12-30T09:59:59Z", "Pacific/Apia")).toBe("2011-12-29");
  expect(day("2011-12-30T10:00:00Z", "Pacific/Apia")).toBe("2011-12-31");
});

test.each<[Period, string, string, string]>([
  ["day", "2024-02-28", "2024-02-28", "2024-02-29"],
  ["day", "2026-12-31", "2026-12-31", "2027-01-01"],
  ["week", "2026-11-22", "2026-11-16", "2026-11-23"], // a Sunday
  ["week", "2026-11-23", "2026-11-23", "2026-11-30"],
  ["week", "2027-01-03", "2026-12-28", "2027-01-04"], // 2026-W53
  ["month", "2024-02-29", "2024-02-01", "2024-03-01"],
  ["month", "2026-12-05", "2026-12-01", "2027-01-01"],
  ["month", "2026-01-31", "2026-01-01", "2026-02-01"],
  ["year", "2024-12-31", "2024-01-01", "2025-01-01"],
  ["year", "2026-01-01", "2026-01-01", "2027-01-01"],
])("the %s of %s is that from %s until %s", (period, within, start, next) => {
  expect(startOfPeriod(within, period)).toBe(start);
  expect(startOfNextPeriod(within, period)).toBe(next);
});

test("the next period is the one that the next day with another period begins", () => {
  for (const period of ["day", "week", "month", "year"] as const) {
    for (let time = Date.UTC(2023, 11, 1); time < Date.UTC(2025, 2, 1); time += 86_400_000) {
      const [today, tomorrow] = [dayOf(new Date(time), "UTC"), dayOf(new Date(time + 86_400_000), "UTC")];
      const isSame = startOfPeriod(today, period) === startOfPeriod(tomorrow, period);
      expect(startOfNextPeriod(today, period)).toBe(isSame ? startOfNextPeriod(tomorrow, period) : tomorrow);
    }
  }
});

const zones = [
  "Europe/Paris",
  "America/St_Johns",
  "Australia/Lord_Howe",
  "Pacific/Chatham",
  "Africa/Casablanca",
  "UTC",
];

test.skipIf(!hasPython)("days, and the ISO weeks they lie in, are those that Python says", () => {
  const cases = zones.flatMap((zone) =>
    // Every 23 h 30 min of four years; 1987 to 2011 St. John's changed its clocks at 00:01.
    Array.from({ length: 1500 }, (_, n) => [zone, Date.UTC(2008, 0, 1) / 1000 + n * 84_600] as const),
  );
  const script = `import datetime, json, sys, zoneinfo
for zone, at in json.load(sys.stdin):
    day = datetime.datetime.fromtimestamp(at, zoneinfo.ZoneInfo(zone)).date()
    monday = day - datetime.timedelta(days=day.isocalendar()[2] - 1)
    print(day.isoformat(), monday.isoformat())`;
  const said = execFileSync("python3", ["-c", script], { input: JSON.stringify(cases), maxBuffer: 1e8 }).toString();
  const ours = cases.map(([zone, at]) => {
    const local = dayOf(new Date(at * 1000), zone);
    return `${local} ${startOfPeriod(local, "week")}`;
  });
  expect(said.trim().split("\n")).toEqual(ours);
});
