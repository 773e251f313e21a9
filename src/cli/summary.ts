// The summary of a job: what is on the server, what is in the archive or at the target, what is missing and why.

import { printable } from "../formats/printable.ts";
import type { JobReport, MailboxReport, RunReport } from "../jobs/events.ts";
import { formatBlock, justify } from "./block.ts";
import { failureBlocks, nameRoutes, noticeLines, stopBlock } from "./failures.ts";
import { formatMapping } from "./mapping.ts";
import { commandLine, type Ends, endsOf, endTitles, isMove, mailboxName, placeName, routeName } from "./names.ts";
import { packBlock, packTexts } from "./packs.ts";
import type { Paint } from "./screen.ts";
import { type Cell, type Column, formatTable } from "./table.ts";
import { formatCount, formatDayAndTime, formatDuration, formatOctets, formatRate, plural } from "./units.ts";
import { paintVerdict, runVerdictText, verdictText } from "./verdict.ts";
import { shorten } from "./width.ts";

export interface SummaryOptions {
  /** Archives below it are shown relative to it. */
  readonly cwd: string;
  readonly paint: Paint;
  /** Every mailbox and every failure, however many. */
  readonly verbose: boolean;
  /** What a rehearsal found to copy, by job, in octets as the server claims them. */
  readonly octetsToCopy?: ReadonlyMap<string, number>;
  readonly timeZone?: string | undefined;
  /** What the report is of; `run` unless given. */
  readonly command?: string;
  /** What stands before `report JOB` in a command to copy; absent where that would not know the job. */
  readonly reportWith?: readonly string[];
  /** How the job is run again, as a clause. */
  readonly again?: string;
  /** What was found out beside the run, a line each. */
  readonly findings?: readonly string[];
  /** Lines before the last one. */
  readonly closing?: readonly string[];
}

const isAre = (count: number) => (count === 1 ? "is" : "are");

// As many rows as are taken in at a glance; what is missing is shown whatever the number.
const mostRows = 8;

/** Which job, from where, to where; and `when` at the right margin. */
export function headingLines(job: JobReport, when: string, { cwd, paint }: SummaryOptions): string[] {
  const what = `${printable(job.name)}: ${placeName(job.from, cwd)} -> ${placeName(job.to, cwd)}`;
  return justify(what, when).map((line) => line.replace(what, () => paint.bold(what)));
}

function timesOf(job: JobReport, { timeZone }: SummaryOptions): string {
  const start = new Date(job.startedAt);
  const end = new Date(start.getTime() + job.seconds * 1000);
  const [from, to] = [formatDayAndTime(start, timeZone), formatDayAndTime(end, timeZone)];
  const until = from.day === to.day ? to.time : `${to.day} ${to.time}`;
  return `${from.day} ${from.time} -> ${until} (${formatDuration(job.seconds)})`;
}

/** Which rows are folded into one: unremarkable ones beyond the first few, those with news, then the largest, last. */
function foldRows(mailboxes: readonly MailboxReport[], keep: (mailbox: MailboxReport) => boolean): Set<MailboxReport> {
  const ordinary = mailboxes.filter((mailbox) => !keep(mailbox));
  const room = Math.max(0, mostRows - 1 - (mailboxes.length - ordinary.length));
  if (mailboxes.length <= mostRows || ordinary.length - room < 2) return new Set();
  const byInterest = ordinary.toSorted((a, b) => b.new - a.new || b.onServer - a.onServer);
  return new Set(byInterest.slice(room));
}

export function sumOf(mailboxes: Iterable<MailboxReport>, count: (mailbox: MailboxReport) => number): number {
  let total = 0;
  for (const mailbox of mailboxes) total += count(mailbox);
  return total;
}

/** `MF-M401 MF-M403`: what went wrong in a mailbox, if anything did. */
export function codesByMailbox(job: JobReport): (mailbox: MailboxReport) => string {
  const codes = new Map<string, Set<string>>();
  for (const failure of job.failures) {
    const key = JSON.stringify(failure.mailbox);
    codes.set(key, (codes.get(key) ?? new Set()).add(`MF-${failure.code}`));
  }
  return ({ path }) => [...(codes.get(JSON.stringify(path)) ?? [])].join(" ");
}

/** Columns for the names of mailboxes where a table has room for `room`, and for a code behind a name of 24. */
export function widestName(job: JobReport, room: number): number {
  const codesOf = codesByMailbox(job);
  const codes = job.mailboxes.reduce((width, mailbox) => Math.max(width, codesOf(mailbox).length), 0);
  return codes === 0 ? room : Math.max(18, 24 + "MF-M401".length - codes);
}

function mailboxTable(job: JobReport, ends: Ends, { paint, verbose }: SummaryOptions): string[] {
  const rehearsal = job.verdict === "rehearsal";
  const codesOf = codesByMailbox(job);
  const remarkable = (mailbox: MailboxReport) => codesOf(mailbox) !== "" || (mailbox.missing > 0 && !rehearsal);
  const folded = verbose ? new Set<MailboxReport>() : foldRows(job.mailboxes, remarkable);

  const count = (value: number): Cell => ({ text: formatCount(value) });
  const missing = (value: number): Cell => ({
    ...count(value),
    paint: value > 0 && !rehearsal ? paint.red : undefined,
  });
  const numbers = (of: readonly MailboxReport[]): Cell[] => [
    count(sumOf(of, (mailbox) => mailbox.onServer)),
    count(sumOf(of, (mailbox) => mailbox.inArchive)),
    ...(rehearsal ? [] : [count(sumOf(of, (mailbox) => mailbox.new))]),
    missing(sumOf(of, (mailbox) => mailbox.missing)),
  ];
  const maxWidth = widestName(job, 30);
  const rows = job.mailboxes
    .filter((mailbox) => !folded.has(mailbox))
    .map((mailbox) => [{ text: routeName(mailbox, maxWidth) }, ...numbers([mailbox]), { text: codesOf(mailbox) }]);
  if (folded.size > 0) {
    rows.push([{ text: `${formatCount(folded.size)} more`, paint: paint.dim } as Cell, ...numbers([...folded])]);
  }
  const titles = endTitles(ends);
  const columns: Column[] = [
    { title: "Mailbox", align: "left", minWidth: 14, maxWidth },
    { title: titles.source, align: "right" },
    { title: titles.target, align: "right" },
    ...(rehearsal ? [] : ([{ title: "New", align: "right", minWidth: 5 }] satisfies Column[])),
    { title: rehearsal ? "To copy" : "Missing", align: "right" },
  ];
  return formatTable(columns, rows);
}

function copiedLine(job: JobReport): string {
  const { copied } = job.messages;
  const size = formatOctets(job.octets);
  if (copied > 0) {
    const rate = job.seconds > 0 ? `, ${formatRate(job.octets / job.seconds)}` : "";
    return `${plural(copied, "message")} copied (${size}${rate})`;
  }
  if (job.octets > 0) return `No message copied (${size} read)`;
  const complete = sumOf(job.mailboxes, (mailbox) => mailbox.missing) === 0;
  return `${complete ? "Nothing new" : "Nothing copied"}: 0 octets of mail moved`;
}

/** `3 gone from the server are kept here` */
function keptClause({ mailboxes }: JobReport, ends: Ends): string {
  const kept = sumOf(mailboxes, (mailbox) => mailbox.kept);
  const here = ends.target === "archive" ? "here" : "at the target";
  return kept === 0 ? "" : `; ${formatCount(kept)} gone from the ${ends.source} ${isAre(kept)} kept ${here}`;
}

function verifiedLine(job: JobReport, ends: Ends, { cwd, paint }: SummaryOptions): string[] {
  if (job.messages.copied === 0) return [];
  if (job.verified === undefined) {
    // What lies in an account was read back before it was counted.
    if (job.verdict !== "safe" || isMove(job)) return [];
    if (ends.target === "target") return ["Not read again in this run"];
    return [`Not read again in this run: ${commandLine("mailferry", "verify", placeName(job.to, cwd))} does it`];
  }
  const { checked, intact } = job.verified;
  const how = isMove(job) ? "messages read back from the target" : "messages written in this run read again";
  const counts = `${formatCount(intact)} of ${formatCount(checked)} ${how}, intact`;
  return [intact === checked ? `Verified: ${counts}` : paint.red(`Verified: only ${counts}`)];
}

function toCopyLine(job: JobReport, { octetsToCopy }: SummaryOptions): string[] {
  const octets = octetsToCopy?.get(job.name) ?? 0;
  const missing = sumOf(job.mailboxes, (mailbox) => mailbox.missing);
  return octets === 0 ? [] : [`${plural(missing, "message")} to copy (${formatOctets(octets)})`];
}

/** What this run copied, and that it is there; without indentation. */
export function workLines(job: JobReport, options: SummaryOptions): readonly [copied: string, ...verified: string[]] {
  return [copiedLine(job), ...verifiedLine(job, endsOf(job, options.command), options)];
}

/** What a summary says in a line where it is not zero. */
export interface Fact {
  count(mailbox: MailboxReport): number;
  /** `where` names the mailboxes, where they are not told otherwise. */
  say(count: number, where?: string): string;
}

export const facts: readonly Fact[] = [
  {
    count: ({ reflagged = 0 }) => reflagged,
    say: (count) => `${plural(count, "message")} got the flags ${count === 1 ? "it has" : "they have"} at the source`,
  },
  { count: ({ filtered }) => filtered, say: (count) => `${formatCount(count)} left out by the filter` },
  {
    count: ({ placed = 0 }) => placed,
    say: (count, where) =>
      `${formatCount(count)}${where === undefined ? "" : ` in ${where}`} ${isAre(count)} carried in ${count === 1 ? "its own mailbox" : "their own mailboxes"}`,
  },
  {
    count: ({ altered = 0 }) => altered,
    say: (count) => `${formatCount(count)} ${count === 1 ? "was" : "were"} altered by the target (MF-M404)`,
  },
];

const longestName = 40;

function factLines(mailboxes: readonly MailboxReport[]): string[] {
  return facts.flatMap(({ count, say }) => {
    const concerned = mailboxes.filter((mailbox) => count(mailbox) > 0);
    if (concerned.length === 0) return [];
    const names = concerned.map(({ path, source }) => shorten(mailboxName(source ?? path), longestName));
    const where = names.length > 2 ? plural(names.length, "mailbox", "mailboxes") : names.join(" and ");
    return [say(sumOf(concerned, count), where)];
  });
}

function hookLines({ hooksLeftOut = [] }: JobReport): string[] {
  if (hooksLeftOut.length === 0) return [];
  return [`The job's own commands are not run in a rehearsal: ${hooksLeftOut.join(", ")}`];
}

function workDone(job: JobReport, options: SummaryOptions): string[] {
  const [copied, ...verified] = workLines(job, options);
  return [copied + keptClause(job, endsOf(job, options.command)), ...verified];
}

/** The last line. */
export function verdictLine(job: JobReport, options: SummaryOptions): string {
  const { cwd, command, reportWith, again = "run the same command again" } = options;
  const details = reportWith === undefined ? undefined : commandLine(...reportWith, "report", printable(job.name));
  const text = verdictText(job, { ends: endsOf(job, command), place: placeName(job.to, cwd), again, details });
  return `${paintVerdict(job.verdict, options.paint)} ${text}`;
}

export function indented(texts: readonly string[]): string[] {
  return texts.map((text) => `  ${text}`);
}

/** Sections with an empty line between each two; empty ones are left out. */
export function joinSections(sections: readonly (readonly string[])[]): string[] {
  return sections.filter((each) => each.length > 0).flatMap((each, index) => (index === 0 ? each : ["", ...each]));
}

/** The summary of one job, as lines without line ends. The last one is the verdict. */
export function formatJobSummary(job: JobReport, options: SummaryOptions): string[] {
  const { verbose, paint } = options;
  const ends = endsOf(job, options.command);
  const nameOf = nameRoutes(job.mailboxes);
  const sections = [headingLines(job, timesOf(job, options), options)];
  const { mapping, mailboxes } = job;
  const isPlan = job.verdict === "rehearsal";
  const packs = packTexts(job, { cwd: options.cwd, whole: verbose });
  const work = [...(isPlan ? toCopyLine(job, options) : workDone(job, options)), ...packs.headline];
  if (isPlan && mapping !== undefined) {
    const { table, foot } = formatMapping(job, mapping, endTitles(ends).source, { paint, whole: verbose });
    sections.push(table, indented([...work, ...foot, ...factLines(mailboxes)]));
  } else if (mailboxes.length > 0) {
    sections.push(
      mailboxTable(job, ends, options),
      indented([...work, ...(options.findings ?? []), ...factLines(mailboxes)]),
    );
  } else sections.push(indented(packs.headline));
  sections.push(indented(packs.lists));
  sections.push(indented(hookLines(job)), noticeLines(job.notices ?? [], verbose, nameOf));
  const blocks = [...failureBlocks(job.failures, verbose, nameOf), ...stopBlock(job), ...packBlock(job)];
  sections.push(
    ...blocks.map((block) => formatBlock(block, paint)),
    [...(options.closing ?? [])],
    [verdictLine(job, options)],
  );
  return joinSections(sections);
}

/** All jobs of a run; after several, one line over all of them. Ends with a line end. */
export function formatRunSummary(report: RunReport, options: SummaryOptions): string {
  const { command } = report;
  // Only what `run` has done is a job of a job file, which `report` can find again.
  const defaults = command === "run" ? { command, reportWith: ["mailferry"] } : { command };
  const summaries = report.jobs.map((job) => formatJobSummary(job, { ...defaults, ...options }).join("\n"));
  if (report.jobs.length > 1) {
    summaries.push(`${paintVerdict(report.verdict, options.paint)} ${printable(runVerdictText(report))}`);
  }
  return `${summaries.join("\n\n\n")}\n`;
}
