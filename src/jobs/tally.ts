// What the server lists against what the ledger knows: what is settled, what is new, what is kept.

import type { Failure, Mailbox, MessageRef, Stored } from "../message.ts";
import type { Ledger } from "../storage/ledger.ts";
import type { MailboxReport } from "./events.ts";
import type { MessageFilter } from "./job.ts";
import { passesFilter } from "./select.ts";

export interface Listing {
  /** Every message on the server, by its key. */
  readonly refs: ReadonlyMap<string, MessageRef>;
  /** What the job is to carry. */
  readonly wanted: readonly MessageRef[];
  /** How many of the others are carried in another mailbox. */
  readonly placed: number;
}

/**
 * What passes any of the filters is wanted. `isPlaced`: whether a message is carried in another mailbox, and need not be
 * in this one.
 */
export async function list(
  refs: AsyncIterable<MessageRef>,
  filters: readonly MessageFilter[],
  isPlaced: (ref: MessageRef) => boolean,
): Promise<Listing> {
  const all = new Map<string, MessageRef>();
  for await (const ref of refs) all.set(ref.key, ref);
  const passed = [...all.values()].filter((ref) => filters.some((filter) => passesFilter(ref, filter)));
  const wanted = passed.filter((ref) => !isPlaced(ref));
  return { refs: all, wanted, placed: passed.length - wanted.length };
}

/** Settled under its key, and still the same message as far as the listing tells: keys have been reused before. */
export function isSettled(ledger: Pick<Ledger, "isSettled" | "find">, ref: MessageRef): boolean {
  const stored = ledger.find(ref.key);
  return stored === undefined ? ledger.isSettled(ref.key) : isSame(stored, ref);
}

export function isSame(stored: Stored, { size, internalDate }: MessageRef): boolean {
  if (size !== undefined && size !== (stored.listedSize ?? stored.size)) return false;
  const date = stored.listedDate ?? stored.internalDate;
  return internalDate === undefined || date === undefined || internalDate.getTime() === date.getTime();
}

/**
 * What is stored, but not known to be any message that the server lists now. Where keys are only hints, any of it may be
 * listed under a new key.
 */
export function* unlisted(ledger: Ledger, keys: "stable" | "hints", { refs }: Listing): Iterable<Stored> {
  yield* ledger.earlier();
  for (const stored of ledger.current()) {
    const ref = refs.get(stored.key);
    if (ref === undefined ? keys === "hints" : !isSame(stored, ref)) yield stored;
  }
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

type Known = Pick<Ledger, "find" | "current" | "earlier" | "failed">;

export function count(known: Known | undefined, { refs, wanted, placed }: Listing, gone: ReadonlySet<string>): Tally {
  const present = wanted.filter(({ key }) => !gone.has(key));
  const stored = present.flatMap((ref) => {
    const one = known?.find(ref.key);
    return one !== undefined && isSame(one, ref) ? [one] : [];
  });
  let kept = 0;
  for (const one of known?.current() ?? []) {
    const ref = refs.get(one.key);
    if (ref === undefined || gone.has(ref.key) || !isSame(one, ref)) kept++;
  }
  for (const _ of known?.earlier() ?? []) kept++;
  const here = new Set(present.map(({ key }) => key));
  const failures = [...(known?.failed() ?? [])].filter(({ key }) => here.has(key));
  const altered = stored.flatMap(alteredOf);
  return {
    counts: {
      onServer: present.length,
      inArchive: stored.length,
      missing: present.length - stored.length,
      kept,
      filtered: refs.size - wanted.length - placed,
      placed,
      altered: altered.length,
      unkept: stored.filter(({ unkept }) => unkept !== undefined).length,
      twins: stored.length - new Set(stored.map(({ sha256 }) => sha256)).size,
    },
    failures: [...failures, ...altered],
    unkept: new Set(stored.flatMap(({ unkept }) => unkept ?? [])),
  };
}

function alteredOf({ key, size, altered }: Stored): Failure[] {
  if (altered === undefined) return [];
  const how = altered.size === size ? "other octets" : `${altered.size} octets instead of ${size}`;
  return [{ key, code: "M404", reason: `the target gives back ${how}`, final: true }];
}
