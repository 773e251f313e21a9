// What the server lists against what the ledger knows: what is settled, what is new, what is kept.

import type { Failure, Mailbox, MessageRef, Stored } from "../message.ts";
import type { Ledger } from "../storage/ledger.ts";
import type { MailboxReport } from "./events.ts";
import type { Job } from "./job.ts";
import { passesFilter } from "./select.ts";

export interface Listing {
  /** Every message on the server, by its key. */
  readonly refs: ReadonlyMap<string, MessageRef>;
  /** What the job is to carry. */
  readonly wanted: readonly MessageRef[];
}

export async function list(refs: AsyncIterable<MessageRef>, job: Job): Promise<Listing> {
  const all = new Map<string, MessageRef>();
  for await (const ref of refs) all.set(ref.key, ref);
  return { refs: all, wanted: [...all.values()].filter((ref) => passesFilter(ref, job.filter)) };
}

/** Settled under its key, and still the same message as far as the listing tells: keys have been reused before. */
export function isSettled(ledger: Pick<Ledger, "isSettled" | "find">, ref: MessageRef): boolean {
  const stored = ledger.find(ref.key);
  return stored === undefined ? ledger.isSettled(ref.key) : isSame(stored, ref);
}

function isSame(stored: Stored, { size, internalDate }: MessageRef): boolean {
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
  readonly counts: Omit<MailboxReport, "path" | "new">;
  readonly failures: readonly Failure[];
}

export function reportOf({ path }: Mailbox, { counts }: Tally, added: number): MailboxReport {
  const { onServer, inArchive, missing, kept, filtered } = counts;
  return { path, onServer, inArchive, new: added, missing, kept, filtered };
}

type Known = Pick<Ledger, "find" | "current" | "earlier" | "failed">;

export function count(known: Known | undefined, { refs, wanted }: Listing, gone: ReadonlySet<string>): Tally {
  const present = wanted.filter(({ key }) => !gone.has(key));
  const isStored = (ref: MessageRef) => {
    const stored = known?.find(ref.key);
    return stored !== undefined && isSame(stored, ref);
  };
  const inArchive = present.filter(isStored).length;
  let kept = 0;
  for (const stored of known?.current() ?? []) {
    const ref = refs.get(stored.key);
    if (ref === undefined || gone.has(ref.key) || !isSame(stored, ref)) kept++;
  }
  for (const _ of known?.earlier() ?? []) kept++;
  const here = new Set(present.map(({ key }) => key));
  return {
    counts: {
      onServer: present.length,
      inArchive,
      missing: present.length - inArchive,
      kept,
      filtered: refs.size - wanted.length,
    },
    failures: [...(known?.failed() ?? [])].filter(({ key }) => here.has(key)),
  };
}
