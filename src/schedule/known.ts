// Since when something runs a job's schedule, kept with what else is remembered of the job: what was due before that has
// not been missed.
//
//   STATE/jobs/NAME-DIGEST/
//     schedule.json         the schedule, and since when it is run

import { join } from "node:path";
import { moveIdentity } from "../jobs/identity.ts";
import type { Job } from "../jobs/job.ts";
import { makeDirectory, replaceFile } from "../storage/durable.ts";
import { memoryOf } from "../storage/job-memory.ts";
import { readText } from "../storage/read-text.ts";

type Known = Pick<Job, "name" | "from" | "to" | "schedule" | "timeZone">;

/** Undefined where nothing was ever told to run this schedule, or where it was another. */
export async function scheduledSince(job: Known, stateDirectory: string): Promise<Date | undefined> {
  const path = pathOf(job, stateDirectory);
  const text = await readText(path);
  return text === undefined ? undefined : parse(text, job);
}

/** Whoever begins to run a schedule says so. Returns since when it is run: `now`, unless that was known. */
export async function rememberSchedule(job: Known, stateDirectory: string, now: Date): Promise<Date> {
  const since = await scheduledSince(job, stateDirectory);
  // One in the future was written by a clock that has been put right since.
  if (since !== undefined && since <= now) return since;
  const path = pathOf(job, stateDirectory);
  await makeDirectory(memoryOf(stateDirectory, moveIdentity(job)));
  const { schedule, timeZone } = job;
  await replaceFile(path, `${JSON.stringify({ v: 1, schedule, timeZone, since: now.toISOString() })}\n`);
  return now;
}

function pathOf(job: Known, stateDirectory: string): string {
  return join(memoryOf(stateDirectory, moveIdentity(job)), "schedule.json");
}

/** Anybody may have changed it: what can't be understood is not known. */
function parse(text: string, job: Known): Date | undefined {
  try {
    const { schedule, timeZone, since } = JSON.parse(text) as {
      schedule?: unknown;
      timeZone?: unknown;
      since?: unknown;
    };
    if (schedule !== job.schedule || timeZone !== job.timeZone || typeof since !== "string") return undefined;
    const date = new Date(since);
    return Number.isNaN(date.getTime()) ? undefined : date;
  } catch {
    return undefined;
  }
}
