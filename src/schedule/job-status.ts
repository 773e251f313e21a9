// All that is known of a job without asking anybody: from what is remembered of its runs.

import type { Job } from "../jobs/job.ts";
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
    warnings: warningsOf(runs, now),
  };
}
