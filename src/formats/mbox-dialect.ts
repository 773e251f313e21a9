// Which entries a foreign mbox file has, and how its writer quoted. The four dialects are told apart by what they leave
// behind; where they leave nothing, that is said too.
//
//   mboxcl2   Content-Length, nothing quoted: the length decides
//   mboxcl    Content-Length, and `From ` lines are quoted all the same
//   mboxrd    each line that is `From ` after any number of `>` got one `>` more: reversible
//   mboxo     each `From ` line got a `>`, and `>From ` lines stayed: a `>From ` line may have been either
//   unquoted  lines that begin with `From ` stand within messages: this writer quoted nothing
//   plain     there is no line to be quoted: no choice is needed

import type { FromMark, MarkedMbox } from "./mbox-marks.ts";
import { longestHeader } from "./mbox-marks.ts";

export type MboxDialect = "mboxcl2" | "mboxcl" | "mboxrd" | "mboxo" | "unquoted" | "plain";

/** One message of a foreign mbox file. Offsets and lengths are octets as they are in the file. */
export interface ForeignEntry {
  /** Of its From_ line. */
  readonly offset: number;
  /** From the From_ line; undefined if that has none, or the epoch, which is written where there is none. */
  readonly date: Date | undefined;
  /** Without the From_ line and without the empty line before the next one. */
  readonly body: { readonly offset: number; readonly length: number };
  /** How much of the body is header, with the empty line after it; at most 256 KiB. */
  readonly headLength: number;
  /** One `>` is to be taken from each line that is `From ` after one or more of them. */
  readonly isQuoted: boolean;
  /** What was a quoted line and what was not can't be known. */
  readonly isDoubtful: boolean;
}

export interface MboxLayout {
  readonly dialect: MboxDialect;
  readonly entries: readonly ForeignEntry[];
}

/** Decides. A file that does not begin with a From_ line has no entries. */
export function layOutMbox(file: MarkedMbox): MboxLayout {
  const starts = separatorsOf(file.marks);
  const byLength = splitByLength(file, starts);
  const hasLengths = byLength.consistent > 0 && byLength.consistent * 10 >= byLength.spans.length * 9;
  const spans = hasLengths ? byLength.spans : splitByLines(file, starts);
  const unquoted = file.unmarked + file.marks.length - spans.length;
  const dialect = dialectOf(file, spans, hasLengths, unquoted);
  return { dialect, entries: spans.map((span) => entryOf(span, dialect)) };
}

/** An entry's From_ line, and where its message ends. */
interface Span {
  readonly mark: FromMark;
  readonly end: number;
}

/**
 * A date makes a From_ line, and so does nothing at all before a header. Where most have words instead, as a writer
 * leaves them who keeps no dates, each that stands before a header is one.
 */
function separatorsOf(marks: readonly FromMark[]): FromMark[] {
  const [first] = marks;
  if (first?.offset !== 0) return [];
  const dated = marks.filter(({ kind }) => kind === "dated").length;
  const worded = marks.filter(({ kind, beforeHeader }) => kind === "undated" && beforeHeader).length;
  const isDateless = first.kind === "undated" && worded > dated;
  return marks.filter((mark) => {
    if (mark === first || mark.kind === "dated") return true;
    return mark.beforeHeader && (mark.kind === "bare" || isDateless);
  });
}

function splitByLines(file: MarkedMbox, starts: readonly FromMark[]): Span[] {
  return starts.map((mark, n) => ({ mark, end: endByLines(file, mark, starts[n + 1]) }));
}

function endByLines(file: MarkedMbox, mark: FromMark, next: FromMark | undefined): number {
  const end = next === undefined ? file.size - file.emptyLine : next.offset - next.emptyLine;
  return Math.max(end, mark.bodyOffset);
}

/** As the lengths say, where they are right: what they pass over is no From_ line. */
function splitByLength(file: MarkedMbox, starts: readonly FromMark[]): { spans: Span[]; consistent: number } {
  const spans: Span[] = [];
  let consistent = 0;
  for (let n = 0; n < starts.length; ) {
    const mark = starts[n];
    if (mark === undefined) break;
    const { headEnd, contentLength } = mark;
    const end = headEnd === undefined || contentLength === undefined ? undefined : headEnd + contentLength;
    const next = end === undefined ? undefined : firstFrom(starts, end, n + 1);
    if (end === undefined || next === undefined || !isRight(file, mark, end, starts[next])) {
      spans.push({ mark, end: endByLines(file, mark, starts[n + 1]) });
      n++;
    } else {
      // The empty line after a header without a body is the one before the next entry.
      const isShared = contentLength === 0 && end === (starts[next]?.offset ?? file.size);
      spans.push({ mark, end: isShared ? endByLines(file, mark, starts[next]) : end });
      consistent++;
      n = next;
    }
  }
  return { spans, consistent };
}

/** True if an empty line and an entry or the end of the file follow, also where the last line had to be ended first. */
function isRight(file: MarkedMbox, mark: FromMark, end: number, next: FromMark | undefined): boolean {
  const { offset, emptyLine, lineEnd } = next ?? { ...file, offset: file.size };
  const gap = offset - end;
  if (gap === 0) return next === undefined || mark.contentLength === 0;
  // A last line without an end was given one: LF, or CRLF in a file that has them.
  const gotLf = emptyLine < 2 && lineEnd > 0 && gap === emptyLine + 1;
  const gotCrlf = emptyLine !== 1 && lineEnd === 2 && gap === emptyLine + 2;
  return gap === emptyLine || gotLf || gotCrlf;
}

/** The first place from `from` on whose mark lies at `offset` or later; the number of marks if there is none. */
function firstFrom(marks: readonly FromMark[], offset: number, from: number): number {
  let low = from;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((marks[middle]?.offset ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function dialectOf(file: MarkedMbox, spans: readonly Span[], hasLengths: boolean, unquoted: number): MboxDialect {
  const isQuoting = file.quotedOnce + file.quotedMore > 0;
  if (hasLengths) {
    // Dovecot, which gives each message an X-UID, quotes nothing.
    const byDovecot = spans.filter(({ mark }) => mark.hasUid).length * 2 > spans.length;
    return isQuoting && unquoted === 0 && !byDovecot ? "mboxcl" : "mboxcl2";
  }
  if (unquoted > 0) return "unquoted";
  if (file.quotedMore > 0) return "mboxrd";
  return isQuoting ? "mboxo" : "plain";
}

function entryOf({ mark, end }: Span, dialect: MboxDialect): ForeignEntry {
  const { offset, date, bodyOffset, headEnd = bodyOffset + longestHeader } = mark;
  const length = end - bodyOffset;
  // Thunderbird, which writes nothing but `From `, quotes as mboxrd does.
  const byThunderbird = mark.kind === "bare" && !dialect.startsWith("mboxcl");
  return {
    offset,
    date: date?.getTime() === 0 ? undefined : date,
    body: { offset: bodyOffset, length },
    headLength: Math.min(headEnd - bodyOffset, length),
    isQuoted: byThunderbird || ["mboxrd", "mboxo", "mboxcl"].includes(dialect),
    isDoubtful: !byThunderbird && ["mboxo", "mboxcl", "unquoted"].includes(dialect),
  };
}
