// One job from its start to its report. The archive comes first, so that a destination that can't be used is known
// before anybody logs in.

import type { Account } from "../account.ts";
import { MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import type { Mailbox } from "../message.ts";
import { openSource } from "../sources/index.ts";
import { isUsedUp } from "./daily-budget.ts";
import type { JobFailure, JobReport, Reporter } from "./events.ts";
import { FormerNames } from "./former-names.ts";
import { isAccount } from "./identity.ts";
import type { Job } from "./job.ts";
import { type Course, newCourse, orNotice, reportOf } from "./job-report.ts";
import { limitSource } from "./limited.ts";
import type { Limits } from "./limits.ts";
import type { LogIns } from "./log-ins.ts";
import type { MappedRoute } from "./mapping.ts";
import { rehearseMailbox } from "./rehearse.ts";
import { withRetries } from "./retry.ts";
import { watchRoom } from "./room.ts";
import { carryMailbox, type RouteContext, type RouteOutcome } from "./route.ts";
import type { Trigger } from "./run-record.ts";
import { allMailboxes } from "./select.ts";
import { SharedContent, viewsLast } from "./shared-content.ts";
import { openTarget, type Target } from "./target.ts";
import { passUnchanged } from "./unchanged.ts";
import { verifyStored } from "./verify-stored.ts";

export interface JobContext {
  readonly report: Reporter;
  readonly signal: AbortSignal;
  readonly dryRun: boolean;
  /** Where it is remembered which archives exist; undefined: nothing is. */
  readonly stateDirectory: string | undefined;
  /** Undefined: the run is not remembered. */
  readonly trigger: Trigger | undefined;
  readonly clock: () => Date;
  readonly limits: Limits;
  /** Runs the task when there is room for it, overall and for the job's host. */
  enqueue<T>(job: Job, task: () => Promise<T>): Promise<T>;
  readonly logIns: LogIns;
}

/** Runs one job. Never rejects: whatever happened is in the report. */
export async function runJob(given: Job, context: JobContext): Promise<JobReport> {
  const startedAt = context.clock();
  const course = newCourse(startedAt, context.dryRun);
  const room = watchRoom(given, context.dryRun, noting(course, context.report));
  const watched = { ...context, report: room.report };
  const job = context.logIns.watch(given, (notice) => watched.report({ type: "notice", job: given.name, notice }));
  // A failure that spoils the whole session stops the job's other mailboxes, at a point where they can be resumed.
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  let report: JobReport;
  try {
    await using target = await openTarget(job, { ...context, signal });
    await follow(job, watched, target, course, { stop, signal });
    room.end();
    course.pack = await packLast(job, watched, course);
    report = reportOf(job, course, context);
    const { book } = target;
    if (!context.dryRun && book !== undefined) {
      const [name, whole] = [reportName(startedAt, job.name), report];
      report = await orNotice(report, "the report of this run could not be kept", () => book.keepReport(name, whole));
    }
  } catch (error) {
    course.error ??= error;
    report = reportOf(job, course, context);
  }
  return report;
}

/** The reporter, with an ear for what the report is to say at the end. */
function noting(course: Course, report: Reporter): Reporter {
  return (event) => {
    // What can't be read at the source is missing, whoever says so.
    if (event.type === "notice") (event.notice.code === "V901" ? course.damaged : course.notices).push(event.notice);
    report(event);
  };
}

async function follow(
  job: Job,
  context: JobContext,
  target: Target,
  course: Course,
  { stop, signal }: { readonly stop: AbortController; readonly signal: AbortSignal },
): Promise<void> {
  const notice = (each: JobFailure) => context.report({ type: "notice", job: job.name, notice: each });
  try {
    await using opened = openSource(job.from, signal, notice);
    const limitOf = (account: Account | undefined) => context.limits.of(account, job.timeZone);
    const from = isAccount(job.from) ? job.from : undefined;
    const source = limitSource(opened, limitOf(from), limitOf(target.account), signal);
    const connection = { job, source, report: context.report, signal };
    const plan = await planRoutes(connection, target, context);
    if (target.account !== undefined)
      course.mapping = plan.map(({ mailbox, target: to, why, exists }) => ({ from: mailbox.path, to, why, exists }));
    if (!context.dryRun) await target.remember(plan);
    const shared = source.sharesContent ? new SharedContent(target.book) : undefined;
    const paths = plan.map(({ target: path }) => path);
    const book = target.account === undefined ? target.book : undefined;
    const former = book === undefined ? undefined : new FormerNames(book, paths);
    const route: RouteContext = { ...connection, shared, former };
    const one = ({ mailbox, target: path }: MappedRoute) =>
      context.enqueue(job, async () => {
        if (signal.aborted) return;
        const outcome = await carry(route, target, mailbox, { ...mailbox, path }, context.dryRun);
        course.outcomes.push(outcome);
        // The other mailboxes are looked at all the same: what is still to come is said of each.
        if (isUsedUp(outcome.error)) course.error ??= outcome.error;
        else if (spoilsTheSession(outcome.error) && !signal.aborted) stop.abort(outcome.error);
      });
    if (shared === undefined) await Promise.all(plan.map(one));
    // One after the other: what one mailbox has brought is at hand for the next, and views know what is in the others.
    else for (const each of viewsLast(plan)) await one(each);
    if (stop.signal.aborted) course.error = stop.signal.reason;
  } catch (error) {
    course.error = stop.signal.aborted ? stop.signal.reason : error;
  }
  if (!context.dryRun && job.verify === "after") await verifyRun(job, context, target, course);
}

type Connection = Omit<RouteContext, "shared">;

/** Lists both sides, logging in to each account for the first time. */
async function planRoutes(
  route: Connection,
  target: Target,
  { logIns }: Pick<JobContext, "logIns">,
): Promise<readonly MappedRoute[]> {
  const { source, job } = route;
  const atFirst = <T>(account: Account | undefined, task: () => Promise<T>) => {
    const attempt = () => retrying(route, task);
    return account === undefined ? attempt() : logIns.logIn(account, attempt);
  };
  const mailboxes = await atFirst(isAccount(job.from) ? job.from : undefined, () => allMailboxes(source));
  return atFirst(target.account, () => target.plan(mailboxes));
}

function retrying<T>({ job, report, signal }: Connection, task: () => Promise<T>): Promise<T> {
  return withRetries(task, job.retry, {
    signal,
    retrying: ({ code, message }, attempt) =>
      report({ type: "retrying", job: job.name, mailbox: [], code, reason: message, attempt }),
  });
}

async function carry(
  route: RouteContext,
  target: Target,
  mailbox: Mailbox,
  to: Mailbox,
  dryRun: boolean,
): Promise<RouteOutcome> {
  if (target.book !== undefined && target.account === undefined) {
    const unchanged = await passUnchanged(route, target.book, mailbox, to, dryRun);
    if (unchanged !== undefined) return unchanged;
  }
  if (dryRun || target.book === undefined) return rehearseMailbox(route, target.book, mailbox, to);
  return carryMailbox(route, target, target.book, mailbox, to);
}

/** Reads again what this run wrote and compares it with the digests taken when it arrived. */
async function verifyRun(job: Job, context: JobContext, target: Target, course: Course): Promise<void> {
  const messages = course.outcomes.reduce((sum, { written }) => sum + written.size, 0);
  if (target.account !== undefined) {
    const altered = course.outcomes.reduce((sum, outcome) => sum + outcome.altered, 0);
    course.verified = { checked: messages, intact: messages - altered };
    return;
  }
  let checked = 0;
  let spoilt = 0;
  if (messages > 0) context.report({ type: "verifying", job: job.name, messages });
  for (const { path, written } of course.outcomes) {
    if (written.size === 0) continue;
    await using ledger = await target.book?.readLedger({ path });
    for await (const { stored, problem } of verifyStored(target.sink, { path }, ledger?.storedAt(written) ?? [])) {
      if (context.signal.aborted) return;
      checked++;
      if (problem === undefined) continue;
      spoilt++;
      course.damaged.push({ code: "V901", mailbox: path, key: stored.key, reason: problem });
    }
  }
  course.verified = { checked, intact: checked - spoilt };
}

/** Makes the job's pack, if it has any to make; loads what that takes only then. */
async function packLast({ to, pack, ...job }: Job, context: JobContext, course: Course): Promise<Course["pack"]> {
  if (pack === undefined || !("archive" in to) || context.signal.aborted) return undefined;
  const { packArchive } = await import("./packing.ts");
  const { startedAt, verified, error } = course;
  const isSpoilt = verified !== undefined && verified.intact < verified.checked;
  const obstacle = isSpoilt
    ? "what this run wrote did not read back intact"
    : error !== undefined
      ? "the run stopped before its end"
      : undefined;
  return packArchive({ ...job, to }, pack, { ...context, startedAt, obstacle });
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
