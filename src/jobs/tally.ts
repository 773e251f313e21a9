// What the server lists against what the ledger knows: what is settled, what is new, what is kept.

import { MailferryError } from "../errors.ts";
import type { Failure, Mailbox, MessageRef, Stored } from "../message.ts";
import type { Ledger } from "../storage/ledger.ts";
import type { Entry } from "../storage/ledger-table.ts";
import type { MailboxReport } from "./events.ts";
import type { MessageFilter } from "./job.ts";
import { RefTable, type Selection } from "./ref-table.ts";
import { passesFilter } from "./select.ts";

export interface Listing {
  /** Every message on the server. */
  readonly refs: RefTable;
  /** What the job is to carry. */
  readonly wanted: Selection;
  /** How many of the others are carried in another mailbox. */
  readonly placed: number;
  /** Why the mailbox may have more than these; undefined if it has not. */
  readonly brokeOff?: MailferryError | undefined;
}

/**
 * What passes any of the filters is wanted. `isPlaced`: whether a message is carried in another mailbox, and need not be
 * in this one. A mailbox of which some is listed before it turns out to be unusable (S602) is listed that far.
 */
export async function list(
  listed: AsyncIterable<MessageRef>,
  filters: readonly MessageFilter[],
  isPlaced: (ref: MessageRef) => boolean,
): Promise<Listing> {
  const refs = new RefTable();
  let brokeOff: MailferryError | undefined;
  try {
    for await (const ref of listed) refs.add(ref);
  } catch (error) {
    if (!(error instanceof MailferryError) || error.code !== "S602" || refs.size === 0) throw error;
    brokeOff = error;
  }
  let placed = 0;
  const wanted = refs.select((ref) => {
    if (!filters.some((filter) => passesFilter(ref, filter))) return false;
    if (!isPlaced(ref)) return true;
    placed++;
    return false;
  });
  return { refs, wanted, placed, ...(brokeOff === undefined ? {} : { brokeOff }) };
}

/** Settled under its key, and still the same message as far as the listing tells: keys have been reused before. */
export function isSettled(ledger: Pick<Ledger, "isSettled" | "entry">, ref: MessageRef): boolean {
  const entry = ledger.entry(ref.key);
  return entry === undefined ? ledger.isSettled(ref.key) : isSame(entry, ref);
}

export function isSame(entry: Entry, { size, internalDate }: MessageRef): boolean {
  if (size !== undefined && size !== entry.size) return false;
  const date = entry.internalDate;
  return internalDate === undefined || date === undefined || internalDate.getTime() === date.getTime();
}

/**
 * What is stored, but not known to be any message that the server lists now. Where keys are only hints, any of it may be
 * listed under a new key; so it may where one of them has been given to another message.
 */
export function* unlisted(ledger: Ledger, keys: "stable" | "hints", { refs }: Listing): Iterable<Entry> {
  yield* ledger.entries("earlier");
  const mayHaveMoved = keys === "hints" || hasReused(ledger, refs);
  for (const entry of ledger.entries("current")) {
    const ref = refs.find(entry.key);
    if (ref === undefined ? mayHaveMoved : !isSame(entry, ref)) yield entry;
  }
}

function hasReused(ledger: Ledger, refs: RefTable): boolean {
  for (const entry of ledger.entries("current")) {
    const ref = refs.find(entry.key);
    if (ref !== undefined && !isSame(entry, ref)) return true;
  }
  return false;
}

/** Those that could not be had before come last: what is new must not wait for them. */
export function* failedLast(refs: Iterable<MessageRef>, ledger: Pick<Ledger, "failed">): Iterable<MessageRef> {
  const failed = new Set([...ledger.failed()].map(({ key }) => key));
  if (failed.size === 0) return yield* refs;
  for (const ref of refs) if (!failed.has(ref.key)) yield ref;
  for (const ref of refs) if (failed.has(ref.key)) yield ref;
}

export interface Tally {
  readonly counts: Omit<MailboxReport, "path" | "new" | "source" | "reflagged" | "found">;
  readonly failures: readonly Failure[];
  /** What the store can't keep, of the messages that are in it. */
  readonly unkept: ReadonlySet<string>;
}

export function reportOf(
  source: Mailbox,
  { path }: Mailbox,
  { counts }: Tally,
  done: Partial<Pick<MailboxReport, "new" | "reflagged" | "found">>,
): MailboxReport {
  const { onServer, inArchive, missing, kept, filtered, placed, altered, unkept, twins } = counts;
  const isElsewhere = JSON.stringify(source.path) !== JSON.stringify(path);
  return {
    path,
    ...(isElsewhere ? { source: source.path } : {}),
    onServer,
    inArchive,
    new: done.new ?? 0,
    missing,
    kept,
    filtered,
    ...(placed ? { placed } : {}),
    ...(altered === 0 ? {} : { altered }),
    ...(unkept === 0 ? {} : { unkept }),
    ...(done.reflagged ? { reflagged: done.reflagged } : {}),
    ...(done.found ? { found: done.found } : {}),
    ...(twins === 0 ? {} : { twins }),
  };
}

type Known = Pick<Ledger, "entry" | "entries" | "get" | "failed">;

export function count(known: Known | undefined, { refs, wanted, placed }: Listing, gone: ReadonlySet<string>): Tally {
  const failed = new Map([...(known?.failed() ?? [])].map((failure) => [failure.key, failure]));
  const contents = new Float64Array(wanted.size);
  const counts = { onServer: 0, inArchive: 0, missing: 0, kept: 0, altered: 0, unkept: 0 };
  const present = new Set<string>();
  const altered: Failure[] = [];
  const unkept = new Set<string>();
  for (const ref of wanted) {
    if (gone.has(ref.key)) continue;
    counts.onServer++;
    if (failed.has(ref.key)) present.add(ref.key);
    const entry = known?.entry(ref.key);
    if (entry === undefined || !isSame(entry, ref)) {
      counts.missing++;
      continue;
    }
    contents[counts.inArchive++] = entry.content;
    const stored = entry.isMarked ? known?.get(entry.id) : undefined;
    if (stored === undefined) continue;
    altered.push(...alteredOf(stored));
    if (stored.unkept !== undefined) counts.unkept++;
    for (const flag of stored.unkept ?? []) unkept.add(flag);
  }
  for (const entry of known?.entries("current") ?? []) {
    const ref = refs.find(entry.key);
    if (ref === undefined || gone.has(ref.key) || !isSame(entry, ref)) counts.kept++;
  }
  for (const _ of known?.entries("earlier") ?? []) counts.kept++;
  const failures = [...failed.values()].filter(({ key }) => present.has(key));
  return {
    counts: {
      ...counts,
      filtered: refs.size - wanted.size - placed,
      placed,
      altered: altered.length,
      twins: countTwins(contents.subarray(0, counts.inArchive)),
    },
    failures: [...failures, ...altered],
    unkept,
  };
}

/** Sorts them: objects, or a Set of a million, would take ten times the room. */
function countTwins(contents: Float64Array): number {
  let twins = 0;
  let previous: number | undefined;
  for (const content of contents.sort()) {
    if (content === previous) twins++;
    previous = content;
  }
  return twins;
}

function alteredOf({ key, size, altered }: Stored): Failure[] {
  if (altered === undefined) return [];
  const how = altered.size === size ? "other octets" : `${altered.size} octets instead of ${size}`;
  return [{ key, code: "M404", reason: `the target gives back ${how}`, final: true }];
}
