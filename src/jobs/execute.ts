// One run of a job with all that goes with it: the news of it to whoever listens, and its record.

import { MailferryError } from "../errors.ts";
import type { JobReport } from "./events.ts";
import { describeDestination, describeOrigin } from "./identity.ts";
import type { Job } from "./job.ts";
import { type JobContext, runJob } from "./run-job.ts";
import { recordRun } from "./run-record.ts";

/** Never rejects: whatever happened is in the report. */
export async function executeJob(job: Job, context: JobContext): Promise<JobReport> {
  context.report({
    type: "job-started",
    job: job.name,
    from: describeOrigin(job.from),
    to: describeDestination(job.to),
  });
  const report = await remember(job, await runJob(job, context), context);
  context.report({ type: "job-finished", job: job.name, report });
  return report;
}

/** A run whose record can't be kept is no worse for it; that it can't is said. */
async function remember(
  job: Job,
  report: JobReport,
  { trigger, stateDirectory, dryRun }: JobContext,
): Promise<JobReport> {
  if (trigger === undefined || stateDirectory === undefined || dryRun) return report;
  try {
    await recordRun(job, report, trigger, stateDirectory);
    return report;
  } catch (error) {
    if (!(error instanceof MailferryError)) throw error;
    const notice = { code: error.code, mailbox: [], reason: `this run could not be recorded: ${error.message}` };
    return { ...report, notices: [...(report.notices ?? []), notice] };
  }
}
