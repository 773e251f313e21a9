// The summary of a job: what is on the server, what is in the archive, what is missing and why.

import { printable } from "../formats/printable.ts";
import type { JobReport, MailboxReport, RunReport } from "../jobs/events.ts";
import { type Block, formatBlock, justify } from "./block.ts";
import { failureBlocks, titleOf } from "./failures.ts";
import { commandLine, mailboxName, placeName } from "./names.ts";
import type { Paint } from "./screen.ts";
import { type Cell, type Column, formatTable } from "./table.ts";
import { formatCount, formatDayAndTime, formatDuration, formatOctets, formatRate, plural } from "./units.ts";
import { paintVerdict, runVerdictText, verdictText } from "./verdict.ts";

export interface SummaryOptions {
  /** Archives below it are shown relative to it. */
  readonly cwd: string;
  readonly paint: Paint;
  /** Every mailbox and every failure, however many. */
  readonly verbose: boolean;
  /** What a rehearsal found to copy, by job, in octets as the server claims them. */
  readonly octetsToCopy?: ReadonlyMap<string, number>;
  readonly timeZone?: string | undefined;
}

// As many rows as are taken in at a glance; what is missing is shown whatever the number.
const mostRows = 8;

function heading(job: JobReport, { cwd, paint, timeZone }: SummaryOptions): string[] {
  const start = new Date(job.startedAt);
  const end = new Date(start.getTime() + job.seconds * 1000);
  const [from, to] = [formatDayAndTime(start, timeZone), formatDayAndTime(end, timeZone)];
  const until = from.day === to.day ? to.time : `${to.day} ${to.time}`;
  const when = `${from.day} ${from.time} -> ${until} (${formatDuration(job.seconds)})`;
  const what = `${printable(job.name)}: ${printable(job.from)} -> ${placeName(job.to, cwd)}`;
  return justify(what, when).map((line) => line.replace(what, paint.bold(what)));
}

/** Which rows are folded into one: unremarkable ones beyond the first few, those with news, then the largest, last. */
function foldRows(mailboxes: readonly MailboxReport[], keep: (mailbox: MailboxReport) => boolean): Set<MailboxReport> {
  const ordinary = mailboxes.filter((mailbox) => !keep(mailbox));
  const room = Math.max(0, mostRows - 1 - (mailboxes.length - ordinary.length));
  if (mailboxes.length <= mostRows || ordinary.length - room < 2) return new Set();
  const byInterest = ordinary.toSorted((a, b) => b.new - a.new || b.onServer - a.onServer);
  return new Set(byInterest.slice(room));
}

function sum(mailboxes: Iterable<MailboxReport>, count: (mailbox: MailboxReport) => number): number {
  let total = 0;
  for (const mailbox of mailboxes) total += count(mailbox);
  return total;
}

function mailboxTable(job: JobReport, { paint, verbose }: SummaryOptions): string[] {
  const rehearsal = job.verdict === "rehearsal";
  const codes = new Map<string, Set<string>>();
  for (const failure of job.failures) {
    const key = JSON.stringify(failure.mailbox);
    codes.set(key, (codes.get(key) ?? new Set()).add(`MF-${failure.code}`));
  }
  const codesOf = (mailbox: MailboxReport) => [...(codes.get(JSON.stringify(mailbox.path)) ?? [])].join(" ");
  const remarkable = (mailbox: MailboxReport) => codesOf(mailbox) !== "" || (mailbox.missing > 0 && !rehearsal);
  const folded = verbose ? new Set<MailboxReport>() : foldRows(job.mailboxes, remarkable);

  const count = (value: number): Cell => ({ text: formatCount(value) });
  const missing = (value: number): Cell => ({
    ...count(value),
    paint: value > 0 && !rehearsal ? paint.red : undefined,
  });
  const numbers = (of: readonly MailboxReport[]): Cell[] => [
    count(sum(of, (mailbox) => mailbox.onServer)),
    count(sum(of, (mailbox) => mailbox.inArchive)),
    ...(rehearsal ? [] : [count(sum(of, (mailbox) => mailbox.new))]),
    missing(sum(of, (mailbox) => mailbox.missing)),
  ];
  const rows = job.mailboxes
    .filter((mailbox) => !folded.has(mailbox))
    .map((mailbox) => [{ text: mailboxName(mailbox.path) }, ...numbers([mailbox]), { text: codesOf(mailbox) }]);
  if (folded.size > 0) {
    rows.push([{ text: `${formatCount(folded.size)} more`, paint: paint.dim } as Cell, ...numbers([...folded])]);
  }
  const columns: Column[] = [
    { title: "Mailbox", align: "left", minWidth: 14, maxWidth: codes.size > 0 ? 24 : 30 },
    { title: "On server", align: "right" },
    { title: "In archive", align: "right" },
    ...(rehearsal ? [] : ([{ title: "New", align: "right", minWidth: 5 }] satisfies Column[])),
    { title: rehearsal ? "To copy" : "Missing", align: "right" },
  ];
  return formatTable(columns, rows);
}

function copiedLine(job: JobReport): string {
  const { copied } = job.messages;
  const size = formatOctets(job.octets);
  const kept = sum(job.mailboxes, (mailbox) => mailbox.kept);
  const tail = kept === 0 ? "" : `; ${formatCount(kept)} gone from the server ${kept === 1 ? "is" : "are"} kept here`;
  if (copied > 0) {
    const rate = job.seconds > 0 ? `, ${formatRate(job.octets / job.seconds)}` : "";
    return `${plural(copied, "message")} copied (${size}${rate})${tail}`;
  }
  if (job.octets > 0) return `No message copied (${size} read)${tail}`;
  const complete = sum(job.mailboxes, (mailbox) => mailbox.missing) === 0;
  return `${complete ? "Nothing new" : "Nothing copied"}: 0 octets of mail moved${tail}`;
}

function verifiedLine(job: JobReport, options: SummaryOptions): string[] {
  if (job.messages.copied === 0) return [];
  if (job.verified === undefined) {
    if (job.verdict !== "safe") return [];
    return [
      `Not read again in this run: ${commandLine("mailferry", "verify", placeName(job.to, options.cwd))} does it`,
    ];
  }
  const { checked, intact } = job.verified;
  const counts = `${formatCount(intact)} of ${formatCount(checked)} messages written in this run read again, intact`;
  return [intact === checked ? `Verified: ${counts}` : options.paint.red(`Verified: only ${counts}`)];
}

function toCopyLine(job: JobReport, { octetsToCopy }: SummaryOptions): string[] {
  const octets = octetsToCopy?.get(job.name) ?? 0;
  const missing = sum(job.mailboxes, (mailbox) => mailbox.missing);
  return octets === 0 ? [] : [`${plural(missing, "message")} to copy (${formatOctets(octets)})`];
}

function facts(job: JobReport, options: SummaryOptions): string[] {
  const filtered = sum(job.mailboxes, (mailbox) => mailbox.filtered);
  return [
    ...(job.verdict === "rehearsal" ? toCopyLine(job, options) : [copiedLine(job), ...verifiedLine(job, options)]),
    ...(filtered === 0 ? [] : [`${formatCount(filtered)} left out by the filter`]),
  ].map((line) => `  ${line}`);
}

/** Said only where it is certain. */
function stateOf(job: JobReport): string | undefined {
  if (job.exit.name === "bug" || job.exit.name === "damaged") return undefined;
  if (job.messages.copied === 0) return "Nothing was changed, nothing was lost.";
  return job.exit.name === "destination" ? undefined : "What was copied before is safe.";
}

function stopBlock(job: JobReport): Block[] {
  if (job.error === undefined) return [];
  if (job.exit.name === "bug") {
    return [{ title: "This is a bug in mailferry, not a mistake of yours", why: printable(job.error.message) }];
  }
  return [
    {
      title: `${printable(job.name)}: ${titleOf(job.error.code)}`,
      code: job.error.code,
      why: printable(job.error.message),
      remedy: job.error.remedy === undefined ? undefined : printable(job.error.remedy),
      state: stateOf(job),
    },
  ];
}

/** The summary of one job, as lines without line ends. The last one is the verdict. */
export function formatJobSummary(job: JobReport, options: SummaryOptions): string[] {
  const sections = [heading(job, options)];
  if (job.mailboxes.length > 0) sections.push(mailboxTable(job, options), facts(job, options));
  const blocks = [...failureBlocks(job.failures, options.verbose), ...stopBlock(job)];
  sections.push(...blocks.map((block) => formatBlock(block, options.paint)));
  const archive = placeName(job.to, options.cwd);
  sections.push([`${paintVerdict(job.verdict, options.paint)} ${verdictText(job, archive)}`]);
  return sections.filter((lines) => lines.length > 0).flatMap((lines, index) => (index === 0 ? lines : ["", ...lines]));
}

/** All jobs of a run; after several, one line over all of them. Ends with a line end. */
export function formatRunSummary(report: RunReport, options: SummaryOptions): string {
  const summaries = report.jobs.map((job) => formatJobSummary(job, options).join("\n"));
  if (report.jobs.length > 1) {
    summaries.push(`${paintVerdict(report.verdict, options.paint)} ${printable(runVerdictText(report))}`);
  }
  return `${summaries.join("\n\n\n")}\n`;
}
