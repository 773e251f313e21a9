// How the jobs stand, as text: a row for each, what is strange, and the verdict.

import { printable } from "../formats/printable.ts";
import type { JobStatus } from "../schedule/job-status.ts";
import type { StatusWarning } from "../schedule/warnings.ts";
import { lineWidth } from "./block.ts";
import { formatDue, formatMoment, formatSpan } from "./due-words.ts";
import { commandLine, mailboxName } from "./names.ts";
import type { Paint } from "./screen.ts";
import { type Cell, formatTable } from "./table.ts";
import { formatCount, formatDayAndTime, formatOctets, plural } from "./units.ts";
import { wrap } from "./width.ts";

export interface StatusView {
  readonly now: Date;
  readonly paint: Paint;
  /** The beginning of a command about the same job file. */
  readonly mailferry: readonly string[];
}

/** Ends with a line end; the last line is the verdict. */
export function formatStatus(found: readonly JobStatus[], view: StatusView): string {
  const rows = found.map((one) => rowOf(one, view));
  const table = formatTable(
    [
      { title: "Job", align: "left", minWidth: 8, maxWidth: 24 },
      { title: "Last run", align: "left" },
      { title: "Success", align: "left" },
      { title: "Messages", align: "right" },
      { title: "New", align: "right" },
      { title: "Size", align: "right" },
      { title: "Next", align: "left" },
    ],
    rows,
  );
  const notes = notesOf(found, view);
  const sections = [
    table,
    ...(notes.length === 0 ? [] : [notes.flatMap((note) => indent(note))]),
    [...nextLine(found, view), verdictLine(found, view)],
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function rowOf(one: JobStatus, { now, paint }: StatusView): Cell[] {
  const { job, lastRun, ageSeconds, overdue } = one;
  const age = ageSeconds === undefined ? "never" : `${shortSpan(ageSeconds * 1000)} ago`;
  const next = one.nextRun === undefined ? "" : `in ${shortSpan(one.nextRun.getTime() - now.getTime())}`;
  return [
    { text: printable(job.name) },
    lastRun === undefined ? { text: "never" } : lastRunCell(one, now, paint),
    { text: age, paint: overdue ? paint.red : undefined },
    { text: one.messages === undefined ? "" : formatCount(one.messages) },
    { text: lastRun === undefined ? "" : formatCount(lastRun.totals.new) },
    { text: one.octets === undefined ? "" : formatOctets(one.octets) },
    { text: next },
    ...(overdue ? [{ text: "OVERDUE", paint: paint.red }] : []),
  ];
}

/** `SAFE 02:30` of today, `SAFE 25 Nov` of another day. */
function lastRunCell({ lastRun, job }: JobStatus, now: Date, paint: Paint): Cell {
  if (lastRun === undefined) return { text: "never" };
  const { day, time } = formatDayAndTime(new Date(lastRun.startedAt), job.timeZone);
  const isToday =
    day === formatDayAndTime(now, job.timeZone).day && now.getTime() - Date.parse(lastRun.startedAt) < dayMs;
  const color = lastRun.verdict === "failed" ? paint.red : lastRun.verdict === "safe" ? undefined : paint.yellow;
  return { text: `${lastRun.verdict.toUpperCase()} ${isToday ? time : day}`, paint: color };
}

const dayMs = 86_400_000;

/** `11 h`: as `formatSpan`, for a column. */
function shortSpan(ms: number): string {
  return formatSpan(Math.max(ms, 60_000))
    .replace(/ minutes?/, " min")
    .replace(/ hours?/, " h")
    .replace(/ days?/, " d");
}

function notesOf(found: readonly JobStatus[], view: StatusView): string[] {
  const name = ({ job }: JobStatus) => printable(job.name);
  const running = found.filter(({ isRunning }) => isRunning).map((one) => `${name(one)}: a run is going on.`);
  // What is so for many jobs is said once.
  const late = new Map<string, string[]>();
  for (const one of found.filter(({ overdue }) => overdue)) {
    const reason = overdueReason(one, view);
    late.set(reason, [...(late.get(reason) ?? []), name(one)]);
  }
  return [
    ...running,
    ...[...late].map(([reason, jobs]) => `OVERDUE: ${jobs.join(", ")}: ${reason}.`),
    ...found.flatMap((one) => one.warnings.map((warning) => `${name(one)}: ${describeWarning(warning, one, view)}.`)),
  ];
}

function overdueReason(one: JobStatus, { now, mailferry }: StatusView): string {
  const { job, overdueReason: reason, overdueSince, lastRun, ageSeconds = 0 } = one;
  const since = overdueSince === undefined ? "" : formatMoment(overdueSince, now, job.timeZone);
  if (reason === "missed") return `due on ${since}, and has not run since`;
  if (reason === "hung") return `due on ${since}, while a run was going on that still is; look whether it hangs`;
  if (reason === "stale") return `the last success is ${formatSpan(ageSeconds * 1000)} old; too old since ${since}`;
  if (lastRun !== undefined) return "has never succeeded";
  if (job.schedule === undefined || since !== "") return "has never run";
  return `has never run. To have the schedule run: ${commandLine(...mailferry, "schedule", "install")}`;
}

function describeWarning(warning: StatusWarning, { job }: JobStatus, { now, mailferry }: StatusView): string {
  if (warning.kind === "paused") {
    const last = formatMoment(new Date(warning.lastRefused), now, job.timeZone);
    const why = `PAUSED: the log-in of ${printable(warning.account)} was refused in ${warning.refusals} runs in a row`;
    const run = commandLine(...mailferry, "run", printable(job.name));
    return `${why}, the last on ${last}, and no run tries it any more. Put it right, then at a terminal: ${run}`;
  }
  if (warning.kind === "shrunk") {
    const { mailbox, before, after } = warning;
    const counts = `had ${plural(before, "message")} in the run before the last, and ${formatCount(after)} in the last`;
    return `${mailboxName(mailbox)} ${counts}; an archive keeps what is gone from the server`;
  }
  const [quiet, longest] = [formatSpan(warning.seconds * 1000), formatSpan(warning.longestSeconds * 1000)];
  return `nothing new came for ${quiet}, where it never took longer than ${longest}; does mail still arrive there?`;
}

function indent(text: string): string[] {
  return wrap(text, lineWidth - 4).map((line, index) => `${index === 0 ? "  " : "    "}${line}`);
}

function nextLine(found: readonly JobStatus[], { now }: StatusView): string[] {
  const [soonest] = found
    .flatMap(({ job, nextRun }) => (nextRun === undefined ? [] : [{ job, nextRun }]))
    .toSorted((a, b) => a.nextRun.getTime() - b.nextRun.getTime());
  if (soonest === undefined) return [];
  const { job, nextRun } = soonest;
  return [`  Next: ${printable(job.name)}, ${formatDue(nextRun, now, job.timeZone)}`, ""];
}

function verdictLine(found: readonly JobStatus[], { paint, mailferry }: StatusView): string {
  const names = (jobs: readonly JobStatus[]) => jobs.map(({ job }) => printable(job.name)).join(", ");
  const late = found.filter(({ overdue }) => overdue);
  if (late.length > 0) {
    const run = commandLine(...mailferry, "run", ...late.map(({ job }) => printable(job.name)));
    const word = paint.red(paint.bold("OVERDUE:"));
    return `${word} ${formatCount(late.length)} of ${plural(found.length, "job")} (${names(late)}). To run now: ${run}`;
  }
  const unsafe = found.filter(({ lastRun }) => lastRun !== undefined && lastRun.verdict !== "safe");
  const color = unsafe.length === 0 ? paint.green : paint.yellow;
  const but = unsafe.length === 0 ? "" : `, but not SAFE when last run: ${names(unsafe)}`;
  return `${color(paint.bold("ON TIME:"))} ${plural(found.length, "job")}${but}.`;
}
