// What the schedule needs of each job's past.

import type { Job } from "../jobs/job.ts";
import { runsOf } from "../jobs/run-record.ts";
import type { ScheduledJob } from "./daemon.ts";
import { rememberSchedule } from "./known.ts";
import { doneUntil } from "./standing.ts";

/** The jobs that have a schedule. That it is run from now on is remembered, durably. */
export function planOf(jobs: readonly Job[], stateDirectory: string, now: Date): Promise<readonly ScheduledJob[]> {
  const scheduled = jobs.filter(({ schedule }) => schedule !== undefined);
  return Promise.all(
    scheduled.map(async (job) => {
      const since = await rememberSchedule(job, stateDirectory, now);
      return { job, doneUntil: doneUntil(await runsOf(job, stateDirectory), since, now) ?? now };
    }),
  );
}
