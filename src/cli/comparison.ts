// What a comparison with the source, or with a target account, has found: tables, and the messages by name.

import { isAbsolute } from "node:path";
import { printable } from "../formats/printable.ts";
import type { ComparedMailbox, CompareReport } from "../jobs/compare.ts";
import type { TargetReport } from "../jobs/verify-target.ts";
import { type Block, formatBlock, lineWidth } from "./block.ts";
import { groupBy, noticeLines, titleOf } from "./failures.ts";
import { mailboxName, placeName, routeName } from "./names.ts";
import type { Paint } from "./screen.ts";
import { indented } from "./summary.ts";
import { type Column, formatTable } from "./table.ts";
import { formatCount, formatDate, formatOctets, plural } from "./units.ts";
import { wrap } from "./width.ts";

export interface ComparisonOptions {
  readonly cwd: string;
  readonly paint: Paint;
  /** Every message, however many. */
  readonly verbose: boolean;
}

type Lines = readonly string[];

const isAre = (count: number) => (count === 1 ? "is" : "are");
const nameColumn: Column = { title: "Mailbox", align: "left", minWidth: 14, maxWidth: 30 };
const right = (title: string): Column => ({ title, align: "right" });

function sumOf<Row>(rows: readonly Row[], count: (row: Row) => number): number {
  return rows.reduce((sum, row) => sum + count(row), 0);
}

/** What the source has and what is stored of it; sections without the empty lines between them. */
export function formatComparison(report: CompareReport, options: ComparisonOptions): Lines[] {
  const { paint, cwd, verbose } = options;
  const { mailboxes, missing, differing, uncomparable } = report;
  const [isLocal, isArchive] = [isAbsolute(report.from), isAbsolute(report.to)];
  const [source, stored] = [isLocal ? "source" : "server", isArchive ? "in the archive" : "at the target"];
  const bad = (count: number) => ({ text: formatCount(count), paint: count > 0 ? paint.red : undefined });
  const hasDiffering = differing.length > 0;
  const uncompared = sumOf(mailboxes, (row) => row.uncompared);
  const table = formatTable(
    [
      nameColumn,
      right(isLocal ? "At source" : "On server"),
      right(isArchive ? "In archive" : "At target"),
      right("Missing"),
      ...(hasDiffering ? [right("Differing")] : []),
      ...(uncompared > 0 ? [right("Unknown")] : []),
    ],
    mailboxes.map((row) => [
      { text: routeName(row, nameColumn.maxWidth) },
      { text: formatCount(row.onServer) },
      { text: formatCount(row.inArchive) },
      bad(row.missing),
      ...(hasDiffering ? [bad(row.differing)] : []),
      ...(uncompared > 0 ? [bad(row.uncompared)] : []),
    ]),
  );
  const fact = (count: (row: ComparedMailbox) => number, say: (count: number) => string) => {
    const total = sumOf(mailboxes, count);
    return total === 0 ? [] : [say(total)];
  };
  const facts = [
    ...fact(
      (row) => row.kept,
      (count) => `${formatCount(count)} gone from the ${source} ${isAre(count)} kept ${stored}`,
    ),
    ...fact(
      (row) => row.reflagged,
      (count) => `${plural(count, "message")} ${count === 1 ? "has" : "have"} other flags at the ${source} now`,
    ),
    ...fact(
      (row) => row.filtered,
      (count) => `${formatCount(count)} left out by the filter`,
    ),
    ...fact(
      (row) => row.placed ?? 0,
      (count) => `${formatCount(count)} ${isAre(count)} carried in another mailbox`,
    ),
  ];
  const blocks = [
    ...listBlocks(missing.map(withoutWhy), `not ${stored}`, verbose),
    ...listBlocks(differing.map(inDetail), "another by now than was stored under its key", verbose),
    ...listBlocks(uncomparable, "not compared", verbose),
  ];
  return [
    [paint.bold(`Compared with ${placeName(report.from, cwd)}:`)],
    ...(mailboxes.length > 0 ? [table] : []),
    indented(facts),
    ...blocks.map((block) => formatBlock(block, paint)),
  ];
}

/** `all 60 on the server are among them` */
export function allStored({ from, mailboxes }: CompareReport): string {
  const there = sumOf(mailboxes, (row) => row.onServer);
  const source = isAbsolute(from) ? "at the source" : "on the server";
  if (there === 0) return `there is none ${source}`;
  return there === 1 ? `the one ${source} is among them` : `all ${formatCount(there)} ${source} are among them`;
}

/** `3 messages on the server are not in the archive, 1 is another by now` */
export function shortcomings({ from, to, mailboxes, missing, differing, uncomparable }: CompareReport): string {
  const source = isAbsolute(from) ? "at the source" : "on the server";
  const stored = isAbsolute(to) ? "in the archive" : "at the target";
  const unknown = sumOf(mailboxes, (row) => row.uncompared);
  const parts = [
    missing.length > 0 ? `${plural(missing.length, "message")} ${source} ${isAre(missing.length)} not ${stored}` : "",
    differing.length > 0 ? `${plural(differing.length, "message")} ${isAre(differing.length)} not what was stored` : "",
    unknown > 0 ? `${plural(unknown, "message")} could not be compared` : "",
    uncomparable.length > 0 && unknown === 0
      ? `${plural(uncomparable.length, "mailbox", "mailboxes")} could not be compared`
      : "",
  ].filter((part) => part !== "");
  return parts.join(", ");
}

/** What a job has put into an account, as it is there now. */
export function formatTarget(report: TargetReport, { paint, verbose }: ComparisonOptions): Lines[] {
  const { mailboxes, problems, notices } = report;
  const bad = (count: number) => ({ text: formatCount(count), paint: count > 0 ? paint.red : undefined });
  const table = formatTable(
    [nameColumn, ...["Messages", "Intact", "Missing", "Differing", "Others"].map(right)],
    mailboxes.map(({ path, messages, intact, missing, differing, others }) => [
      { text: mailboxName(path) },
      { text: formatCount(messages) },
      { text: formatCount(intact), paint: intact < messages ? paint.red : undefined },
      bad(missing),
      bad(differing),
      { text: formatCount(others) },
    ]),
  );
  const lost = problems.filter(({ kind }) => kind === "missing");
  const changed = problems.filter(({ kind }) => kind === "differing");
  const others = problems.filter(({ kind }) => kind === undefined);
  const altered = sumOf(mailboxes, (row) => row.altered ?? 0);
  const facts = altered === 0 ? [] : [`${formatCount(altered)} of them the target altered when they came (MF-M404)`];
  const account = `${printable(report.job)}: ${printable(report.account)}, ${formatOctets(report.octets)} of mail`;
  return [
    [paint.bold(account)],
    ...(mailboxes.length > 0 ? [table] : []),
    indented(facts),
    noticeLines(notices, verbose, mailboxName),
    ...[
      ...listBlocks(lost.map(withoutWhy), "not at the target any more", verbose),
      ...listBlocks(changed.map(inDetail), "other octets by now than were stored", verbose),
      ...listBlocks(others, "not read", verbose),
    ].map((block) => formatBlock(block, paint)),
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
function listBlocks(all: readonly Listed[], otherwise: string, verbose: boolean): Block[] {
  const groups = groupBy(all, ({ code = "", reason = "" }) => `${code} ${reason}`);
  return groups.map((group) => {
    const listed = verbose ? group : group.slice(0, mostListed);
    const [first] = group;
    const isOfMessages = first?.key !== undefined;
    const count = isOfMessages ? plural(group.length, "message") : plural(group.length, "mailbox", "mailboxes");
    const lines = groupBy(listed, ({ mailbox }) => JSON.stringify(mailbox)).flatMap((same) => {
      const keys = same.flatMap((one) => (one.key === undefined ? [] : [describe(one, one.key)]));
      const mailbox = mailboxName(same[0]?.mailbox ?? []) || "a ledger";
      return wrap(keys.length === 0 ? mailbox : `${mailbox}: ${keys.join(", ")}`, lineWidth - 10);
    });
    const rest = group.length - listed.length;
    if (rest > 0) lines.push(`and ${formatCount(rest)} more`);
    return {
      title: `${count}: ${first?.code === undefined ? otherwise : titleOf(first.code)}`,
      code: first?.code,
      why: first?.reason === undefined ? undefined : printable(first.reason),
      details: lines.map((line, index) => `${(index === 0 ? "Which" : "").padEnd(8)}${line}`),
    };
  });
}

/** `12 (640 octets, 2026-01-02 09:30)` */
function describe({ size, date, detail }: Listed, key: string): string {
  const when = date === undefined ? "" : formatDate(new Date(date));
  const facts = detail === undefined ? [size === undefined ? "" : formatOctets(size), when] : [detail];
  const known = facts.filter((fact) => fact !== "");
  return printable(known.length === 0 ? key : `${key} (${known.join(", ")})`);
}
