// The daemon over days of simulated time.

import { describe, expect, test } from "vitest";
import type { Job, JobReport } from "../../src/index.ts";
import { type DaemonEvent, keepSchedule } from "../../src/schedule/daemon.ts";
import { type SimulatedTime, simulateTime } from "../support/simulated-time.ts";

const hourMs = 3_600_000;

function jobOf(schedule: string, name = "nightly"): Job {
  return {
    name,
    from: { mbox: "/mail" },
    to: { archive: `/a/${name}`, format: "mbox" },
    mailboxes: { include: ["*"], exclude: [], map: [] },
    filter: {},
    verify: "after",
    retry: { attempts: 1, maxWaitMs: 0 },
    schedule,
    timeZone: "Europe/Paris",
  };
}

interface Life {
  readonly jobs: readonly Job[];
  readonly from: string;
  readonly until: string;
  /** When the last run before that ended. */
  readonly doneUntil?: string;
  /** How long runs take. */
  readonly runMs?: number;
  readonly meanwhile?: (time: SimulatedTime, stop: AbortController) => void;
}

/** What the daemon says from when it is started until it is stopped, with the time at which it says it. */
async function live({ jobs, from, until, doneUntil = from, runMs = 60_000, meanwhile }: Life) {
  const time = simulateTime(from);
  const stop = new AbortController();
  const said: { readonly at: string; readonly event: DaemonEvent }[] = [];
  time.at(until, () => stop.abort());
  meanwhile?.(time, stop);
  await keepSchedule(
    jobs.map((job) => ({ job, doneUntil: new Date(doneUntil) })),
    {
      clock: time.clock,
      wait: time.wait,
      signal: stop.signal,
      report: (event) => said.push({ at: time.clock().toISOString(), event }),
      run: async ({ name }) => {
        if (name === "broken") throw new Error("as none should");
        const aborted = new Promise<void>((resolve) => stop.signal.addEventListener("abort", () => resolve()));
        await Promise.race([time.pass(runMs), aborted]);
        return { name, verdict: stop.signal.aborted ? "incomplete" : "safe" } as JobReport;
      },
    },
  );
  const starts = said.flatMap(({ at, event }) => (event.type === "run-due" ? [{ at, ...event }] : []));
  return { said, starts, startedAt: starts.map(({ at }) => at), types: said.map(({ event }) => event.type) };
}

describe("the daemon", () => {
  test("runs a job each night at its time, in its time zone", async () => {
    const { startedAt, said } = await live({
      jobs: [jobOf("30 2 * * *")],
      from: "2026-11-20T12:00+01:00",
      until: "2026-11-23T12:00+01:00",
    });
    expect(startedAt).toEqual(["2026-11-21T01:30:00.000Z", "2026-11-22T01:30:00.000Z", "2026-11-23T01:30:00.000Z"]);
    expect(said.find(({ event }) => event.type === "run-ended")).toMatchObject({
      at: "2026-11-21T01:31:00.000Z",
      event: { report: { verdict: "safe" }, nextRun: "2026-11-22T01:30:00.000Z" },
    });
  });

  test("loses no night when the clocks go forward, and doubles none when they go back", async () => {
    const spring = { from: "2026-03-28T00:00Z", until: "2026-03-31T00:00Z" };
    expect((await live({ jobs: [jobOf("30 2 * * *")], ...spring })).startedAt).toEqual([
      "2026-03-28T01:30:00.000Z",
      "2026-03-29T01:00:00.000Z",
      "2026-03-30T00:30:00.000Z",
    ]);
    const autumn = { from: "2026-10-24T00:00Z", until: "2026-10-26T12:00Z" };
    expect((await live({ jobs: [jobOf("30 2 * * *")], ...autumn })).startedAt).toEqual([
      "2026-10-24T00:30:00.000Z",
      "2026-10-25T00:30:00.000Z",
      "2026-10-26T01:30:00.000Z",
    ]);
  });

  test("runs once, at its start, what was due several times while it was not there", async () => {
    const { starts } = await live({
      jobs: [jobOf("30 2 * * *")],
      doneUntil: "2026-11-15T02:40+01:00",
      from: "2026-11-20T12:00+01:00",
      until: "2026-11-21T12:00+01:00",
    });
    expect(starts).toMatchObject([
      { at: "2026-11-20T11:00:00.000Z", due: "2026-11-16T01:30:00.000Z", missed: true },
      { at: "2026-11-21T01:30:00.000Z", missed: false },
    ]);
  });

  test("has nothing to catch up where the last due time was seen to", async () => {
    const { starts } = await live({
      jobs: [jobOf("30 2 * * *")],
      doneUntil: "2026-11-20T02:41+01:00",
      from: "2026-11-20T12:00+01:00",
      until: "2026-11-20T23:00+01:00",
    });
    expect(starts).toEqual([]);
  });

  test("runs once what was due several times while the machine slept, within a minute of its waking", async () => {
    const { starts } = await live({
      jobs: [jobOf("0 * * * *")],
      from: "2026-11-20T10:30Z",
      until: "2026-11-20T12:30Z",
      meanwhile: (time) => time.at("2026-11-20T11:30Z", () => time.set("2026-11-20T15:20:20Z")),
    });
    expect(starts).toMatchObject([
      { at: "2026-11-20T11:00:00.000Z", missed: false },
      { due: "2026-11-20T12:00:00.000Z", missed: true },
      { at: "2026-11-20T16:00:00.000Z", missed: false },
    ]);
    expect(Date.parse(starts[1]?.at ?? "") - Date.parse("2026-11-20T15:20:20Z")).toBeLessThanOrEqual(60_000);
  });

  test("goes by the clock when it is put back", async () => {
    const { startedAt } = await live({
      jobs: [jobOf("30 2 * * *")],
      from: "2027-11-20T10:00Z",
      until: "2027-11-22T10:00Z",
      doneUntil: "2026-11-20T10:00Z",
      meanwhile: (time) => {
        time.at("2027-11-20T10:01:30Z", () => time.set("2026-11-20T10:00Z"));
      },
    });
    expect(startedAt.slice(-2)).toEqual(["2026-11-21T01:30:00.000Z", "2026-11-22T01:30:00.000Z"]);
  });

  test("never runs a job beside itself: a time that comes meanwhile is skipped, and that is said", async () => {
    const { said, startedAt } = await live({
      jobs: [jobOf("0 * * * *"), jobOf("30 11 * * *", "other")],
      from: "2026-11-20T09:30Z",
      until: "2026-11-20T14:30Z",
      runMs: 2.5 * hourMs,
    });
    expect(startedAt).toEqual(["2026-11-20T10:00:00.000Z", "2026-11-20T10:30:00.000Z", "2026-11-20T13:00:00.000Z"]);
    const skipped = said.filter(({ event }) => event.type === "run-skipped");
    expect(skipped.map(({ event }) => event)).toMatchObject([
      { job: "nightly", due: "2026-11-20T11:00:00.000Z", nextRun: "2026-11-20T12:00:00.000Z" },
      { job: "nightly", due: "2026-11-20T12:00:00.000Z" },
      { job: "nightly", due: "2026-11-20T14:00:00.000Z" },
    ]);
  });

  test("goes on when a run ends as none should", async () => {
    const { said } = await live({
      jobs: [jobOf("0 * * * *", "broken"), jobOf("0 * * * *")],
      from: "2026-11-20T09:55Z",
      until: "2026-11-20T11:30Z",
    });
    const ends = said.map(({ event }) => event).filter(({ type }) => type === "run-ended" || type === "run-broken");
    expect(ends).toMatchObject([
      { type: "run-broken", job: "broken", reason: "as none should", nextRun: "2026-11-20T11:00:00.000Z" },
      { type: "run-ended", job: "nightly" },
      { type: "run-broken", job: "broken" },
      { type: "run-ended", job: "nightly" },
    ]);
  });

  test("waits for what is running when it is stopped, starts nothing more, and says all that", async () => {
    const { said, types } = await live({
      jobs: [jobOf("0 * * * *"), jobOf("30 * * * *", "other")],
      from: "2026-11-20T09:55Z",
      until: "2026-11-20T10:05Z",
      runMs: hourMs,
    });
    expect(types).toEqual(["daemon-started", "run-due", "daemon-stopping", "run-ended", "daemon-stopped"]);
    expect(said[2]?.event).toMatchObject({ running: ["nightly"] });
    expect(said[3]?.event).toMatchObject({ report: { verdict: "incomplete" } });
  });
});
