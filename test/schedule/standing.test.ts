// How a job stands: from its runs, its schedule and the time of day alone.

import { describe, expect, test } from "vitest";
import type { RunRecord } from "../../src/jobs/run-record.ts";
import { standingOf } from "../../src/schedule/standing.ts";

const nightly = { schedule: "30 2 * * *", timeZone: "Europe/Paris" };
const at = (text: string) => new Date(text);

function run(startedAt: string, changes: Partial<RunRecord> = {}): RunRecord {
  return {
    trigger: "schedule",
    startedAt: at(startedAt).toISOString(),
    seconds: 600,
    verdict: "safe",
    exit: { code: 0, name: "ok" },
    totals: { onServer: 1, inArchive: 1, new: 0, missing: 0, kept: 0 },
    octets: 0,
    mailboxes: [[["INBOX"], 1]],
    ...changes,
  };
}

describe("a job with a schedule", () => {
  const runs = [run("2026-11-24T02:30+01:00"), run("2026-11-25T02:30+01:00")];

  test("is on time until a fifth of a day after a due time has passed without a run", () => {
    expect(standingOf(nightly, runs, at("2026-11-26T07:18+01:00"))).toMatchObject({ overdue: false });
    expect(standingOf(nightly, runs, at("2026-11-26T07:19+01:00"))).toMatchObject({
      overdue: true,
      overdueSince: at("2026-11-26T02:30+01:00"),
      overdueReason: "missed",
      nextRun: at("2026-11-27T02:30+01:00"),
      ageSeconds: 28 * 3600 + 39 * 60,
    });
  });

  test("has an hour where a fifth of the interval is less", () => {
    const hourly = { ...nightly, schedule: "0 * * * *" };
    const last = [run("2026-11-26T12:00Z")];
    expect(standingOf(hourly, last, at("2026-11-26T14:00Z")).overdue).toBe(false);
    expect(standingOf(hourly, last, at("2026-11-26T14:01Z")).overdue).toBe(true);
  });

  test("is not overdue over a weekend that its schedule leaves out", () => {
    const weekdays = { ...nightly, schedule: "0 9 * * 1-5" };
    const friday = [run("2026-11-27T09:00+01:00")];
    expect(standingOf(weekdays, friday, at("2026-11-30T09:59+01:00")).overdue).toBe(false);
    expect(standingOf(weekdays, friday, at("2026-11-30T14:00+01:00")).overdue).toBe(true);
  });

  test("has run for a due time that came while it ran, and a failed run is a run", () => {
    const long = run("2026-11-25T02:30+01:00", { seconds: 25 * 3600, verdict: "failed" });
    expect(standingOf(nightly, [...runs.slice(0, 1), long], at("2026-11-26T23:00+01:00"))).toMatchObject({
      overdue: false,
      lastRun: { verdict: "failed" },
      lastSuccess: { startedAt: "2026-11-24T01:30:00.000Z" },
    });
  });

  test("has not run where the run was stopped before its end", () => {
    const stopped = run("2026-11-26T02:30+01:00", { verdict: "incomplete", exit: { code: 130, name: "interrupted" } });
    expect(standingOf(nightly, [...runs, stopped], at("2026-11-26T12:00+01:00"))).toMatchObject({
      overdue: true,
      lastRun: { exit: { code: 130 } },
    });
  });

  test("is late for nothing while a run is going on, until that has outlasted the next due time: it may hang", () => {
    const stand = (now: string) => standingOf(nightly, runs, at(now), { runningSince: at("2026-11-26T02:30+01:00") });
    expect(stand("2026-11-26T12:00+01:00").overdue).toBe(false);
    expect(stand("2026-11-27T07:18+01:00").overdue).toBe(false);
    expect(stand("2026-11-27T07:19+01:00")).toMatchObject({
      overdue: true,
      overdueSince: at("2026-11-27T02:30+01:00"),
      overdueReason: "hung",
    });
  });

  test("that catches up after days without the machine does not hang", () => {
    const options = { runningSince: at("2026-11-30T09:00+01:00") };
    expect(standingOf(nightly, runs, at("2026-11-30T10:00+01:00"), options).overdue).toBe(false);
  });

  test("that never ran is overdue, unless it was only just scheduled", () => {
    const now = at("2026-11-26T12:00+01:00");
    expect(standingOf(nightly, [], now)).toMatchObject({
      overdue: true,
      overdueSince: undefined,
      ageSeconds: undefined,
    });
    const since = (text: string) => standingOf(nightly, [], now, { scheduledSince: at(text) }).overdue;
    expect(since("2026-11-26T10:00+01:00")).toBe(false);
    expect(since("2026-11-25T10:00+01:00")).toBe(true);
  });

  test("that was given another schedule has not missed what that says of the past", () => {
    const options = { scheduledSince: at("2026-11-26T11:00Z") };
    expect(standingOf(nightly, runs.slice(0, 1), at("2026-11-26T12:00Z"), options).overdue).toBe(false);
  });
});

describe("a job with staleAfter", () => {
  const job = { ...nightly, staleAfterMs: 36 * 3_600_000 };

  test("is overdue when its last success is older, however often it ran since", () => {
    const runs = [run("2026-11-24T02:30Z"), run("2026-11-25T14:00Z", { verdict: "incomplete" })];
    expect(standingOf(job, runs, at("2026-11-25T14:39Z")).overdue).toBe(false);
    expect(standingOf(job, runs, at("2026-11-25T14:41Z"))).toMatchObject({
      overdue: true,
      overdueSince: at("2026-11-25T14:40Z"),
      overdueReason: "stale",
    });
  });

  test("is not overdue for a night that it missed", () => {
    expect(standingOf(job, [run("2026-11-25T02:30Z")], at("2026-11-26T12:00Z")).overdue).toBe(false);
  });

  test("takes another from the command line", () => {
    const stand = standingOf(job, [run("2026-11-25T02:30Z")], at("2026-11-26T12:00Z"), { staleAfterMs: 3_600_000 });
    expect(stand.overdue).toBe(true);
  });

  test("without a schedule and a success is overdue", () => {
    const runs = [run("2026-11-26T02:30Z", { verdict: "failed" })];
    expect(standingOf({ staleAfterMs: 1 }, runs, at("2026-11-26T12:00Z"))).toMatchObject({
      overdue: true,
      overdueReason: "never",
    });
  });
});

test("a job with neither is never overdue", () => {
  expect(standingOf({}, [], at("2026-11-26T12:00Z"))).toEqual({
    lastRun: undefined,
    lastSuccess: undefined,
    ageSeconds: undefined,
    overdue: false,
    overdueSince: undefined,
    overdueReason: undefined,
    nextRun: undefined,
  });
});

test("a success in the future, by a clock that was put right since, has no negative age", () => {
  expect(standingOf({}, [run("2027-01-01T00:00Z")], at("2026-11-26T12:00Z")).ageSeconds).toBe(0);
});

test("the time that a clock jumps over is due when it has jumped, and one that comes twice is due once", () => {
  const next = (text: string) => standingOf(nightly, [], at(text)).nextRun;
  expect(next("2026-03-29T00:00Z")).toEqual(at("2026-03-29T03:00+02:00"));
  expect(next("2026-10-25T00:30Z")).toEqual(at("2026-10-26T02:30+01:00"));
});
