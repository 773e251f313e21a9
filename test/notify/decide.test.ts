// When something is told: at once, once a day, and once when it is over.

import { expect, test } from "vitest";
import { decide, type Observation, tellNow } from "../../src/notify/decide.ts";
import type { Told } from "../../src/notify/memory.ts";
import { troubles } from "../../src/notify/news.ts";

const hour = 3_600_000;
const start = Date.parse("2026-11-22T02:41:00Z");
const usual = new Set(["failure", "overdue", "recovered"] as const);

/** What is told of a job that is observed again and again: hours since the first, and what was told. */
function follow(seen: readonly (readonly [hours: number, Observation])[], when: ReadonlySet<string> = usual): string[] {
  let told: Told | undefined;
  return seen.flatMap(([hours, observation]) => {
    const now = new Date(start + hours * hour);
    const event = decide(told, observation, { when: when as typeof usual, now });
    if (event === undefined) return [];
    const trouble = troubles.find((name) => name === observation);
    told = trouble === undefined ? undefined : tellNow(told, trouble, now);
    return [`${hours} ${event}`];
  });
}

test("a job that fails every hour is told at once, and once a day at the same hour", () => {
  const hours = Array.from({ length: 97 }, (_, index) => [index, "failed"] as const);
  expect(follow(hours)).toEqual(["0 failure", "22 reminder", "46 reminder", "70 reminder", "94 reminder"]);
});

test("a nightly run that ends earlier each night is told each night", () => {
  const nights = [0, 23.8, 47.5, 71.3, 95].map((hours) => [hours, "incomplete"] as const);
  expect(follow(nights).length).toBe(5);
});

test("after a pause the next failure is told, and a day later the one after it", () => {
  expect(
    follow([
      [0, "failed"],
      [75, "failed"],
      [76, "failed"],
      [98.5, "failed"],
    ]),
  ).toEqual(["0 failure", "75 reminder", "98.5 reminder"]);
});

test("what gets worse is told at once, and what gets better waits for its day", () => {
  expect(
    follow([
      [0, "overdue"],
      [1, "incomplete"],
      [2, "failed"],
      [3, "incomplete"],
      [4, "overdue"],
    ]),
  ).toEqual(["0 overdue", "1 failure", "2 failure"]);
});

test("it is over once, and only if it was told", () => {
  expect(
    follow([
      [0, "safe"],
      [1, "failed"],
      [2, "safe"],
      [3, "safe"],
    ]),
  ).toEqual(["1 failure", "2 recovered"]);
});

test("a job that is on time again is no longer overdue; one that failed has to run for that", () => {
  expect(
    follow([
      [0, "overdue"],
      [1, "on-time"],
      [2, "on-time"],
    ]),
  ).toEqual(["0 overdue", "1 recovered"]);
  expect(
    follow([
      [0, "failed"],
      [1, "on-time"],
      [2, "no-news"],
      [24, "safe"],
    ]),
  ).toEqual(["0 failure", "24 recovered"]);
});

test("only what is asked for is told", () => {
  const week: [number, Observation][] = [
    [0, "failed"],
    [24, "failed"],
    [48, "safe"],
    [72, "overdue"],
    [96, "safe"],
  ];
  expect(follow(week, new Set(["success"]))).toEqual(["48 success", "96 success"]);
  expect(follow(week, new Set(["overdue"]))).toEqual(["72 overdue"]);
  expect(follow(week, new Set(["failure", "recovered", "success"]))).toEqual([
    "0 failure",
    "24 reminder",
    "48 recovered",
    "96 success",
  ]);
});

test("a clock that was years ahead silences nothing when it is right again", () => {
  const told = tellNow(undefined, "failed", new Date("2038-01-01T00:00:00Z"));
  expect(decide(told, "failed", { when: usual, now: new Date(start) })).toBe("reminder");
});
