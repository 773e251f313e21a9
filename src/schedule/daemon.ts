// Stays, and runs each job when it is due. The time of day and the waiting come from outside.
//
// Nobody can sleep until a due time: clocks are put right, machines sleep. So the daemon never waits for longer than a
// minute, and whatever has become due since it last looked is run once, however often it was due.

import type { JobReport } from "../jobs/events.ts";
import type { Job } from "../jobs/job.ts";
import { nextDue } from "./due.ts";

export type DaemonEvent =
  | { readonly type: "daemon-started"; readonly jobs: readonly { readonly job: string; readonly nextRun: string }[] }
  /** A job is due. `missed`: it was before, when nobody could run it. */
  | { readonly type: "run-due"; readonly job: string; readonly due: string; readonly missed: boolean }
  /** Due while its last run still goes on. */
  | { readonly type: "run-skipped"; readonly job: string; readonly due: string; readonly nextRun?: string | undefined }
  | {
      readonly type: "run-ended";
      readonly job: string;
      readonly report: JobReport;
      readonly nextRun?: string | undefined;
    }
  /** A run that ended in a way that it should not be able to. */
  | {
      readonly type: "run-broken";
      readonly job: string;
      readonly reason: string;
      readonly nextRun?: string | undefined;
    }
  /** Nothing new starts; these runs end at a point from which they go on later. */
  | { readonly type: "daemon-stopping"; readonly running: readonly string[] }
  | { readonly type: "daemon-stopped" };

export interface ScheduledJob {
  readonly job: Job;
  /** Until when nothing that was due is still to be done; see `doneUntil`. */
  readonly doneUntil: Date;
}

export interface DaemonOptions {
  readonly clock: () => Date;
  /** Resolves after so many milliseconds, or sooner when the signal is aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Runs one job, with all that goes with a run. Should it reject, that is said. */
  readonly run: (job: Job) => Promise<JobReport>;
  readonly report: (event: DaemonEvent) => void;
  /** Aborting ends the daemon, and the runs: `run` watches it, too. */
  readonly signal: AbortSignal;
}

interface Entry {
  readonly job: Job;
  next: Date | undefined;
  running: Promise<void> | undefined;
}

const longestWaitMs = 60_000;
/** Later than this, the job was missed, not merely looked at late. */
const missedAfterMs = 2 * longestWaitMs;

/** Resolves when it was asked to stop and all runs have ended. Jobs without a schedule are left aside. */
export async function keepSchedule(jobs: readonly ScheduledJob[], options: DaemonOptions): Promise<void> {
  const { clock, wait, report, signal } = options;
  const entries = jobs.map(({ job, doneUntil }): Entry => ({ job, next: nextDue(job, doneUntil), running: undefined }));
  report({
    type: "daemon-started",
    jobs: entries.flatMap(({ job, next }) =>
      next === undefined ? [] : [{ job: job.name, nextRun: latest(next, clock()).toISOString() }],
    ),
  });
  const running = () => entries.filter((entry) => entry.running !== undefined);
  const stopping = () => report({ type: "daemon-stopping", running: running().map(({ job }) => job.name) });
  signal.addEventListener("abort", stopping, { once: true });
  let last = clock();
  while (!signal.aborted) {
    const now = clock();
    for (const entry of entries) {
      // A clock that was put back: what it says now is what counts.
      if (now < last) entry.next = nextDue(entry.job, now);
      if (entry.next !== undefined && entry.next <= now) begin(entry, entry.next, now, options);
    }
    last = now;
    const soonest = entries.reduce((least, { next }) => Math.min(least, next?.getTime() ?? least), Number.MAX_VALUE);
    await wait(Math.min(longestWaitMs, Math.max(0, soonest - clock().getTime())), signal);
  }
  await Promise.all(running().map((entry) => entry.running));
  report({ type: "daemon-stopped" });
}

function begin(entry: Entry, due: Date, now: Date, { clock, run, report }: DaemonOptions): void {
  const { job } = entry;
  const after = (time: Date) => nextDue(job, time)?.toISOString();
  entry.next = nextDue(job, now);
  const at = { job: job.name, due: due.toISOString() };
  if (entry.running !== undefined) {
    report({ type: "run-skipped", ...at, nextRun: after(now) });
    return;
  }
  report({ type: "run-due", ...at, missed: now.getTime() - due.getTime() > missedAfterMs });
  entry.running = run(job)
    .then(
      (ended): DaemonEvent => ({ type: "run-ended", job: job.name, report: ended, nextRun: after(clock()) }),
      (error: unknown): DaemonEvent => {
        const reason = error instanceof Error ? error.message : String(error);
        return { type: "run-broken", job: job.name, reason, nextRun: after(clock()) };
      },
    )
    .then((event) => {
      entry.running = undefined;
      report(event);
    });
}

function latest(a: Date, b: Date): Date {
  return a > b ? a : b;
}
