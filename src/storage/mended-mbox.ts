// A file of an mbox without the octets that belong to no intact message: written beside it, and put in its place as a whole.
// Spans are those in the file.

import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { spanOf, splitSpan } from "../formats/mbox-parts.ts";
import { mergeSpans, type Span } from "../formats/mbox-pieces.ts";
import type { Stored } from "../message.ts";
import { diskError } from "./disk-error.ts";
import { replaceFile } from "./durable.ts";
import { acquireLock } from "./lock.ts";
import { concat, reframed } from "./mbox-frame.ts";
import { readRange } from "./read-range.ts";

/** Writes the file anew with these spans of it, in their order; of the messages in `frameless`, with a new frame. */
export async function rewriteMbox(path: string, keep: readonly Span[], frameless: Iterable<Stored>): Promise<void> {
  await using _dotLock = await acquireLock(`${path}.lock`);
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: unknown) => {
    throw diskError(error, path);
  });
  await using original = handle;
  const reframing = new Map(
    [...frameless].flatMap((stored) => spanOf(stored.place).map((span) => [splitSpan(span).offset, stored])),
  );
  const parts = function* () {
    const asTheyAre = mergeSpans(keep.filter(({ offset }) => !reframing.has(offset)));
    const all = [...asTheyAre, ...keep.filter(({ offset }) => reframing.has(offset))];
    for (const { offset, length } of all.sort((a, b) => a.offset - b.offset)) {
      const stored = reframing.get(offset);
      if (stored === undefined) yield readRange(original, path, offset, length);
      else yield* reframed(original, path, stored);
    }
  };
  await replaceFile(path, concat(parts()));
}

/** Where octets come to lie that lay in these spans, once nothing is between them. */
export function offsetsWithout(keep: readonly Span[]): (offset: number) => number {
  const spans = mergeSpans(keep);
  let at = 0;
  const starts = spans.map(({ length }) => {
    at += length;
    return at - length;
  });
  return (offset) => {
    let low = 0;
    let high = spans.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((spans[middle]?.offset ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return (starts[low] ?? 0) + offset - (spans[low]?.offset ?? 0);
  };
}

/** True if these spans are all of a file of so many octets. */
export function areWhole(keep: readonly Span[], size: number): boolean {
  const [first, ...others] = mergeSpans(keep);
  return others.length === 0 && (first?.offset ?? 0) === 0 && (first?.length ?? 0) === size;
}
