// One job from its start to its report. The archive comes first, so that a destination that can't be used is known
// before anybody logs in.

import { type Account, describeAccount } from "../account.ts";
import { MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import type { Mailbox } from "../message.ts";
import { openSink } from "../sinks/index.ts";
import { openSource } from "../sources/index.ts";
import type { Source } from "../sources/source.ts";
import { type Archive, openArchive, readArchive, readMarker } from "../storage/archive.ts";
import type { JobReport, Reporter } from "./events.ts";
import type { Job } from "./job.ts";
import { type Course, reportOf } from "./job-report.ts";
import { checkStillThere, rememberArchive } from "./known-archives.ts";
import { withRetries } from "./retry.ts";
import { carryMailbox, type RouteContext, type RouteOutcome, rehearseMailbox } from "./route.ts";
import { selectMailboxes } from "./select.ts";
import { verifyStored } from "./verify.ts";

export interface JobContext {
  readonly report: Reporter;
  readonly signal: AbortSignal;
  readonly dryRun: boolean;
  /** Where it is remembered which archives exist; undefined: nothing is. */
  readonly stateDirectory: string | undefined;
  /** Runs the task when there is room for it, overall and for the job's host. */
  enqueue<T>(job: Job, task: () => Promise<T>): Promise<T>;
  /** Runs the task that logs in to this account for the first time in a job. */
  logIn<T>(account: Account, task: () => Promise<T>): Promise<T>;
}

/** Runs one job. Never rejects: whatever happened is in the report. */
export async function runJob(job: Job, context: JobContext): Promise<JobReport> {
  const startedAt = new Date();
  context.report({ type: "job-started", job: job.name, from: describeAccount(job.from), to: job.to.archive });
  const course: Course = {
    startedAt,
    dryRun: context.dryRun,
    outcomes: [],
    damaged: [],
    verified: undefined,
    error: undefined,
  };
  let report: JobReport;
  try {
    await using archive = context.dryRun ? await peekArchive(job) : await openDestination(job, context);
    await follow(job, context, archive, course);
    report = reportOf(job, course, context.signal.aborted);
    if (!context.dryRun) await archive?.keepReport(reportName(startedAt, job.name), report);
  } catch (error) {
    course.error ??= error;
    report = reportOf(job, course, context.signal.aborted);
  }
  context.report({ type: "job-finished", job: job.name, report });
  return report;
}

async function follow(job: Job, context: JobContext, archive: Archive | undefined, course: Course): Promise<void> {
  // A failure that spoils the whole session stops the job's other mailboxes, at a point where they can be resumed.
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  try {
    await using source = openSource(job.from, signal);
    const route: RouteContext = { job, source, report: context.report, signal };
    const all = await context.logIn(job.from, () => listMailboxes(source, route));
    await Promise.all(
      selectMailboxes(all, job.mailboxes).map(({ mailbox, target }) =>
        context.enqueue(job, async () => {
          if (signal.aborted) return;
          const outcome = await carry(route, archive, mailbox, { ...mailbox, path: target }, context.dryRun);
          course.outcomes.push(outcome);
          if (spoilsTheSession(outcome.error) && !signal.aborted) stop.abort(outcome.error);
        }),
      ),
    );
    course.error = stop.signal.aborted ? stop.signal.reason : undefined;
  } catch (error) {
    course.error = stop.signal.aborted ? stop.signal.reason : error;
  }
  if (archive !== undefined && job.verify === "after" && !context.dryRun)
    await verifyRun(job, context, archive, course);
}

async function carry(
  route: RouteContext,
  archive: Archive | undefined,
  mailbox: Mailbox,
  target: Mailbox,
  dryRun: boolean,
): Promise<RouteOutcome> {
  if (dryRun || archive === undefined) return rehearseMailbox(route, archive, mailbox, target);
  await using sink = openSink(archive);
  return await carryMailbox(route, archive, sink, mailbox, target);
}

function listMailboxes(source: Source, { job, report, signal }: RouteContext): Promise<Mailbox[]> {
  return withRetries(
    async () => {
      const mailboxes: Mailbox[] = [];
      for await (const mailbox of source.mailboxes()) mailboxes.push(mailbox);
      return mailboxes;
    },
    job.retry,
    {
      signal,
      retrying: ({ code, message }, attempt) =>
        report({ type: "retrying", job: job.name, mailbox: [], code, reason: message, attempt }),
    },
  );
}

/** Reads again what this run wrote and compares it with the digests taken when it arrived. */
async function verifyRun(job: Job, context: JobContext, archive: Archive, course: Course): Promise<void> {
  let checked = 0;
  const messages = course.outcomes.reduce((sum, { stored }) => sum + stored.length, 0);
  if (messages > 0) context.report({ type: "verifying", job: job.name, messages });
  for (const { path, stored } of course.outcomes) {
    if (stored.length === 0) continue;
    for await (const { key, problem } of verifyStored(archive, { path }, stored)) {
      if (context.signal.aborted) return;
      checked++;
      if (problem !== undefined) course.damaged.push({ code: "V901", mailbox: path, key, reason: problem });
    }
  }
  course.verified = { checked, intact: checked - course.damaged.length };
}

async function openDestination(job: Job, { stateDirectory }: JobContext): Promise<Archive> {
  const { protocol, host, user } = job.from;
  await checkStillThere(stateDirectory, job.to.archive);
  const archive = await openArchive(job.to.archive, { mail: job.to.format, account: { protocol, host, user } });
  await rememberArchive(stateDirectory, archive);
  return archive;
}

/** The archive, if there is one yet, for a run that writes nothing. */
async function peekArchive(job: Job): Promise<Archive | undefined> {
  return (await readMarker(job.to.archive)) === undefined ? undefined : readArchive(job.to.archive);
}

function spoilsTheSession(error: unknown): boolean {
  return error !== undefined && (!(error instanceof MailferryError) || error.scope === "session");
}

function reportName(startedAt: Date, job: string): string {
  const time = startedAt.toISOString().replaceAll(":", "-").replace(/\.\d+/, "");
  return `${time}-${printable(job)
    .replaceAll(/[^\p{L}\p{N}_-]/gu, "_")
    .slice(0, 60)}`;
}
