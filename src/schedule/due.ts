// When a job is due: what its cron line says, in its time zone. croner reckons, and owns no timer here.
//
// On a day whose clock jumps over the time of a daily line, the job is due when the clock has jumped; a time that comes
// twice counts once, for lines with one time of the day. (Lines with several leave out what is jumped over.)

import { Cron } from "croner";
import type { Job } from "../jobs/job.ts";

export type Scheduled = Pick<Job, "schedule" | "timeZone">;

/** The first due time after `after`, not at it; undefined without a schedule. */
export function nextDue({ schedule, timeZone }: Scheduled, after: Date): Date | undefined {
  if (schedule === undefined) return undefined;
  return cronOf(schedule, timeZone).nextRun(after) ?? undefined;
}

const parsed = new Map<string, Cron>();

/** The same line is parsed once: a daemon asks for hundreds of jobs every minute. */
function cronOf(schedule: string, timeZone: string | undefined): Cron {
  const key = `${timeZone ?? ""} ${schedule}`;
  const known = parsed.get(key);
  if (known !== undefined) return known;
  const cron = new Cron(schedule, {
    mode: "5-part",
    paused: true,
    ...(timeZone === undefined ? {} : { timezone: timeZone }),
  });
  if (parsed.size >= mostParsed) parsed.clear();
  parsed.set(key, cron);
  return cron;
}

const mostParsed = 1000;
