// From what happened to what is said: counts, verdict, exit.

import { type ExitName, exitCodes, exitNameOf, MailferryError, worstExit } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import { isUsedUp } from "./daily-budget.ts";
import type { JobFailure, JobReport, MappedMailbox, PackReport, ReportedError, Verdict } from "./events.ts";
import { describeDestination, describeOrigin } from "./identity.ts";
import type { Job } from "./job.ts";
import type { PackOutcome } from "./packing.ts";
import type { RouteOutcome } from "./route.ts";
import { comparePaths } from "./select.ts";

/** What is known of a job while it runs. */
export interface Course {
  readonly startedAt: Date;
  readonly dryRun: boolean;
  readonly outcomes: RouteOutcome[];
  /** Written by this run and not the same when read again, or not to be read at the source. */
  readonly damaged: JobFailure[];
  readonly notices: JobFailure[];
  /** Of a job into an account. */
  mapping: readonly MappedMailbox[] | undefined;
  verified: JobReport["verified"];
  pack: PackOutcome | undefined;
  /** What stopped the job. */
  error: unknown;
}

export function newCourse(startedAt: Date, dryRun: boolean): Course {
  return {
    startedAt,
    dryRun,
    outcomes: [],
    damaged: [],
    notices: [],
    mapping: undefined,
    verified: undefined,
    pack: undefined,
    error: undefined,
  };
}

/** A run of which something can't be kept is no worse for it; that it can't is said. */
export async function orNotice(report: JobReport, what: string, keep: () => Promise<void>): Promise<JobReport> {
  try {
    await keep();
    return report;
  } catch (error) {
    if (!(error instanceof MailferryError)) throw error;
    const notice = { code: error.code, mailbox: [], reason: `${what}: ${error.message}` };
    return { ...report, notices: [...(report.notices ?? []), notice] };
  }
}

/** Of a run that ended before the job began. */
export function reportOfNone(
  job: Job,
  error: unknown,
  context: { readonly clock: () => Date; readonly signal: AbortSignal; readonly dryRun: boolean },
): JobReport {
  return reportOf(job, { ...newCourse(context.clock(), context.dryRun), error }, context);
}

/** Of a run that did not take place, and why, as a clause. */
export function reportOfSkipped(job: Job, reason: string, clock: () => Date): JobReport {
  const signal = new AbortController().signal;
  const report = reportOfNone(job, undefined, { clock, signal, dryRun: false });
  return { ...report, verdict: "skipped", exit: { code: exitCodes.skipped, name: "skipped" }, skipped: reason };
}

export function reportOf(
  job: Job,
  course: Course,
  { clock, signal: { aborted: interrupted } }: { readonly clock: () => Date; readonly signal: AbortSignal },
): JobReport {
  const outcomes = [...course.outcomes].sort((a, b) => comparePaths(a.path, b.path));
  const mailboxes = outcomes.flatMap(({ report }) => (report === undefined ? [] : [report]));
  const failures = outcomes.flatMap((outcome) => failuresOf(outcome, course.error)).concat(course.damaged);
  const missing = mailboxes.reduce((sum, report) => sum + report.missing, 0);
  const copied = mailboxes.reduce((sum, report) => sum + report.new, 0);
  const inArchive = mailboxes.reduce((sum, report) => sum + report.inArchive, 0);

  const exits: ExitName[] = failures.map(({ code }) => (code === "V901" ? "damaged" : "incomplete"));
  if (missing > 0 && !course.dryRun) exits.push("incomplete");
  if (interrupted) exits.push("interrupted");
  else if (course.error !== undefined) exits.push(exitNameOf(course.error));
  const mailExit = worstExit(exits);
  if (course.pack?.error !== undefined) exits.push(exitNameOf(course.pack.error));
  const exit = worstExit(exits);

  return {
    name: job.name,
    verdict: withPacks(verdictOf(course, mailExit, mailboxes.length > 0), course.pack?.error),
    exit: { code: exitCodes[exit], name: exit },
    from: describeOrigin(job.from),
    to: describeDestination(job.to),
    startedAt: course.startedAt.toISOString(),
    seconds: Math.round((clock().getTime() - course.startedAt.getTime()) / 100) / 10,
    mailboxes,
    messages: {
      copied,
      settled: inArchive - copied,
      failed: outcomes.reduce((sum, outcome) => sum + outcome.failures.length, 0),
    },
    octets: outcomes.reduce((sum, { octets }) => sum + octets, 0),
    ...(course.verified === undefined ? {} : { verified: course.verified }),
    failures,
    ...(course.notices.length === 0 ? {} : { notices: course.notices }),
    ...(course.mapping === undefined ? {} : { mapping: course.mapping }),
    ...(course.pack === undefined ? {} : { pack: packReportOf(course.pack, missing) }),
    ...(course.error === undefined || interrupted ? {} : { error: describeError(course.error, missing) }),
  };
}

/**
 * The mail is safe whatever becomes of a pack, and a job that was to make one and did not has not done all it should. Where
 * the archive itself could not be read as it was written (V901), it is the mail that is not safe.
 */
function withPacks(mail: Verdict, error: unknown): Verdict {
  if (error === undefined || mail === "failed") return mail;
  const isSpoilt = error instanceof MailferryError && error.code === "V901";
  if (isSpoilt || exitNameOf(error) === "bug") return "failed";
  return mail === "rehearsal" ? mail : "incomplete";
}

function packReportOf({ report, error }: PackOutcome, missing: number): PackReport {
  return error === undefined ? report : { ...report, error: describeError(error, missing) };
}

/** The error as reports carry it. One that nobody foresaw is a bug, and says so. */
function describeError(error: unknown, missing: number): ReportedError {
  if (error instanceof MailferryError) {
    const { code, remedy } = error;
    const message = isUsedUp(error) ? `${error.message}; ${stillToCome(missing)}` : error.message;
    return remedy === undefined ? { code, message } : { code, message, remedy };
  }
  const [first = "", ...trace] = (error instanceof Error ? (error.stack ?? error.message) : String(error)).split("\n");
  return {
    code: "bug",
    message: `unexpected: ${printable(first)}`,
    trace: trace.map((line) => printable(line.trim())),
  };
}

function stillToCome(missing: number): string {
  return missing === 1 ? "1 message is still to come" : `${missing.toLocaleString("en")} messages are still to come`;
}

function failuresOf({ path, failures, error }: RouteOutcome, jobError: unknown): JobFailure[] {
  const messages = failures.map(({ code, key, reason }) => ({ code, mailbox: path, key, reason }));
  if (!(error instanceof MailferryError) || error === jobError) return messages;
  return [...messages, { code: error.code, mailbox: path, reason: error.message }];
}

function verdictOf(course: Course, exit: ExitName, listed: boolean): Verdict {
  if (exit === "damaged" || exit === "bug" || exit === "destination") return "failed";
  if (course.error !== undefined && !listed) return "failed";
  if (course.dryRun) return "rehearsal";
  return exit === "ok" ? "safe" : "incomplete";
}
