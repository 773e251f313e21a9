import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { codeOf } from "../errors.ts";
import { gapsBetween, type Span, splitAtFrom } from "../formats/mbox-pieces.ts";
import { formatFromLine } from "../formats/mboxrd.ts";
import type { Place, Stored } from "../message.ts";
import { diskError } from "./disk-error.ts";
import { sizeOf } from "./durable.ts";
import { readRange } from "./read-range.ts";
import { type ReadMessage, readPiece } from "./readings.ts";
import { type Found, type MailSurvey, type Stray, Wanted } from "./survey.ts";

/** What a survey takes as given. */
export interface Known {
  /** Where, in an mbox, messages were read again, intact. */
  readonly intact: readonly Span[];
  /** What was not intact at its place. */
  readonly bad: readonly Stored[];
  /** What is wanted beside: what was lost before. */
  readonly lost: readonly Stored[];
  /** True if an intact message of the ledger has these octets. */
  hasContent(sha256: string): boolean;
}

/** Reads only what no intact message covers. A file that is missing is as an empty one. */
export async function surveyMbox(path: string, known: Known): Promise<MailSurvey> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return undefined;
    throw diskError(error, path);
  });
  const displaced = new Map<Stored, Found>();
  if (handle === undefined) return { displaced, strays: [] };
  try {
    const size = await sizeOf(handle, path);
    const unread: { readonly span: Span; readonly message: ReadMessage }[] = [];
    const wanted = new Wanted([...known.bad, ...known.lost]);
    for (const gap of gapsBetween(known.intact, size)) {
      for await (const span of splitAtFrom(readRange(handle, path, gap.offset, gap.length), gap.offset)) {
        const message = await readPiece(handle, path, span);
        const claimed = wanted.claim(
          message.readings,
          ({ internalDate }) => formatFromLine(internalDate) === `${message.line}\n`,
        );
        if (claimed === undefined) unread.push({ span, message });
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
  } finally {
    await handle.close();
  }
}

/** As every From_ line of ours begins, also where one is torn. */
const ourLine = "From MAILER-DAEMON ";

/** None for a place that is not in an mbox. */
export function spanOf({ offset, length }: Place): Span[] {
  return typeof offset === "number" && typeof length === "number" ? [{ offset, length }] : [];
}

export function areOverlapping(a: Span, b: Span): boolean {
  return a.offset < b.offset + b.length && b.offset < a.offset + a.length;
}
