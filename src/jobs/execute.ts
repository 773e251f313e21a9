// One run of a job with all that goes with it: its condition, the job's own commands, the news of it to whoever listens, and
// its record.

import { type ExitName, exitCodes } from "../errors.ts";
import { reasonToSkip } from "./condition.ts";
import type { JobReport } from "./events.ts";
import { type HookContext, hookNames, runBefore, runEnd } from "./hooks.ts";
import { describeDestination, describeOrigin } from "./identity.ts";
import type { Job } from "./job.ts";
import { orNotice, reportOfNone, reportOfSkipped } from "./job-report.ts";
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
  const run = await runUnlessSkipped(job, context);
  const counted = await orNotice(run, "what was counted of the day's limit could not be kept", () =>
    context.limits.write(),
  );
  const report = await remember(job, counted, context);
  context.report({ type: "job-finished", job: job.name, report });
  return report;
}

async function runUnlessSkipped(job: Job, context: JobContext): Promise<JobReport> {
  // Before anything is opened: not even an archive is looked for where its disk is not.
  const reason = await reasonToSkip(job);
  if (reason !== undefined) return reportOfSkipped(job, reason, context.clock);
  const hooks = hookNames(job);
  if (hooks.length === 0 || context.signal.aborted) return runJob(job, context);
  if (context.dryRun) return { ...(await runJob(job, context)), hooksLeftOut: hooks };
  return runWithHooks(job, context);
}

async function runWithHooks(job: Job, context: JobContext): Promise<JobReport> {
  const startedAt = context.clock();
  const hookContext: HookContext = {
    signal: context.signal,
    starting: (hook, program) => context.report({ type: "hook-started", job: job.name, hook, program }),
  };
  let report: JobReport;
  try {
    await runBefore(job, hookContext);
    report = await runJob(job, context);
  } catch (error) {
    report = reportOfNone(job, error, context);
  }
  const failures = await runEnd(job, report, hookContext);
  const seconds = Math.round((context.clock().getTime() - startedAt.getTime()) / 100) / 10;
  const whole = { ...report, startedAt: startedAt.toISOString(), seconds };
  return withFailures(whole, failures, context.signal.aborted ? "interrupted" : "temporary");
}

/** The mail is as safe as it was. But whoever relies on these commands has to hear of it: the exit code is not 0. */
function withFailures(report: JobReport, failures: readonly string[], name: ExitName): JobReport {
  if (failures.length === 0) return report;
  const exit = report.exit.code === exitCodes.ok ? { code: exitCodes[name], name } : report.exit;
  const notices = failures.map((reason) => ({ code: "C702", mailbox: [], reason }));
  return { ...report, exit, notices: [...(report.notices ?? []), ...notices] };
}

async function remember(
  job: Job,
  report: JobReport,
  { trigger, stateDirectory, dryRun }: JobContext,
): Promise<JobReport> {
  if (trigger === undefined || stateDirectory === undefined || dryRun) return report;
  return orNotice(report, "this run could not be recorded", () => recordRun(job, report, trigger, stateDirectory));
}
