// UID sets, as in `1:5,7,10:12` (RFC 9051 section 9, sequence-set).

// RFC 7162 section 4: command lines of up to 8192 octets should be safe.
const longestSet = 7_000;

export interface UidSet {
  /** As it goes into the command. */
  readonly set: string;
  readonly uids: readonly number[];
}

/** The UIDs as sets in ascending order and without repetition, each short enough for one command line. */
export function* uidSets(uids: Iterable<number>): Generator<UidSet> {
  const sorted = [...new Set(uids)].sort((a, b) => a - b);
  let set = "";
  let named: number[] = [];
  for (let first = 0; first < sorted.length; ) {
    let last = first;
    while (sorted[last + 1] === (sorted[last] ?? 0) + 1) last += 1;
    const run = first === last ? `${sorted[first]}` : `${sorted[first]}:${sorted[last]}`;
    if (set !== "" && set.length + run.length + 1 > longestSet) {
      yield { set, uids: named };
      set = "";
      named = [];
    }
    set = set === "" ? run : `${set},${run}`;
    for (const uid of sorted.slice(first, last + 1)) named.push(uid);
    first = last + 1;
  }
  if (set !== "") yield { set, uids: named };
}

const largestUid = 0xffff_ffff;

/** The UIDs of a set as a server sends it, in its order; undefined if it is none, or names more than `most`. */
export function parseUidSet(set: string, most: number): number[] | undefined {
  const uids: number[] = [];
  for (const part of set === "" ? [] : set.split(",")) {
    const [, first, last = first] = /^(\d{1,10})(?::(\d{1,10}))?$/.exec(part) ?? [];
    const [low, high] = [Math.min(Number(first), Number(last)), Math.max(Number(first), Number(last))];
    if (!(low >= 1 && high <= largestUid && high - low < most - uids.length)) return undefined;
    for (let uid = low; uid <= high; uid += 1) uids.push(uid);
  }
  return uids;
}
