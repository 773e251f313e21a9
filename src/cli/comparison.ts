// What a comparison with the source, or with a target account, has found: tables, and the messages by name.

import { isAbsolute } from "node:path";
import { printable } from "../formats/printable.ts";
import type { ComparedMailbox, CompareReport } from "../jobs/compare.ts";
import type { TargetReport } from "../jobs/verify-target.ts";
import type { Language } from "../language/language.ts";
import { translate } from "../language/sentences.ts";
import { type Block, formatBlock, textWidth } from "./block.ts";
import { groupBy, noticeLines, titleOf } from "./failures.ts";
import { mailboxName, placeName, routeName } from "./names.ts";
import type { Paint } from "./screen.ts";
import { indented, tableWidth } from "./summary.ts";
import { type Column, formatTable } from "./table.ts";
import { comparisonTexts } from "./texts/comparison.ts";
import { wordTexts } from "./texts/words.ts";
import { unitsIn } from "./units.ts";
import { wrap } from "./width.ts";

export interface ComparisonOptions {
  readonly language: Language;
  readonly cwd: string;
  readonly paint: Paint;
  /** Every message, however many. */
  readonly verbose: boolean;
}

type Lines = readonly string[];

const nameWidth = 30;

/** Aligned on the right; the first column has the names of mailboxes. */
function columnsOf(titles: readonly string[], language: Language): Column[] {
  const name = wordTexts.in(language)("column.mailbox");
  const rest = titles.map((title): Column => ({ title, align: "right" }));
  return [{ title: name, align: "left", minWidth: 14, maxWidth: nameWidth }, ...rest];
}

/** What the two ends of a comparison are: `at.server`, `in.archive`. */
function endsOf({ from, to }: CompareReport) {
  return { source: isAbsolute(from) ? "source" : "server", stored: isAbsolute(to) ? "archive" : "target" } as const;
}

function sumOf<Row>(rows: readonly Row[], count: (row: Row) => number): number {
  return rows.reduce((sum, row) => sum + count(row), 0);
}

/** What the source has and what is stored of it; sections without the empty lines between them. */
export function formatComparison(report: CompareReport, options: ComparisonOptions): Lines[] {
  const { paint, cwd, language } = options;
  const { mailboxes, missing, differing, uncomparable } = report;
  const say = comparisonTexts.in(language);
  const { source, stored } = endsOf(report);
  const heading = say("title", { place: placeName(report.from, cwd) });
  const blocks = [
    ...listBlocks(missing.map(withoutWhy), say(`list.not-in.${stored}`), options),
    ...listBlocks(differing.map(inDetail), say("list.another"), options),
    ...listBlocks(uncomparable, say("list.not-compared"), options),
  ];
  return [
    [paint.bold(heading)],
    ...(mailboxes.length > 0 ? [comparisonTable(report, options)] : []),
    indented(factsOf(mailboxes)),
    ...blocks.map((block) => formatBlock(block, paint, language)),
  ];

  function factsOf(rows: readonly ComparedMailbox[]): string[] {
    const word = wordTexts.in(language);
    const [kept, reflagged, filtered, placed] = [
      sumOf(rows, (row) => row.kept),
      sumOf(rows, (row) => row.reflagged),
      sumOf(rows, (row) => row.filtered),
      sumOf(rows, (row) => row.placed ?? 0),
    ];
    const [gone, where] = [word(`from.${source}`), word(`in.${stored}`)];
    return [
      ...(kept > 0 ? [say("kept", { count: kept, gone, where })] : []),
      ...(reflagged > 0 ? [say("reflagged", { count: reflagged, source: say(`at-now.${source}`) })] : []),
      ...(filtered > 0 ? [say("filtered", { count: filtered })] : []),
      ...(placed > 0 ? [say("placed", { count: placed })] : []),
    ];
  }
}

function comparisonTable(report: CompareReport, { paint, language }: ComparisonOptions): string[] {
  const { count } = unitsIn(language);
  const bad = (value: number) => ({ text: count(value), paint: value > 0 ? paint.red : undefined });
  const { source, stored } = endsOf(report);
  const [say, word] = [comparisonTexts.in(language), wordTexts.in(language)];
  const hasDiffering = report.differing.length > 0;
  const hasUnknown = sumOf(report.mailboxes, (row) => row.uncompared) > 0;
  const titles = [
    word(`column.${source}`),
    word(`column.${stored}`),
    word("column.missing"),
    ...(hasDiffering ? [say("column.differing")] : []),
    ...(hasUnknown ? [say("column.unknown")] : []),
  ];
  const rows = report.mailboxes.map((row) => [
    { text: routeName(row, nameWidth), fit: (width: number) => routeName(row, width) },
    { text: count(row.onServer) },
    { text: count(row.inArchive) },
    bad(row.missing),
    ...(hasDiffering ? [bad(row.differing)] : []),
    ...(hasUnknown ? [bad(row.uncompared)] : []),
  ]);
  return formatTable(columnsOf(titles, language), rows, { width: tableWidth });
}

/** `all 60 on the server are among them` */
export function allStored(report: CompareReport, language: Language): string {
  const say = comparisonTexts.in(language);
  const count = sumOf(report.mailboxes, (row) => row.onServer);
  const { source } = endsOf(report);
  if (count === 0) return say("all.none", { where: wordTexts.in(language)(`at.${source}`) });
  return say("all", { count, of: say(`all-of.${source}`) });
}

/** `3 messages on the server are not in the archive, 1 is another by now` */
export function shortcomings(report: CompareReport, language: Language): string {
  const { mailboxes, missing, differing, uncomparable } = report;
  const [say, word] = [comparisonTexts.in(language), wordTexts.in(language)];
  const ends = endsOf(report);
  const [source, where] = [word(`at.${ends.source}`), word(`in.${ends.stored}`)];
  const unknown = sumOf(mailboxes, (row) => row.uncompared);
  const parts = [
    missing.length > 0 ? say("missing", { count: missing.length, source, where }) : "",
    differing.length > 0 ? say("differing", { count: differing.length }) : "",
    unknown > 0 ? say("unknown", { count: unknown }) : "",
    uncomparable.length > 0 && unknown === 0 ? say("unknown.mailboxes", { count: uncomparable.length }) : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** What a job has put into an account, as it is there now. */
export function formatTarget(report: TargetReport, options: ComparisonOptions): Lines[] {
  const { mailboxes, problems, notices } = report;
  const { paint, verbose, language } = options;
  const units = unitsIn(language);
  const [say, word] = [comparisonTexts.in(language), wordTexts.in(language)];
  const bad = (count: number) => ({ text: units.count(count), paint: count > 0 ? paint.red : undefined });
  const titles = [
    say("column.messages"),
    say("column.intact"),
    word("column.missing"),
    say("column.differing"),
    say("column.others"),
  ];
  const rows = mailboxes.map(({ path, messages, intact, missing, differing, others }) => [
    { text: mailboxName(path) },
    { text: units.count(messages) },
    { text: units.count(intact), paint: intact < messages ? paint.red : undefined },
    bad(missing),
    bad(differing),
    { text: units.count(others) },
  ]);
  const lost = problems.filter(({ kind }) => kind === "missing");
  const changed = problems.filter(({ kind }) => kind === "differing");
  const others = problems.filter(({ kind }) => kind === undefined);
  const altered = sumOf(mailboxes, (row) => row.altered ?? 0);
  const [job, account] = [printable(report.job), printable(report.account)];
  return [
    [paint.bold(say("title.target", { job, account, size: units.octets(report.octets) }))],
    ...(mailboxes.length > 0 ? [formatTable(columnsOf(titles, language), rows, { width: tableWidth })] : []),
    indented(altered === 0 ? [] : [say("altered", { count: altered })]),
    noticeLines(notices, verbose, mailboxName, language),
    ...[
      ...listBlocks(lost.map(withoutWhy), say("list.gone"), options),
      ...listBlocks(changed.map(inDetail), say("list.differing"), options),
      ...listBlocks(others, say("list.not-read"), options),
    ].map((block) => formatBlock(block, paint, language)),
  ];
}

/** A message, or a mailbox as a whole where there is no key. */
interface Listed {
  readonly mailbox: readonly string[];
  readonly key?: string | undefined;
  readonly code?: string | undefined;
  readonly reason?: string | undefined;
  readonly size?: number | undefined;
  readonly date?: string | undefined;
  /** What is said of each by itself; then they have no reason in common. */
  readonly detail?: string | undefined;
}

/** Where there is no code, the title says all. */
function withoutWhy<T extends Listed>(one: T): Listed {
  return one.code === undefined ? { ...one, reason: undefined } : one;
}

function inDetail<T extends Listed>(one: T): Listed {
  return one.code === undefined ? { ...one, reason: undefined, detail: one.reason } : one;
}

const mostListed = 20;

/** One block for all with the same reason; `otherwise` is the title of those without a code. */
function listBlocks(all: readonly Listed[], otherwise: string, { verbose, language }: ComparisonOptions): Block[] {
  const [say, word] = [comparisonTexts.in(language), wordTexts.in(language)];
  const groups = groupBy(all, ({ code = "", reason = "" }) => `${code} ${reason}`);
  return groups.map((group) => {
    const listed = verbose ? group : group.slice(0, mostListed);
    const [first] = group;
    const isOfMessages = first?.key !== undefined;
    const subject = word(isOfMessages ? "messages" : "mailboxes", { count: group.length });
    const lines = groupBy(listed, ({ mailbox }) => JSON.stringify(mailbox)).flatMap((same) => {
      const keys = same.flatMap((one) => (one.key === undefined ? [] : [describe(one, one.key, language)]));
      const mailbox = mailboxName(same[0]?.mailbox ?? []) || say("ledger");
      const text = keys.length === 0 ? mailbox : word("about", { subject: mailbox, text: keys.join(", ") });
      return wrap(text, textWidth(language));
    });
    const rest = group.length - listed.length;
    if (rest > 0) lines.push(word("and-more", { count: rest }));
    return {
      title: word("about", { subject, text: first?.code === undefined ? otherwise : titleOf(first.code, language) }),
      code: first?.code,
      why: first?.reason === undefined ? undefined : translate(printable(first.reason), language),
      which: lines,
    };
  });
}

/** `12 (640 octets, 2026-01-02 09:30)` */
function describe({ size, date, detail }: Listed, key: string, language: Language): string {
  const units = unitsIn(language);
  const when = date === undefined ? "" : units.date(new Date(date));
  const facts =
    detail === undefined
      ? [size === undefined ? "" : units.octets(size), when]
      : [translate(printable(detail), language)];
  const known = facts.filter((fact) => fact !== "");
  return known.length === 0 ? printable(key) : `${printable(key)} (${known.join(", ")})`;
}
