import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { codeOf } from "../errors.ts";
import { partMember, partPath, spanInPart, spanOf, spansInPart } from "../formats/mbox-parts.ts";
import { gapsBetween, type Span, splitAtFrom } from "../formats/mbox-pieces.ts";
import { formatFromLine } from "../formats/mboxrd.ts";
import type { Stored } from "../message.ts";
import { diskError } from "./disk-error.ts";
import { sizeOf } from "./durable.ts";
import { readRange } from "./read-range.ts";
import { type ReadMessage, readPiece } from "./readings.ts";
import { type Found, type MailSurvey, type Stray, Wanted } from "./survey.ts";

/** What a survey takes as given. */
export interface Known {
  /** Where, in an mbox, messages were read again, intact; among the spans of all its parts. */
  readonly intact: readonly Span[];
  /** What was not intact at its place. */
  readonly bad: readonly Stored[];
  /** What is wanted beside: what was lost before. */
  readonly lost: readonly Stored[];
  /** True if an intact message of the ledger has these octets. */
  hasContent(sha256: string): boolean;
}

/**
 * Reads only what no intact message covers, of each of the files that the mbox has. One that is missing is as an empty one.
 * Spans are among those of all parts.
 */
export async function surveyMbox(path: string, parts: readonly number[], known: Known): Promise<MailSurvey> {
  const displaced = new Map<Stored, Found>();
  const unread: { readonly span: Span; readonly message: ReadMessage }[] = [];
  const wanted = new Wanted([...known.bad, ...known.lost]);
  for (const part of parts) {
    for await (const { span, message } of readGaps(partPath(path, part), spansInPart(part, known.intact))) {
      const readings = message.readings.map((reading) => ({
        ...reading,
        place: { ...partMember(part), ...reading.place },
      }));
      const claimed = wanted.claim(
        readings,
        ({ internalDate }) => formatFromLine(internalDate) === `${message.line}\n`,
      );
      if (claimed === undefined) unread.push({ span: spanInPart(part, span), message: { ...message, readings } });
      else displaced.set(...claimed);
    }
  }
  const remains = known.bad.filter((stored) => !displaced.has(stored)).flatMap(({ place }) => spanOf(place));
  const strays = unread.map(({ span, message: { readings, date, line } }): Stray => {
    const isWhole = readings.length > 0;
    const isCopy = readings.some(({ sha256 }) => known.hasContent(sha256));
    const kind = remains.some((other) => areOverlapping(span, other))
      ? "remains"
      : isCopy
        ? "copy"
        : isWhole
          ? "message"
          : "fragment";
    const isOurs = line.startsWith(ourLine) || (line !== "" && ourLine.startsWith(line));
    return { where: { span }, readings, flags: [], internalDate: date, kind, isOurs };
  });
  return { displaced, strays };
}

/** What lies in one file outside of these spans, piece by piece. */
async function* readGaps(
  path: string,
  intact: readonly Span[],
): AsyncGenerator<{ readonly span: Span; readonly message: ReadMessage }, void, undefined> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return undefined;
    throw diskError(error, path);
  });
  if (handle === undefined) return;
  try {
    const size = await sizeOf(handle, path);
    for (const gap of gapsBetween(intact, size)) {
      for await (const span of splitAtFrom(readRange(handle, path, gap.offset, gap.length), gap.offset)) {
        yield { span, message: await readPiece(handle, path, span) };
      }
    }
  } finally {
    await handle.close();
  }
}

/** As every From_ line of ours begins, also where one is torn. */
const ourLine = "From MAILER-DAEMON ";

export function areOverlapping(a: Span, b: Span): boolean {
  return a.offset < b.offset + b.length && b.offset < a.offset + a.length;
}
