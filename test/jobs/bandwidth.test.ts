// Octets a second by time of day, with a clock that moves when somebody waits.

import { describe, expect, test } from "vitest";
import { Bandwidth, rateAt } from "../../src/jobs/bandwidth.ts";
import { localTime } from "../../src/jobs/local-time.ts";
import { StandingClock } from "../support/standing-clock.ts";

const never = new AbortController().signal;
const allDay = (limit: number) => [{ limit, from: 0, to: 24 * 60 }];
const open = (time: StandingClock, limits = allDay(1_000), zone = "UTC") =>
  new Bandwidth({ limits, localTime: localTime(zone), clock: time.clock, wait: time.wait });

describe("a limit on octets a second", () => {
  test("lets through what it says, and a second's worth at once after a rest", async () => {
    const time = new StandingClock("2026-11-22T12:00:00Z");
    const bandwidth = open(time);
    for (let piece = 0; piece < 100; piece += 1) await bandwidth.take(100, never);
    // 1,000 octets were saved up, and the last piece is paid by the next.
    expect(time.passedMs).toBeGreaterThanOrEqual(8_900);
    expect(time.passedMs).toBeLessThanOrEqual(9_100);
    time.pass(3_600_000);
    const before = time.passedMs;
    for (let piece = 0; piece < 11; piece += 1) await bandwidth.take(100, never);
    expect(time.passedMs - before).toBe(0);
    await bandwidth.take(100, never);
    expect(time.passedMs - before).toBeGreaterThan(0);
  });

  test("is one for all who share it, in the order in which they came", async () => {
    const time = new StandingClock("2026-11-22T12:00:00Z");
    const bandwidth = open(time);
    const done: number[] = [];
    await Promise.all(
      Array.from({ length: 10 }, (_, index) => bandwidth.take(1_000, never).then(() => done.push(index))),
    );
    expect(done).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(time.passedMs).toBe(8_000);
  });

  test("holds by the clock of its time zone, and its end is heeded while somebody waits", async () => {
    const time = new StandingClock("2026-11-22T16:59:50Z");
    const bandwidth = open(time, [{ limit: 1_000, from: 8 * 60, to: 18 * 60 }], "Europe/Paris");
    await bandwidth.take(1_000_000, never);
    await bandwidth.take(1_000_000, never);
    expect(time.passedMs).toBeGreaterThanOrEqual(10_000);
    expect(time.passedMs).toBeLessThanOrEqual(15_000);
    await bandwidth.take(1_000_000, never);
    expect(time.passedMs).toBeLessThanOrEqual(15_000);
  });

  test("lets a large piece go as soon as those before it are paid for", async () => {
    const time = new StandingClock("2026-11-22T12:00:00Z");
    const bandwidth = open(time);
    await bandwidth.take(50_000, never);
    expect(time.passedMs).toBe(0);
    await bandwidth.take(1, never);
    expect(time.passedMs).toBe(49_000);
    expect(Math.max(...time.waits)).toBeLessThanOrEqual(5_000);
  });

  test("ends no wait by a clock that is set back, and is not stopped by one for ever", async () => {
    const time = new StandingClock("2026-11-22T12:00:00Z");
    const bandwidth = open(time);
    await bandwidth.take(3_000, never);
    time.pass(-3_600_000);
    time.waits.length = 0;
    await bandwidth.take(1, never);
    expect(time.waits.reduce((sum, ms) => sum + ms, 0)).toBe(2_000);
  });

  test("is left at once by who is stopped, and the others keep their places", async () => {
    const time = new StandingClock("2026-11-22T12:00:00Z");
    const stop = new AbortController();
    const bandwidth = new Bandwidth({
      limits: allDay(1_000),
      localTime: localTime("UTC"),
      clock: time.clock,
      wait: async (ms, signal) => {
        stop.abort(new Error("stopped"));
        await time.wait(ms, signal);
      },
    });
    await bandwidth.take(2_000, never);
    const done: string[] = [];
    const first = bandwidth.take(1, never).then(() => done.push("first"));
    const second = bandwidth.take(1, stop.signal).catch((error: Error) => done.push(error.message));
    const third = bandwidth.take(1, never).then(() => done.push("third"));
    await Promise.all([first, second, third]);
    expect(done.toSorted()).toEqual(["first", "stopped", "third"]);
    expect(done.at(-1)).toBe("third");
    await expect(bandwidth.take(1, stop.signal)).rejects.toThrow("stopped");
  });
});

test("of several limits the least holds, and hours may lie over midnight", () => {
  const limits = [
    { limit: 500, from: 22 * 60, to: 6 * 60 },
    { limit: 200, from: 5 * 60, to: 24 * 60 },
  ];
  const rates = [0, 4 * 60 + 59, 5 * 60, 6 * 60, 21 * 60 + 59, 22 * 60].map((minutes) => rateAt(limits, minutes));
  expect(rates).toEqual([500, 500, 200, 200, 200, 200]);
  expect(rateAt([{ limit: 500, from: 8 * 60, to: 18 * 60 }], 18 * 60)).toBeUndefined();
  expect(rateAt([{ limit: 500, from: 0, to: 24 * 60 }], 0)).toBe(500);
});
