// How a job stands in time: when it last ran and last succeeded, when it is due, and whether it should have run and didn't.

import type { RunRecord } from "../jobs/run-record.ts";
import { nextDue, type Scheduled } from "./due.ts";

export interface Standing {
  /** The newest run, whatever became of it. */
  readonly lastRun: RunRecord | undefined;
  /** The newest run whose verdict is SAFE. */
  readonly lastSuccess: RunRecord | undefined;
  /** Since the last success ended; undefined if there was none. */
  readonly ageSeconds: number | undefined;
  /** It ought to have run, or succeeded, and has not. */
  readonly overdue: boolean;
  /** If overdue: the due time that no run was begun for, or when the last success became too old; undefined if it never ran. */
  readonly overdueSince: Date | undefined;
  /**
   * `missed`: nobody came for a due time. `hung`: nobody could, since an earlier run has no end. `stale`: the last success is
   * too old. `never`: there was none, though there ought to be.
   */
  readonly overdueReason: "missed" | "hung" | "stale" | "never" | undefined;
  /** Undefined without a schedule. */
  readonly nextRun: Date | undefined;
}

export interface StandingOptions {
  /** Wins over the job's own. */
  readonly staleAfterMs?: number | undefined;
  /** Since when something runs the schedule as it is now: what was due before that has not been missed. */
  readonly scheduledSince?: Date | undefined;
  /** Since when a run is going on: until the next due time it is late for nothing, though the last success may be too old. */
  readonly runningSince?: Date | undefined;
}

/**
 * `runs` as `runsOf` gives them, the oldest first. With `staleAfter` a job is overdue if its last success is older than
 * that; else, with a schedule, if a due time has passed without a run since, by more than a fifth of the time to the
 * next and at least an hour: also where it passed while a run was going on, which may hang. A job that should have run,
 * never did, and that nothing was ever told to run, is overdue.
 * A job with neither is never overdue.
 */
export function standingOf(
  job: Scheduled & { readonly staleAfterMs?: number | undefined },
  runs: readonly RunRecord[],
  now: Date,
  options: StandingOptions = {},
): Standing {
  const lastRun = runs.at(-1);
  const lastSuccess = runs.findLast(({ verdict }) => verdict === "safe");
  const ageMs = lastSuccess && Math.max(0, now.getTime() - endOf(lastSuccess).getTime());
  const late = lateness(job, runs, lastSuccess, now, options);
  return {
    lastRun,
    lastSuccess,
    ageSeconds: ageMs === undefined ? undefined : Math.round(ageMs / 1000),
    overdue: late !== undefined,
    overdueSince: late?.since,
    overdueReason: late?.reason,
    nextRun: nextDue(job, now),
  };
}

export function endOf({ startedAt, seconds }: Pick<RunRecord, "startedAt" | "seconds">): Date {
  return new Date(Date.parse(startedAt) + seconds * 1000);
}

/**
 * Until when nothing that was due is still to be done: the end of the newest run that was not stopped before its end, or
 * since when the schedule is run, whichever is later; never in the future, where a clock that has been put right since
 * may have been. Undefined if there is neither.
 */
export function doneUntil(runs: readonly RunRecord[], scheduledSince: Date | undefined, now: Date): Date | undefined {
  const whole = runs.findLast(({ exit: { name } }) => name !== "interrupted" && name !== "terminated");
  const times = [whole && endOf(whole), scheduledSince].flatMap((time) => time?.getTime() ?? []);
  return times.length === 0 ? undefined : new Date(Math.min(Math.max(...times), now.getTime()));
}

interface Late {
  readonly reason: NonNullable<Standing["overdueReason"]>;
  readonly since?: Date;
}

function lateness(
  job: Scheduled & { readonly staleAfterMs?: number | undefined },
  runs: readonly RunRecord[],
  lastSuccess: RunRecord | undefined,
  now: Date,
  { staleAfterMs = job.staleAfterMs, scheduledSince, runningSince }: StandingOptions,
): Late | undefined {
  if (staleAfterMs !== undefined) {
    const last = lastSuccess === undefined ? scheduledSince : endOf(lastSuccess);
    if (last === undefined) return { reason: "never" };
    const staleAt = new Date(last.getTime() + staleAfterMs);
    return staleAt < now ? { reason: lastSuccess === undefined ? "never" : "stale", since: staleAt } : undefined;
  }
  if (job.schedule === undefined) return undefined;
  const since = runningSince ?? doneUntil(runs, scheduledSince, now);
  if (since === undefined) return { reason: "never" };
  const due = nextDue(job, since);
  const following = due && nextDue(job, due);
  if (due === undefined || following === undefined) return undefined;
  const grace = Math.max(hourMs, (following.getTime() - due.getTime()) / 5);
  return due.getTime() + grace < now.getTime()
    ? { reason: runningSince === undefined ? "missed" : "hung", since: due }
    : undefined;
}

const hourMs = 3_600_000;
