// Telling of runs: what a run that has ended and the state of all other jobs come to, for those who asked to be told.

import { hostname } from "node:os";
import { MailferryError } from "../errors.ts";
import type { JobReport, RunReport } from "../jobs/events.ts";
import type { Job, JobFile, NotifyPlan } from "../jobs/job.ts";
import { runsOf } from "../jobs/run-record.ts";
import { underWaySince } from "../jobs/under-way.ts";
import type { Language } from "../language/language.ts";
import { translate } from "../language/sentences.ts";
import { attempt, type Outcome } from "../notify/channels.ts";
import { usualLimits } from "../notify/delivery.ts";
import { originOf } from "../notify/http.ts";
import { causeOf, troubleOf } from "../notify/news.ts";
import { type PingEvent, ping } from "../notify/ping.ts";
import { type Observed, tell } from "../notify/tell.ts";
import { scheduledSince } from "../schedule/known.ts";
import { endOf, standingOf } from "../schedule/standing.ts";
import type { FinishedRun } from "./follow-up.ts";
import type { Invocation } from "./invocation.ts";
import { stateDirectory } from "./job-file.ts";
import { sumOf } from "./summary.ts";
import { followUpTexts } from "./texts/follow-up.ts";
import { unitsIn } from "./units.ts";
import { verdictWord } from "./verdict.ts";

export async function tellOfRun(
  { report, file, trigger }: FinishedRun,
  plan: NotifyPlan,
  invocation: Invocation,
): Promise<void> {
  if (trigger === "schedule") await pingEnd(report, plan, file.language, invocation);
  if (trigger === "person" && plan.onlyScheduled) return;
  const ran = await Promise.all(
    report.jobs.map(async (one) => {
      const job = file.jobs.find(({ name }) => name === one.name);
      return job === undefined ? undefined : observeRun(job, one, plan, invocation);
    }),
  );
  const names = new Set(report.jobs.map(({ name }) => name));
  const others = trigger === "schedule" ? await observeOthers(file, names, plan, invocation) : [];
  await tellAll([...ran.filter((one) => one !== undefined), ...others], file, plan, invocation);
}

/** For whoever looks at the jobs without running one: tells of those that did not run and should have. */
export async function tellOverdue(file: JobFile, plan: NotifyPlan, invocation: Invocation): Promise<void> {
  await tellAll(await observeOthers(file, new Set(), plan, invocation), file, plan, invocation);
}

/** A monitor hears of a run when it begins. Never rejects. */
export async function pingStart(plan: NotifyPlan, invocation: Invocation): Promise<void> {
  await pingOnce("start", "started", plan, invocation);
}

async function pingEnd(report: RunReport, plan: NotifyPlan, language: Language, invocation: Invocation): Promise<void> {
  // Who was stopped has not failed. If nobody goes on, the monitor finds out by itself.
  if (report.jobs.some(wasStopped)) return;
  const isWell = report.jobs.every((job) => troubleOf(job) === undefined);
  const lines = report.jobs.slice(0, mostLines).map((job) => lineOf(job, language));
  await pingOnce(isWell ? "success" : "fail", lines.join("\n"), plan, invocation);
}

const mostLines = 50;

/** `nightly: SAFE, 12,044 on the server = 12,044 stored + 0 missing, 38 new` */
function lineOf(report: JobReport, language: Language): string {
  const { name, verdict, mailboxes } = report;
  const cause = causeOf(report);
  const sum = (key: "onServer" | "inArchive" | "missing" | "new") =>
    unitsIn(language).count(sumOf(mailboxes, (mailbox) => mailbox[key]));
  const code = cause === undefined || cause.code === "bug" ? "" : `, MF-${cause.code}`;
  return followUpTexts.in(language)("ping", {
    job: name,
    verdict: verdictWord(verdict, language) + code,
    server: sum("onServer"),
    stored: sum("inArchive"),
    missing: sum("missing"),
    new: sum("new"),
  });
}

async function pingOnce(
  event: PingEvent,
  line: string,
  { ping: plan }: NotifyPlan,
  invocation: Invocation,
): Promise<void> {
  if (plan === undefined) return;
  const outcome = await attempt("ping", originOf(plan.url), async () => {
    await ping(plan.url, event, line, usualLimits);
    return undefined;
  });
  say(outcome, invocation);
}

async function tellAll(
  observed: readonly Observed[],
  { language }: JobFile,
  plan: NotifyPlan,
  invocation: Invocation,
): Promise<void> {
  await tell(observed, {
    plan,
    language,
    stateDirectory: stateDirectory(invocation),
    now: invocation.clock(),
    host: hostname(),
    heard: (outcome) => say(outcome, invocation),
  });
}

/** What was delivered is not spoken of, unless there is a remark. */
function say({ channel, place, isDelivered, remark }: Outcome, { screen, language }: Invocation): void {
  const text = followUpTexts.in(language);
  const reason = remark && translate(remark, language);
  if (!isDelivered) {
    const unexplained = text("not-notified.unexplained", { channel, place });
    screen.err(`${reason === undefined ? unexplained : text("not-notified", { channel, place, reason })}\n`);
  } else if (reason !== undefined) screen.err(`${text("notified", { channel, place, remark: reason })}\n`);
}

function wasStopped({ exit }: JobReport): boolean {
  return exit.name === "interrupted" || exit.name === "terminated";
}

async function observeRun(job: Job, report: JobReport, plan: NotifyPlan, invocation: Invocation): Promise<Observed> {
  const trouble = wasStopped(report) ? undefined : troubleOf(report);
  if (trouble !== undefined) return { job, report, observation: trouble };
  if (report.verdict === "safe") return { job, report, observation: "safe" };
  // Skipped, or stopped: that is no failure, but it must not go on like this for ever.
  const late = await observeOther(job, plan, invocation);
  return late?.observation === "overdue" ? late : { job, observation: "no-news" };
}

async function observeOthers(
  { jobs }: JobFile,
  except: ReadonlySet<string>,
  plan: NotifyPlan,
  invocation: Invocation,
): Promise<Observed[]> {
  const others = jobs.filter(({ name }) => !except.has(name));
  const observed: Observed[] = [];
  for (const job of others) {
    const one = await observeOther(job, plan, invocation);
    if (one !== undefined) observed.push(one);
  }
  return observed;
}

/** How a job stands that does not run now; undefined if nobody wants to know, or it can't be told. */
async function observeOther(job: Job, { when }: NotifyPlan, invocation: Invocation): Promise<Observed | undefined> {
  if (!when.has("overdue") || (job.schedule === undefined && job.staleAfterMs === undefined)) return undefined;
  const state = stateDirectory(invocation);
  try {
    const runs = await runsOf(job, state);
    const known = { runningSince: await underWaySince(job, state), scheduledSince: await scheduledSince(job, state) };
    const { overdue, overdueSince, lastSuccess } = standingOf(job, runs, invocation.clock(), known);
    if (!overdue) return { job, observation: "on-time" };
    // It never ran, and nobody knows that anything was to run it: `status` says so, and nobody is woken up.
    if (overdueSince === undefined) return undefined;
    const lateness = { dueAt: overdueSince, lastSuccess: lastSuccess && endOf(lastSuccess) };
    return { job, observation: "overdue", lateness };
  } catch (error) {
    if (error instanceof MailferryError) return undefined;
    throw error;
  }
}
