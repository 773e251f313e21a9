// An mbox that goes on in further files, where the file system can't hold a larger one (FAT32: 4 GiB). Each is a whole mbox:
//
//   INBOX.mbox
//   INBOX.mbox%~part-002.mbox
//
// No mailbox has a file of such a name: in those of mailboxes a `%~` stands only before a number or a digest. A place in a
// further file has its number as `part`. Among the places of a mailbox, each file has a stretch of its own, so that one
// number says where an octet lies.

import type { Place } from "../message.ts";
import type { Span } from "./mbox-pieces.ts";

/** As many as keep their order by name. */
export const mostParts = 999;

/** Octets: no file is as long, and the ends of all stretches are exact numbers. */
const stretch = 2 ** 40;

/** The file of this part, 1 being the first, of an mbox whose first file has this path or name. */
export function partPath(path: string, part: number): string {
  if (part === 1) return path;
  const suffix = path.endsWith(".mbox") ? ".mbox" : "";
  return `${path}%~part-${String(part).padStart(3, "0")}${suffix}`;
}

/** The first file of a further one. Undefined for any other name. */
export function parsePartPath(path: string): { readonly first: string; readonly part: number } | undefined {
  const [, first = "", digits = ""] = /^(.*)%~part-(\d{3})(?:\.mbox)?$/s.exec(path) ?? [];
  const part = Number(digits);
  return part > 1 && partPath(first, part) === path ? { first, part } : undefined;
}

/** The part of a place; undefined if there can be none such. */
export function partOf({ part = 1 }: Place): number | undefined {
  return typeof part === "number" && Number.isInteger(part) && part >= 1 && part <= mostParts ? part : undefined;
}

/** What says in a place that it is in this part. */
export function partMember(part: number): { readonly part?: number } {
  return part === 1 ? {} : { part };
}

/** Among those of all parts. */
export function spanInPart(part: number, { offset, length }: Span): Span {
  return { offset: (part - 1) * stretch + offset, length };
}

/** The part of a span among those of all parts, and where in its file it is. */
export function splitSpan({ offset, length }: Span): Span & { readonly part: number } {
  return { part: Math.floor(offset / stretch) + 1, offset: offset % stretch, length };
}

/** Of spans among those of all parts, those of one part, as in its file. */
export function spansInPart(part: number, spans: Iterable<Span>): Span[] {
  const found: Span[] = [];
  for (const span of spans) {
    const { part: its, ...inFile } = splitSpan(span);
    if (its === part) found.push(inFile);
  }
  return found;
}

/** None for a place that is not in an mbox. */
export function spanOf(place: Place): Span[] {
  const { offset, length } = place;
  const part = partOf(place);
  const isSpan = typeof offset === "number" && typeof length === "number" && offset >= 0 && offset < stretch;
  return isSpan && part !== undefined ? [spanInPart(part, { offset, length })] : [];
}
