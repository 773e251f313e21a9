// All that is known of a job without asking anybody: from what is remembered of its runs.

import { describeAccount } from "../account.ts";
import { isAccount } from "../jobs/identity.ts";
import type { Job } from "../jobs/job.ts";
import { isPaused, recallLogIns } from "../jobs/log-in-memory.ts";
import { runsOf } from "../jobs/run-record.ts";
import { underWaySince } from "../jobs/under-way.ts";
import { archiveSize } from "./archive-size.ts";
import { scheduledSince } from "./known.ts";
import { type Standing, standingOf } from "./standing.ts";
import { hasListed, type StatusWarning, warningsOf } from "./warnings.ts";

export interface JobStatus extends Standing {
  readonly job: Job;
  readonly isRunning: boolean;
  /** Where the job puts them, after the newest run that counted; undefined if none did. */
  readonly messages: number | undefined;
  /** Octets of the messages in an archive. */
  readonly octets: number | undefined;
  readonly warnings: readonly StatusWarning[];
}

export interface StatusOptions {
  readonly stateDirectory: string;
  readonly now: Date;
  readonly staleAfterMs: number | undefined;
}

export async function statusOf(job: Job, { stateDirectory, now, staleAfterMs }: StatusOptions): Promise<JobStatus> {
  const runs = await runsOf(job, stateDirectory);
  const runningSince = await underWaySince(job, stateDirectory);
  const since = await scheduledSince(job, stateDirectory);
  const counted = runs.findLast(hasListed)?.totals;
  return {
    job,
    ...standingOf(job, runs, now, {
      staleAfterMs: staleAfterMs ?? job.staleAfterMs,
      scheduledSince: since,
      runningSince,
    }),
    isRunning: runningSince !== undefined,
    messages: counted && counted.inArchive + counted.kept,
    octets: await archiveSize(job, runs, stateDirectory),
    warnings: [...(await pausesOf(job, stateDirectory)), ...warningsOf(runs, now)],
  };
}

/** The accounts of the job whose log-in is left to a person. */
async function pausesOf({ from, to }: Job, stateDirectory: string): Promise<StatusWarning[]> {
  const accounts = [...(isAccount(from) ? [from] : []), ...("account" in to ? [to.account] : [])];
  const pauses: StatusWarning[] = [];
  for (const account of accounts) {
    const memory = await recallLogIns(account, stateDirectory);
    const last = memory.refusals.at(-1);
    if (last === undefined || !isPaused(memory)) continue;
    const [refusals, lastRefused] = [memory.refusals.length, last.at.toISOString()];
    pauses.push({ kind: "paused", account: describeAccount(account), refusals, lastRefused });
  }
  return pauses;
}
