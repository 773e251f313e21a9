// mailferry report: the newest run of a job once more, whole, with the reason for every difference.

import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { exitCodes, MailferryError } from "../errors.ts";
import { jsonText } from "../formats/json-text.ts";
import { printable } from "../formats/printable.ts";
import type { JobReport, MailboxReport, Verdict } from "../jobs/events.ts";
import type { Job, LoadedJobFile } from "../jobs/job.ts";
import { type KeptReport, lastReportIn, lastReportOf } from "../jobs/last-report.ts";
import { loadJobFile } from "../jobs/load.ts";
import type { Language } from "../language/language.ts";
import { formatBlock, lineWidth } from "./block.ts";
import { UsageError } from "./errors.ts";
import { failureBlocks, nameRoutes, noticeLines, stopBlock } from "./failures.ts";
import type { Invocation } from "./invocation.ts";
import { findJobFile, stateDirectory } from "./job-file.ts";
import { commandLine, endsOf, endTitles, placeName, routeName, sameJobFile } from "./names.ts";
import { packBlock, packTexts } from "./packs.ts";
import {
  codesByMailbox,
  type Fact,
  factsIn,
  headingLines,
  indented,
  joinSections,
  nameCell,
  type SummaryOptions,
  sumOf,
  tableWidth,
  verdictLine,
  widestName,
  workLines,
} from "./summary.ts";
import { type Cell, formatTable } from "./table.ts";
import { reportTexts } from "./texts/report.ts";
import { verdictTexts } from "./texts/verdict.ts";
import { wordTexts } from "./texts/words.ts";
import { unitsIn } from "./units.ts";
import { stoppedEarly } from "./verdict.ts";
import { wrap } from "./width.ts";

/** `target` names a job or the folder of an archive; without it all jobs of the job file are meant. */
export async function report(
  target: string | undefined,
  flags: { readonly html?: string },
  invocation: Invocation,
): Promise<number> {
  const { options, screen, cwd, language } = invocation;
  const subjects = await findSubjects(target, invocation);
  const found = subjects.flatMap(({ kept }) => kept ?? []).toSorted((a, b) => startOf(b) - startOf(a));
  if (found.length === 0) throw noneYet(subjects, invocation);
  if (flags.html !== undefined) {
    const { writeReportPage } = await import("./report-page.ts");
    return writeReportPage(flags.html, subjects, invocation);
  }
  if (options.json) {
    const verdict = worst(found.map((kept) => kept.report.verdict));
    const head = { v: 1, command: "report", verdict, exit: { code: exitCodes.ok, name: "ok" } };
    await screen.out(`${jsonText({ ...head, jobs: found.map(({ document }) => document) })}\n`);
    return exitCodes.ok;
  }
  const view = { language, cwd, paint: screen.outPaint, verbose: options.verbose === true };
  const texts = found.map((kept) => formatReport(kept.report, view).join("\n"));
  const others = subjects.filter(({ kept }) => kept === undefined);
  const noneOf = ({ name }: Subject) => reportTexts.in(language)("none-yet", { name });
  if (others.length > 0) texts.push(others.map(noneOf).join("\n"));
  await screen.out(`${texts.join("\n\n\n")}\n`);
  return exitCodes.ok;
}

export interface Subject {
  /** Fit to print. */
  readonly name: string;
  /** Undefined for an archive. */
  readonly job: Job | undefined;
  /** The folder of the archive, where it is one or the job writes one. */
  readonly archive: string | undefined;
  readonly language: Language;
  readonly kept: KeptReport | undefined;
}

function startOf({ report: { startedAt } }: KeptReport): number {
  return Date.parse(startedAt);
}

function worst(verdicts: readonly Verdict[]): Verdict {
  const order: readonly Verdict[] = ["failed", "incomplete", "skipped", "rehearsal", "safe"];
  return order.find((verdict) => verdicts.includes(verdict)) ?? "safe";
}

async function findSubjects(target: string | undefined, invocation: Invocation): Promise<readonly Subject[]> {
  const state = stateDirectory(invocation);
  const look = async (job: Job, { language }: LoadedJobFile): Promise<Subject> => ({
    name: printable(job.name),
    job,
    archive: "archive" in job.to ? job.to.archive : undefined,
    language,
    kept: await lastReportOf(job, state),
  });
  if (target === undefined) {
    const file = await loadJobFile(await findJobFile(invocation), invocation.env);
    return Promise.all(file.jobs.map((job) => look(job, file)));
  }
  const file = await openJobFile(invocation);
  const job = "jobs" in file ? file.jobs.find(({ name }) => name === target) : undefined;
  if (job !== undefined && "jobs" in file) return [await look(job, file)];
  const archive = resolve(invocation.cwd, target);
  const isFolder = await stat(archive).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const name = placeName(archive, invocation.cwd);
  const language = "jobs" in file ? file.language : "en";
  if (isFolder) return [{ name, job: undefined, archive, language, kept: await lastReportIn(archive) }];
  if ("broken" in file) throw file.broken;
  const say = reportTexts.in(invocation.language);
  const meant = { name: target, place: name };
  if (!("jobs" in file)) throw new UsageError(say("neither", meant));
  throw new UsageError(say("neither.known", { ...meant, known: file.jobs.map((each) => each.name).join(", ") }));
}

/** A job file that is broken matters only if the name is not that of a folder. */
async function openJobFile(invocation: Invocation): Promise<LoadedJobFile | { missing: true } | { broken: unknown }> {
  const path = await findJobFile(invocation).catch(() => undefined);
  if (path === undefined) return { missing: true };
  return loadJobFile(path, invocation.env).catch((broken: unknown) => ({ broken }));
}

function noneYet(subjects: readonly Subject[], { options }: Invocation): MailferryError {
  const [first] = subjects;
  const name = subjects.length === 1 ? first?.name : undefined;
  const job = subjects.length === 1 ? (first?.job?.name ?? "") : "--all";
  const run = commandLine(...sameJobFile(options), "run", printable(job));
  return new MailferryError(
    "D506",
    name === undefined
      ? "none of the jobs has a report yet: nothing was ever brought there"
      : `${name} has no report yet: nothing was ever brought there`,
    {
      scope: "session",
      retry: "never",
      remedy: job === "" ? "Run the job that writes there first." : `Run it first: ${run}`,
    },
  );
}

/** The whole report of a run, as lines without line ends. The last one is the verdict. */
export function formatReport(job: JobReport, options: Omit<SummaryOptions, "again">): string[] {
  const { paint, language } = options;
  const units = unitsIn(language);
  const nameOf = nameRoutes(job.mailboxes);
  const when = `${units.date(new Date(job.startedAt), options.timeZone)} (${units.duration(job.seconds)})`;
  const blocks = [
    ...failureBlocks(job.failures, true, nameOf, language),
    ...stopBlock(job, language),
    ...packBlock(job, language),
  ];
  const packs = packTexts(job, { cwd: options.cwd, whole: true, language });
  return joinSections([
    headingLines(job, when, options),
    ...(job.mailboxes.length === 0 ? [] : [balanceTable(job, options)]),
    indented([...(job.mailboxes.length === 0 ? [] : workLines(job, options)), ...packs.headline]),
    indented(packs.lists),
    differenceLines(job, options),
    noticeLines(job.notices ?? [], true, nameOf, language),
    ...blocks.map((block) => formatBlock(block, paint, language)),
    [verdictLine(job, { ...options, again: verdictTexts.in(language)("again.job") })],
  ]);
}

/** `on server = at target + missing`, for each mailbox and in total. */
function balanceTable(job: JobReport, { paint, verbose, command, language }: SummaryOptions): string[] {
  const word = wordTexts.in(language);
  const { count } = unitsIn(language);
  const titles = endTitles(endsOf(job, command), language);
  const codesOf = codesByMailbox(job);
  const maxWidth = verbose ? Number.MAX_VALUE : widestName(job, 34);
  const row = (name: Cell, mailboxes: readonly MailboxReport[], codes: string): Cell[] => {
    const [onServer, inArchive, missing] = [
      sumOf(mailboxes, (mailbox) => mailbox.onServer),
      sumOf(mailboxes, (mailbox) => mailbox.inArchive),
      sumOf(mailboxes, (mailbox) => mailbox.missing),
    ];
    const holds = onServer === inArchive + missing;
    return [
      name,
      { text: count(onServer) },
      holds ? { text: "=" } : { text: "≠", paint: paint.red },
      { text: count(inArchive) },
      { text: "+" },
      { text: count(missing), paint: missing > 0 ? paint.red : undefined },
      { text: codes },
    ];
  };
  const rows = job.mailboxes.map((mailbox) => row(nameCell(mailbox, maxWidth), [mailbox], codesOf(mailbox)));
  return formatTable(
    [
      { title: word("column.mailbox"), align: "left", minWidth: 14 },
      { title: titles.source, align: "right" },
      { title: "=", align: "left" },
      { title: titles.target, align: "right" },
      { title: "+", align: "left" },
      { title: word("column.missing"), align: "right" },
    ],
    [...rows, row({ text: word("column.total"), paint: paint.bold }, job.mailboxes, "")],
    verbose ? {} : { width: tableWidth },
  );
}

/** What a summary leaves to the report. */
function moreFacts(job: JobReport, { command, language }: SummaryOptions): Fact[] {
  const { source, target } = endsOf(job, command);
  const [say, word] = [reportTexts.in(language), wordTexts.in(language)];
  const [gone, here] = [word(`from.${source}`), word(`here.${target}`)];
  const reasons = countReasons(job);
  const unfinished = new Set(
    job.failures.flatMap((one) => (one.key === undefined ? [JSON.stringify(one.mailbox)] : [])),
  );
  const isUnfinished = ({ path }: MailboxReport) => unfinished.has(JSON.stringify(path));
  const unexplained = ({ path, missing }: MailboxReport) =>
    Math.max(0, missing - (reasons.get(JSON.stringify(path)) ?? 0));
  const why = stoppedEarly(job) ? "not-reached.stopped" : "no-reason";
  return [
    {
      count: (mailbox) => (isUnfinished(mailbox) ? unexplained(mailbox) : 0),
      say: (count) => say("not-reached", { count }),
    },
    {
      count: (mailbox) => (isUnfinished(mailbox) ? 0 : unexplained(mailbox)),
      say: (count) => say(why, { count }),
    },
    { count: ({ kept }) => kept, say: (count) => say("kept", { count, gone, here }) },
    { count: ({ twins = 0 }) => twins, say: (count) => say("twins", { count }) },
    { count: ({ unkept = 0 }) => unkept, say: (count) => say("unkept", { count }) },
  ];
}

/** How many messages of each mailbox are missing for a reason of their own. An altered one is not missing. */
function countReasons(job: JobReport): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { code, key, mailbox } of job.failures) {
    if (key === undefined || code === "M404") continue;
    const name = JSON.stringify(mailbox);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** One entry for each kind of difference, with its mailboxes: `3 left out by the filter: INBOX 2, Sent 1`. */
function differenceLines(job: JobReport, options: SummaryOptions): string[] {
  const { language } = options;
  const number = unitsIn(language).count;
  return [...moreFacts(job, options), ...factsIn(language)].flatMap(({ count, say }) => {
    const concerned = job.mailboxes.filter((mailbox) => count(mailbox) > 0);
    if (concerned.length === 0) return [];
    const where = concerned.map((mailbox) => `${routeName(mailbox)} ${number(count(mailbox))}`).join(", ");
    const text = wordTexts.in(language)("about", { subject: say(sumOf(concerned, count)), text: where });
    return wrap(text, lineWidth - 4).map((line, index) => `${index === 0 ? "  " : "    "}${line}`);
  });
}
