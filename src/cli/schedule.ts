// mailferry schedule: has the system run the jobs that have a schedule. What would be written is shown before it is.

import { resolve } from "node:path";
import { exitCodes, MailferryError } from "../errors.ts";
import { jsonText } from "../formats/json-text.ts";
import { printable } from "../formats/printable.ts";
import type { LoadedJobFile } from "../jobs/job.ts";
import { loadJobFile } from "../jobs/load.ts";
import { nextDue } from "../schedule/due.ts";
import { readInstalled, type Scheduler, schedulers } from "../schedule/installed.ts";
import { rememberSchedule } from "../schedule/known.ts";
import type { Order } from "../schedule/order.ts";
import { formatDue } from "./due-words.ts";
import { UsageError } from "./errors.ts";
import { type Invocation, Stopped } from "./invocation.ts";
import { chooseJobs, findJobFile, stateDirectory } from "./job-file.ts";
import { type Plan, planInstall, shownIn } from "./schedule-plan.ts";
import { detectScheduler, install as installPlan, uninstall } from "./schedule-system.ts";
import { scheduleTexts } from "./texts/schedule.ts";

export interface ScheduleFlags {
  /** Another than this system's own. */
  readonly as?: string;
}

export async function show(names: readonly string[], flags: ScheduleFlags, invocation: Invocation): Promise<number> {
  const { plan, file } = await openPlan(names, flags, invocation);
  if (invocation.options.json) return writeDocument("schedule show", plan, invocation);
  await invocation.screen.out(`${formatPlan(plan, invocation)}${formatNext(plan, file, invocation)}`);
  warn(plan, invocation);
  return exitCodes.ok;
}

export async function install(names: readonly string[], flags: ScheduleFlags, invocation: Invocation): Promise<number> {
  const { options, screen, clock } = invocation;
  const { plan, file, jobFile } = await openPlan(names, flags, invocation);
  if (!options.json) await screen.out(formatPlan(plan, invocation));
  warn(plan, invocation);
  await confirm("ask.write", "schedule install", invocation);
  const state = stateDirectory(invocation);
  const said = await installPlan(plan, jobFile, state, invocation);
  for (const job of file.jobs) if (isIn(plan, job.name)) await rememberSchedule(job, state, clock());
  if (options.json) return writeDocument("schedule install", plan, invocation, { said });
  await screen.out(`${said.map((line) => `${line}\n`).join("")}${formatNext(plan, file, invocation)}`);
  return exitCodes.ok;
}

export async function remove(invocation: Invocation): Promise<number> {
  const { options, screen, cwd } = invocation;
  const say = scheduleTexts.in(shownIn(invocation));
  const jobFile = resolve(cwd, await findJobFile(invocation));
  const state = stateDirectory(invocation);
  const installed = await readInstalled(state, jobFile);
  if (installed === undefined) {
    const text = say("nothing-installed", { path: printable(jobFile) });
    if (options.json) return writeRemoved([], [text], invocation);
    await screen.out(`${text}\n`);
    return exitCodes.ok;
  }
  const what =
    installed.scheduler === "cron"
      ? [say("crontab-lines", { path: printable(jobFile) })]
      : installed.files.map(({ path }) => printable(path));
  if (!options.json) await screen.out(what.map((line) => `${line}\n`).join(""));
  await confirm("ask.remove", "schedule remove", invocation);
  const said = await uninstall(installed, state, invocation);
  if (options.json) return writeRemoved(what, said, invocation);
  await screen.out(said.map((line) => `${line}\n`).join(""));
  return exitCodes.ok;
}

async function openPlan(
  names: readonly string[],
  { as }: ScheduleFlags,
  invocation: Invocation,
): Promise<{ readonly plan: Plan; readonly file: LoadedJobFile; readonly jobFile: string }> {
  const path = await findJobFile(invocation);
  const file = await loadJobFile(path, invocation.env);
  const jobs = chooseJobs(file.jobs, names, names.length === 0, invocation.language).filter(
    ({ schedule }) => schedule !== undefined,
  );
  if (jobs.length === 0) {
    throw new MailferryError("C701", `no job that is meant has a schedule in ${printable(path)}`, {
      scope: "session",
      retry: "never",
      remedy: 'Give a job one: schedule: "30 2 * * *" runs it each night at 02:30.',
    });
  }
  const scheduler = as === undefined ? await detectScheduler() : toScheduler(as, invocation);
  const jobFile = resolve(invocation.cwd, path);
  return { plan: planInstall(jobs, scheduler, jobFile, { ...file, invocation }), file, jobFile };
}

function toScheduler(name: string, { language }: Invocation): Scheduler {
  const found = schedulers.find((scheduler) => scheduler === name);
  if (found !== undefined) return found;
  throw new UsageError(scheduleTexts.in(language)("not-a-scheduler", { name, schedulers: schedulers.join(", ") }));
}

async function confirm(
  question: "ask.write" | "ask.remove",
  command: string,
  { options, ask, language }: Invocation,
): Promise<void> {
  const say = scheduleTexts.in(language);
  if (options.yes) return;
  if (ask === undefined) throw new UsageError(say("no-terminal", { command }));
  if (!(await ask.confirm(say(question), false))) throw new Stopped("interrupted");
}

function isIn(plan: Plan, name: string): boolean {
  return plan.orders.some(({ jobs }) => jobs.includes(name));
}

function formatPlan({ files }: Plan, { language }: Invocation): string {
  const headOf = (path: string) => scheduleTexts.in(language)("file-head", { path: printable(path) });
  return files.map(({ path, text }) => `${headOf(path)}\n\n${indent(text)}`).join("\n");
}

/** Files are shown as they are, but for what could steer a terminal. */
function indent(text: string): string {
  return text
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => (line === "" ? "\n" : `  ${printable(line)}\n`))
    .join("");
}

function formatNext(plan: Plan, file: LoadedJobFile, { clock, language }: Invocation): string {
  const say = scheduleTexts.in(language);
  const now = clock();
  const line = ({ jobs, timeZone, schedule }: Order) => {
    const next = nextDue({ schedule, timeZone }, now);
    const due = next === undefined ? say("never") : formatDue(next, { now, language, timeZone });
    return `${say("next", { jobs: jobs.map(printable).join(", "), due })}\n`;
  };
  const others = file.jobs.filter((job) => !isIn(plan, job.name)).map((job) => printable(job.name));
  const left = others.length === 0 ? "" : `${say("others", { jobs: others.join(", ") })}\n`;
  return `\n${plan.orders.map(line).join("")}${left}`;
}

function warn({ warnings }: Plan, { screen, options }: Invocation): void {
  if (options.json) return;
  for (const warning of warnings) screen.err(`${screen.errPaint.yellow("!")} ${warning}\n`);
}

async function writeDocument(
  command: string,
  { orders, scheduler, files, warnings }: Plan,
  { screen, clock }: Invocation,
  more: object = {},
): Promise<number> {
  const exit = { code: exitCodes.ok, name: "ok" };
  const jobs = orders.flatMap(({ jobs, schedule, timeZone }) =>
    jobs.map((name) => ({ name, nextRun: nextDue({ schedule, timeZone }, clock())?.toISOString() ?? null })),
  );
  const document = { v: 1, command, verdict: "safe", exit, scheduler, files, jobs, warnings, ...more };
  await screen.out(`${jsonText(document)}\n`);
  return exitCodes.ok;
}

async function writeRemoved(what: readonly string[], said: readonly string[], { screen }: Invocation): Promise<number> {
  const exit = { code: exitCodes.ok, name: "ok" };
  await screen.out(`${jsonText({ v: 1, command: "schedule remove", verdict: "safe", exit, removed: what, said })}\n`);
  return exitCodes.ok;
}
