// The summary of a job: what is on the server, what is in the archive or at the target, what is missing and why.

import { printable } from "../formats/printable.ts";
import type { JobReport, MailboxReport, RunReport } from "../jobs/events.ts";
import type { Language } from "../language/language.ts";
import { formatBlock, justify } from "./block.ts";
import { failureBlocks, nameRoutes, noticeLines, stopBlock } from "./failures.ts";
import { formatMapping } from "./mapping.ts";
import { commandLine, type Ends, endsOf, endTitles, isMove, mailboxName, placeName, routeName } from "./names.ts";
import { packBlock, packTexts } from "./packs.ts";
import type { Paint } from "./screen.ts";
import { type Cell, type Column, formatTable } from "./table.ts";
import { summaryTexts } from "./texts/summary.ts";
import { verdictTexts } from "./texts/verdict.ts";
import { wordTexts } from "./texts/words.ts";
import { unitsIn } from "./units.ts";
import { listWords, paintVerdict, runVerdictText, verdictText } from "./verdict.ts";
import { shorten } from "./width.ts";

export interface SummaryOptions {
  readonly language: Language;
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
  /** Which account stopped a job, by its name in the job file. */
  readonly accountOf?: (job: JobReport) => string | undefined;
  /** What was found out beside the run, a line each. */
  readonly findings?: readonly string[];
  /** Lines before the last one. */
  readonly closing?: readonly string[];
}

// As many rows as are taken in at a glance; what is missing is shown whatever the number.
const mostRows = 8;

/** Columns of a terminal that a table fills at most. */
export const tableWidth = 79;

/** Which job, from where, to where; and `when` at the right margin. */
export function headingLines(job: JobReport, when: string, { cwd, paint, language }: SummaryOptions): string[] {
  const [from, to] = [placeName(job.from, cwd), placeName(job.to, cwd)];
  const what = summaryTexts.in(language)("heading", { job: printable(job.name), from, to });
  return justify(what, when).map((line) => line.replace(what, () => paint.bold(what)));
}

function timesOf(job: JobReport, { timeZone, language }: SummaryOptions): string {
  const units = unitsIn(language);
  const start = new Date(job.startedAt);
  const end = new Date(start.getTime() + job.seconds * 1000);
  const [from, to] = [units.dayAndTime(start, timeZone), units.dayAndTime(end, timeZone)];
  const until = from.day === to.day ? to.time : `${to.day} ${to.time}`;
  return `${from.day} ${from.time} -> ${until} (${units.duration(job.seconds)})`;
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

function mailboxTable(job: JobReport, ends: Ends, { paint, verbose, language }: SummaryOptions): string[] {
  const word = wordTexts.in(language);
  const rehearsal = job.verdict === "rehearsal";
  const codesOf = codesByMailbox(job);
  const remarkable = (mailbox: MailboxReport) => codesOf(mailbox) !== "" || (mailbox.missing > 0 && !rehearsal);
  const folded = verbose ? new Set<MailboxReport>() : foldRows(job.mailboxes, remarkable);

  const count = (value: number): Cell => ({ text: unitsIn(language).count(value) });
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
    .map((mailbox) => [nameCell(mailbox, maxWidth), ...numbers([mailbox]), { text: codesOf(mailbox) }]);
  if (folded.size > 0) {
    rows.push([{ text: word("more", { count: folded.size }), paint: paint.dim }, ...numbers([...folded])]);
  }
  const titles = endTitles(ends, language);
  const columns: Column[] = [
    { title: word("column.mailbox"), align: "left", minWidth: 14, maxWidth },
    { title: titles.source, align: "right" },
    { title: titles.target, align: "right" },
    ...(rehearsal ? [] : ([{ title: word("column.new"), align: "right", minWidth: 5 }] satisfies Column[])),
    { title: word(rehearsal ? "column.to-copy" : "column.missing"), align: "right" },
  ];
  return formatTable(columns, rows, { width: tableWidth });
}

/** The name of a mailbox in a table. */
export function nameCell(mailbox: MailboxReport, maxWidth: number): Cell {
  const within = (width: number) => routeName(mailbox, width);
  return { text: within(maxWidth), fit: within };
}

function copiedLine(job: JobReport, language: Language): string {
  const say = summaryTexts.in(language);
  const units = unitsIn(language);
  const { copied } = job.messages;
  const size = units.octets(job.octets);
  if (copied > 0) {
    const rate = job.seconds > 0 ? `, ${units.rate(job.octets / job.seconds)}` : "";
    return say("copied", { count: copied, size: size + rate });
  }
  if (job.octets > 0) return say("copied.none", { size });
  const complete = sumOf(job.mailboxes, (mailbox) => mailbox.missing) === 0;
  return say(complete ? "nothing.new" : "nothing.copied");
}

/** `49 messages copied (31.4 MB); 3 gone from the server are kept here` */
function copiedAndKept(copied: string, { mailboxes }: JobReport, ends: Ends, language: Language): string {
  const kept = sumOf(mailboxes, (mailbox) => mailbox.kept);
  if (kept === 0) return copied;
  const word = wordTexts.in(language);
  const [gone, here] = [word(`from.${ends.source}`), word(`here.${ends.target}`)];
  return summaryTexts.in(language)("kept", { copied, count: kept, gone, here });
}

function verifiedLine(job: JobReport, ends: Ends, { cwd, paint, language }: SummaryOptions): string[] {
  if (job.messages.copied === 0) return [];
  const say = summaryTexts.in(language);
  if (job.verified === undefined) {
    // What lies in an account was read back before it was counted.
    if (job.verdict !== "safe" || isMove(job)) return [];
    if (ends.target === "target") return [say("unread")];
    return [say("unread.command", { command: commandLine("mailferry", "verify", placeName(job.to, cwd)) })];
  }
  const { checked, intact } = job.verified;
  const how = isMove(job) ? "verified.read-back" : "verified.written";
  const counts = { intact, count: checked };
  return [intact === checked ? say(how, counts) : paint.red(say(`${how}.only`, counts))];
}

function toCopyLine(job: JobReport, { octetsToCopy, language }: SummaryOptions): string[] {
  const octets = octetsToCopy?.get(job.name) ?? 0;
  if (octets === 0) return [];
  const count = sumOf(job.mailboxes, (mailbox) => mailbox.missing);
  return [summaryTexts.in(language)("to-copy", { count, size: unitsIn(language).octets(octets) })];
}

/** What this run copied, and that it is there; without indentation. */
export function workLines(job: JobReport, options: SummaryOptions): readonly [copied: string, ...verified: string[]] {
  return [copiedLine(job, options.language), ...verifiedLine(job, endsOf(job, options.command), options)];
}

/** What a summary says in a line where it is not zero. */
export interface Fact {
  count(mailbox: MailboxReport): number;
  /** `where` names the mailboxes, where they are not told otherwise. */
  say(count: number, where?: string): string;
}

export function factsIn(language: Language): readonly Fact[] {
  const say = summaryTexts.in(language);
  return [
    { count: ({ reflagged = 0 }) => reflagged, say: (count) => say("reflagged", { count }) },
    { count: ({ filtered }) => filtered, say: (count) => say("filtered", { count }) },
    {
      count: ({ placed = 0 }) => placed,
      say: (count, where) => (where === undefined ? say("placed", { count }) : say("placed.where", { count, where })),
    },
    { count: ({ altered = 0 }) => altered, say: (count) => say("altered", { count }) },
  ];
}

const longestName = 40;

function factLines(mailboxes: readonly MailboxReport[], language: Language): string[] {
  return factsIn(language).flatMap(({ count, say }) => {
    const concerned = mailboxes.filter((mailbox) => count(mailbox) > 0);
    if (concerned.length === 0) return [];
    const names = concerned.map(({ path, source }) => shorten(mailboxName(source ?? path), longestName));
    const isMany = names.length > 2;
    const where = isMany ? wordTexts.in(language)("mailboxes", { count: names.length }) : listWords(names, language);
    return [say(sumOf(concerned, count), where)];
  });
}

function hookLines({ hooksLeftOut = [] }: JobReport, language: Language): string[] {
  if (hooksLeftOut.length === 0) return [];
  return [summaryTexts.in(language)("hooks-left-out", { hooks: hooksLeftOut.join(", ") })];
}

function workDone(job: JobReport, options: SummaryOptions): string[] {
  const [copied, ...verified] = workLines(job, options);
  return [copiedAndKept(copied, job, endsOf(job, options.command), options.language), ...verified];
}

/** The last line. */
export function verdictLine(job: JobReport, options: SummaryOptions): string {
  const { cwd, command, reportWith, language, again = verdictTexts.in(language)("again") } = options;
  const details = reportWith === undefined ? undefined : commandLine(...reportWith, "report", printable(job.name));
  const [ends, place] = [endsOf(job, command), placeName(job.to, cwd)];
  const text = verdictText(job, { language, ends, place, again, details, nextIsTold: options.closing !== undefined });
  return `${paintVerdict(job.verdict, options.paint, language)} ${text}`;
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
  const { verbose, paint, language } = options;
  const ends = endsOf(job, options.command);
  const nameOf = nameRoutes(job.mailboxes);
  const sections = [headingLines(job, timesOf(job, options), options)];
  const { mapping, mailboxes } = job;
  const isPlan = job.verdict === "rehearsal";
  const packs = packTexts(job, { cwd: options.cwd, whole: verbose, language });
  const work = [...(isPlan ? toCopyLine(job, options) : workDone(job, options)), ...packs.headline];
  if (isPlan && mapping !== undefined) {
    const { source } = endTitles(ends, language);
    const { table, foot } = formatMapping(job, mapping, source, { paint, whole: verbose, language });
    sections.push(table, indented([...work, ...foot, ...factLines(mailboxes, language)]));
  } else if (mailboxes.length > 0) {
    sections.push(
      mailboxTable(job, ends, options),
      indented([...work, ...(options.findings ?? []), ...factLines(mailboxes, language)]),
    );
  } else sections.push(indented(packs.headline));
  sections.push(indented(packs.lists));
  sections.push(indented(hookLines(job, language)), noticeLines(job.notices ?? [], verbose, nameOf, language));
  const blocks = [
    ...failureBlocks(job.failures, verbose, nameOf, language),
    ...stopBlock(job, language, options.accountOf?.(job)),
    ...packBlock(job, language),
  ];
  sections.push(
    ...blocks.map((block) => formatBlock(block, paint, language)),
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
    summaries.push(
      `${paintVerdict(report.verdict, options.paint, options.language)} ${runVerdictText(report, options.language)}`,
    );
  }
  return `${summaries.join("\n\n\n")}\n`;
}
