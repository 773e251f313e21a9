// How the jobs stand, as text: a row for each, what is strange, and the verdict.

import { printable } from "../formats/printable.ts";
import type { Language } from "../language/language.ts";
import type { JobStatus } from "../schedule/job-status.ts";
import type { StatusWarning } from "../schedule/warnings.ts";
import { lineWidth } from "./block.ts";
import { formatAgo, formatDue, formatIn, formatMoment, formatSpan } from "./due-words.ts";
import { commandLine, mailboxName } from "./names.ts";
import type { Paint } from "./screen.ts";
import { type Cell, formatTable } from "./table.ts";
import { statusTexts } from "./texts/status.ts";
import { unitsIn } from "./units.ts";
import { verdictWord } from "./verdict.ts";
import { wrap } from "./width.ts";

export interface StatusView {
  readonly now: Date;
  readonly language: Language;
  readonly paint: Paint;
  /** The beginning of a command about the same job file. */
  readonly mailferry: readonly string[];
}

/** Ends with a line end; the last line is the verdict. */
export function formatStatus(found: readonly JobStatus[], view: StatusView): string {
  const say = statusTexts.in(view.language);
  const rows = found.map((one) => rowOf(one, view));
  const table = formatTable(
    [
      { title: say("column.job"), align: "left", minWidth: leastName[view.language], maxWidth: 24 },
      { title: say("column.last-run"), align: "left" },
      { title: say("column.success"), align: "left" },
      { title: say("column.messages"), align: "right" },
      { title: say("column.new"), align: "right" },
      { title: say("column.size"), align: "right" },
      { title: say("column.next"), align: "left" },
    ],
    rows,
    layouts[view.language],
  );
  const notes = notesOf(found, view);
  const sections = [
    table,
    ...(notes.length === 0 ? [] : [notes.flatMap((note) => indent(note))]),
    [...nextLine(found, view), verdictLine(found, view)],
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** French words are longer, and the lines are not. */
const leastName = { en: 8, fr: 6 } as const;
const layouts = { en: {}, fr: { gap: 2, width: lineWidth } } as const;

function rowOf(one: JobStatus, { now, language, paint }: StatusView): Cell[] {
  const { job, lastRun, ageSeconds, overdue } = one;
  const say = statusTexts.in(language);
  const units = unitsIn(language);
  const age = ageSeconds === undefined ? say("never") : formatAgo(ageSeconds * 1000, language);
  const next = one.nextRun === undefined ? "" : formatIn(one.nextRun.getTime() - now.getTime(), language);
  const flag: Cell[] = overdue ? [{ text: say("overdue"), paint: paint.red }] : [];
  return [
    { text: printable(job.name) },
    lastRun === undefined ? { text: say("never") } : lastRunCell(lastRun, one, { now, language, paint }),
    { text: age, paint: overdue ? paint.red : undefined },
    { text: one.messages === undefined ? "" : units.count(one.messages) },
    { text: lastRun === undefined ? "" : units.count(lastRun.totals.new) },
    { text: one.octets === undefined ? "" : units.octets(one.octets) },
    // Where both don't fit into the line, when it should have run before is the news.
    ...(language === "fr" && overdue ? flag : [{ text: next }, ...flag]),
  ];
}

/** `SAFE 02:30` of today, `SAFE 25 Nov` of another day. */
function lastRunCell(
  lastRun: NonNullable<JobStatus["lastRun"]>,
  { job }: JobStatus,
  { now, language, paint }: Omit<StatusView, "mailferry">,
): Cell {
  const { dayAndTime } = unitsIn(language);
  const { day, time } = dayAndTime(new Date(lastRun.startedAt), job.timeZone);
  const isToday = day === dayAndTime(now, job.timeZone).day && now.getTime() - Date.parse(lastRun.startedAt) < dayMs;
  const color = lastRun.verdict === "failed" ? paint.red : lastRun.verdict === "safe" ? undefined : paint.yellow;
  return { text: `${verdictWord(lastRun.verdict, language)} ${isToday ? time : day}`, paint: color };
}

const dayMs = 86_400_000;

function notesOf(found: readonly JobStatus[], view: StatusView): string[] {
  const say = statusTexts.in(view.language);
  const name = ({ job }: JobStatus) => printable(job.name);
  const running = found.filter(({ isRunning }) => isRunning).map((one) => say("running", { job: name(one) }));
  // What is so for many jobs is said once.
  const late = new Map<string, string[]>();
  for (const one of found.filter(({ overdue }) => overdue)) {
    const reason = overdueReason(one, view);
    late.set(reason, [...(late.get(reason) ?? []), name(one)]);
  }
  return [
    ...running,
    ...[...late].map(([reason, jobs]) => say("late", { jobs: jobs.join(", "), reason })),
    ...found.flatMap((one) =>
      one.warnings.map((warning) => say("warning", { job: name(one), warning: describeWarning(warning, one, view) })),
    ),
  ];
}

function overdueReason(one: JobStatus, { now, language, mailferry }: StatusView): string {
  const { job, overdueReason: reason, overdueSince, lastRun, ageSeconds = 0 } = one;
  const say = statusTexts.in(language);
  const { timeZone } = job;
  const since = overdueSince === undefined ? "" : formatMoment(overdueSince, { now, language, timeZone });
  if (reason === "missed") return say("late.missed", { since });
  if (reason === "hung") return say("late.hung", { since });
  if (reason === "stale") return say("late.stale", { age: formatSpan(ageSeconds * 1000, language), since });
  if (lastRun !== undefined) return say("late.never-succeeded");
  if (job.schedule === undefined || since !== "") return say("late.never-run");
  return say("late.not-installed", { command: commandLine(...mailferry, "schedule", "install") });
}

function describeWarning(warning: StatusWarning, { job }: JobStatus, view: StatusView): string {
  const { now, language, mailferry } = view;
  const say = statusTexts.in(language);
  if (warning.kind === "paused") {
    return say("paused", {
      account: printable(warning.account),
      refusals: warning.refusals,
      moment: formatMoment(new Date(warning.lastRefused), { now, language, timeZone: job.timeZone }),
      command: commandLine(...mailferry, "run", printable(job.name)),
    });
  }
  if (warning.kind === "shrunk") {
    const { mailbox, before, after } = warning;
    return say("shrunk", { mailbox: mailboxName(mailbox), before, after });
  }
  const span = (seconds: number) => formatSpan(seconds * 1000, language);
  return say("quiet", { quiet: span(warning.seconds), longest: span(warning.longestSeconds) });
}

function indent(text: string): string[] {
  return wrap(text, lineWidth - 4).map((line, index) => `${index === 0 ? "  " : "    "}${line}`);
}

function nextLine(found: readonly JobStatus[], { now, language }: StatusView): string[] {
  const [soonest] = found
    .flatMap(({ job, nextRun }) => (nextRun === undefined ? [] : [{ job, nextRun }]))
    .toSorted((a, b) => a.nextRun.getTime() - b.nextRun.getTime());
  if (soonest === undefined) return [];
  const { job, nextRun } = soonest;
  const due = formatDue(nextRun, { now, language, timeZone: job.timeZone });
  return [`  ${statusTexts.in(language)("next", { job: printable(job.name), due })}`, ""];
}

function verdictLine(found: readonly JobStatus[], { language, paint, mailferry }: StatusView): string {
  const say = statusTexts.in(language);
  const names = (jobs: readonly JobStatus[]) => jobs.map(({ job }) => printable(job.name)).join(", ");
  const late = found.filter(({ overdue }) => overdue);
  if (late.length > 0) {
    const text = say("overdue.of", {
      late: say("overdue.late", { count: late.length }),
      jobs: say("overdue.jobs", { count: found.length }),
      names: names(late),
      command: commandLine(...mailferry, "run", ...late.map(({ job }) => printable(job.name))),
    });
    return `${paint.red(paint.bold(say("verdict.overdue")))} ${text}`;
  }
  const unsafe = found.filter(({ lastRun }) => lastRun !== undefined && lastRun.verdict !== "safe");
  const color = unsafe.length === 0 ? paint.green : paint.yellow;
  const count = found.length;
  const text = unsafe.length === 0 ? say("on-time", { count }) : say("on-time.but", { count, names: names(unsafe) });
  return `${color(paint.bold(say("verdict.on-time")))} ${text}`;
}
