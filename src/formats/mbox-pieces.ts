// An mboxrd file cut at each line that begins with `From `: in an entry such a line is the first, all others are quoted.

import { viewOf } from "./octets.ts";

/** Octets of a file. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

const separator = Buffer.from("\nFrom ");

/** The pieces of a stretch that begins at `offset`, which is the beginning of a line; the first may begin with anything. */
export async function* splitAtFrom(
  octets: AsyncIterable<Uint8Array>,
  offset: number,
): AsyncGenerator<Span, void, undefined> {
  let held: Buffer = Buffer.from("\n");
  let heldAt = offset - 1;
  let start = offset;
  for await (const chunk of octets) {
    const text = Buffer.concat([held, viewOf(chunk)]);
    for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, at + 1)) {
      const next = heldAt + at + 1;
      if (next > start) yield { offset: start, length: next - start };
      start = next;
    }
    held = text.subarray(Math.max(0, text.length - separator.length + 1));
    heldAt += text.length - held.length;
  }
  const end = heldAt + held.length;
  if (end > start) yield { offset: start, length: end - start };
}

/** What of `size` octets is in none of the spans, which are in no order and may overlap. */
export function gapsBetween(spans: readonly Span[], size: number): Span[] {
  const gaps: Span[] = [];
  let end = 0;
  for (const { offset, length } of [...spans].sort((a, b) => a.offset - b.offset)) {
    if (offset > end) gaps.push({ offset: end, length: offset - end });
    end = Math.max(end, offset + length);
  }
  if (size > end) gaps.push({ offset: end, length: size - end });
  return gaps;
}

/** The spans in their order, those that touch or overlap as one. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: { offset: number; length: number }[] = [];
  for (const { offset, length } of [...spans].sort((a, b) => a.offset - b.offset)) {
    const last = merged.at(-1);
    if (last === undefined || offset > last.offset + last.length) merged.push({ offset, length });
    else last.length = Math.max(last.length, offset + length - last.offset);
  }
  return merged;
}
