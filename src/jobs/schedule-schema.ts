// When a job runs, and what goes with a run, as the job file writes it.

import { Cron } from "croner";
import { z } from "zod";
import { duration, isMapping, mapping, path } from "./values.ts";
import { showValue } from "./words.ts";

/** A cron line of five fields, in the time zone of the job file. */
export const schedule = z.string({ error: (issue) => describeNoCron(issue.input) }).refine(isCron, {
  error: (issue) => describeNoCron(issue.input),
});

function describeNoCron(written: unknown): string {
  const example = 'minute, hour, day, month, weekday, such as "30 2 * * *" (each night at 02:30)';
  return `${showValue(written)} is not a cron line: ${example}`;
}

function isCron(line: string): boolean {
  // Five fields and no more: seconds and years are no business of systemd, launchd or crontab.
  if (line.length > 200 || line.trim().split(/\s+/).length !== 5) return false;
  try {
    return new Cron(line, { mode: "5-part", paused: true }).nextRun() !== null;
  } catch {
    return false;
  }
}

export const timeZone = z.string().refine(isTimeZone, {
  error: (issue) => `${showValue(issue.input)} is not a time zone such as Europe/Paris or UTC`,
});

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

export const when = mapping({
  pathExists: path.optional().describe("A path that must be there, or the run is skipped (exit 75): /mnt/nas."),
});

export const staleAfter = duration.describe("After so long without a success, status calls the job overdue.");

const command = z.tuple([z.string().min(1)], z.string(), {
  error: (issue) => `expected a program and its arguments, such as [mount, /mnt/nas], got ${showShape(issue.input)}`,
});

/** Arguments may be secret. */
function showShape(written: unknown): string {
  return isMapping(written) ? "a mapping" : Array.isArray(written) ? "something else in the list" : showValue(written);
}

export const hooks = mapping({
  before: command.optional().describe("Runs first; if it fails, the job does not run."),
  after: command.optional().describe("Runs last, whatever became of the job."),
  onFailure: command.optional().describe("Runs when the verdict is not SAFE."),
});
