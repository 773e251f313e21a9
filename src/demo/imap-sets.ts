// Sets of message numbers such as `1,5:*`. RFC 9051 section 9, sequence-set.

import { Refusal } from "./imap-parser.ts";

/**
 * Those of the numbers, which are ascending, that a sequence set such as `1,5:*` names; `*` is the last of them.
 * @throws Refusal with BAD if it is no sequence set.
 */
export function selectNumbers(set: string, numbers: readonly number[]): Set<number> {
  const last = numbers.at(-1) ?? 0;
  const ranges = set.split(",").map((part) => {
    const match = /^(\d{1,10}|\*)(?::(\d{1,10}|\*))?$/.exec(part);
    if (match === null) throw new Refusal("BAD", "A sequence set is expected here");
    const ends = [match[1], match[2] ?? match[1]].map((end) => (end === "*" ? last : Number(end)));
    return { from: Math.min(...ends), to: Math.max(...ends) };
  });
  ranges.sort((a, b) => a.from - b.from);
  const selected = new Set<number>();
  let next = 0;
  let reach = 0;
  for (const number of numbers) {
    for (let range = ranges[next]; range !== undefined && range.from <= number; range = ranges[next]) {
      reach = Math.max(reach, range.to);
      next += 1;
    }
    if (number <= reach) selected.add(number);
  }
  return selected;
}

/** In the order given, `3:5` for numbers that follow one another. */
export function formatNumbers(numbers: readonly number[]): string {
  const ranges: { from: number; to: number }[] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && number === last.to + 1) last.to = number;
    else ranges.push({ from: number, to: number });
  }
  return ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}:${to}`)).join(",");
}
