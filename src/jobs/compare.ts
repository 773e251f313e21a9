// What a source lists held against what a ledger says is stored: what is missing, what is another message by now, what is
// only stored. Nothing is read here; where keys decide nothing, the caller brings digests.

import type { Mailbox, MessageRef, Stored } from "../message.ts";
import type { LedgerContents } from "../storage/ledger-contents.ts";
import type { Entry } from "../storage/ledger-table.ts";
import type { Selection } from "./ref-table.ts";
import { isSame, type Listing } from "./tally.ts";
import { Unclaimed } from "./unclaimed.ts";

/** `onServer = inArchive + missing + differing + uncompared`, always. */
export interface ComparedMailbox {
  /** In the archive, or at the target. */
  readonly path: readonly string[];
  /** At the source, where that is another path. */
  readonly source?: readonly string[] | undefined;
  /** Messages at the source now that are to be stored. */
  readonly onServer: number;
  /** How many of these are stored. */
  readonly inArchive: number;
  readonly missing: number;
  /** Under a key that is stored, but of another size or date: not the same message. */
  readonly differing: number;
  /** Their keys tell nothing, and to read them would have taken long. */
  readonly uncompared: number;
  /** Stored, no longer at the source. */
  readonly kept: number;
  /** Of those that are stored: how many have other flags at the source now. */
  readonly reflagged: number;
  /** At the source, left out by the job's filter; not counted in `onServer`. */
  readonly filtered: number;
  /** At the source, but to be stored in another mailbox. Absent means none. */
  readonly placed?: number | undefined;
}

export interface ComparedMessage {
  /** In the archive, or at the target. */
  readonly mailbox: readonly string[];
  readonly key: string;
  /** Of what is known why: such as M401. */
  readonly code?: string | undefined;
  readonly reason: string;
  /** As the source lists it; octets. */
  readonly size?: number | undefined;
  /** INTERNALDATE, ISO 8601, UTC. */
  readonly date?: string | undefined;
}

/** Something that kept a mailbox, or a part of it, from being compared. */
export interface Uncomparable {
  readonly mailbox: readonly string[];
  readonly code?: string | undefined;
  readonly reason: string;
}

export interface CompareReport {
  /** Both as people name them: account or path. */
  readonly from: string;
  readonly to: string;
  readonly mailboxes: readonly ComparedMailbox[];
  readonly missing: readonly ComparedMessage[];
  readonly differing: readonly ComparedMessage[];
  readonly uncomparable: readonly Uncomparable[];
}

/** True if every message of the source is proven to be stored. */
export function isComplete({ missing, differing, uncomparable }: CompareReport): boolean {
  return missing.length + differing.length + uncomparable.length === 0;
}

/** One mailbox of the source, and what is stored of it. */
export interface Evidence {
  readonly mailbox: Mailbox;
  /** Where it is stored. */
  readonly target: readonly string[];
  readonly listing: Listing;
  /** Undefined if nothing is. */
  readonly known: LedgerContents | undefined;
  /** Whether the source still means the same messages by the keys of the ledger. */
  readonly keysHold: boolean;
  /** What a key means that the ledger does not have. */
  readonly keys: "stable" | "hints";
}

/** Messages that may be stored under another key, as far as their sizes tell: their content decides. */
export function doubtfulOf(evidence: Evidence): Selection {
  const sizes = new Set<number>();
  const { known, keysHold, keys, listing } = evidence;
  for (const { id, size, isMarked } of unclaimed(evidence)) {
    sizes.add(size);
    for (const reading of (isMarked && known?.get(id).recovered) || []) sizes.add(reading.size);
  }
  const settled = new Set(keysHold ? [...(known?.failed() ?? [])].map(({ key }) => key) : []);
  const isUnknown = ({ key }: MessageRef) =>
    !keysHold || (keys === "hints" && known?.entry(key) === undefined && !settled.has(key));
  return listing.wanted.select(
    (ref) => sizes.size > 0 && isUnknown(ref) && (ref.size === undefined || sizes.has(ref.size)),
  );
}

/** What is stored and not known to be any message that the source lists now. */
function* unclaimed({ known, keysHold, listing }: Evidence): Iterable<Entry> {
  if (known === undefined) return;
  yield* known.entries("earlier");
  for (const entry of known.entries("current")) if (!keysHold || !listing.refs.has(entry.key)) yield entry;
}

export interface Comparison {
  readonly row: ComparedMailbox;
  readonly missing: readonly ComparedMessage[];
  readonly differing: readonly ComparedMessage[];
}

/**
 * Compares one mailbox. `digests` are the sha256s of doubtful messages by their keys; those that are not among them stay
 * uncompared. Of equal messages each is stored once, or missing.
 */
export function compareMailbox(evidence: Evidence, digests: ReadonlyMap<string, string>): Comparison {
  const { mailbox, target, listing, known, keysHold } = evidence;
  const doubtful = new Set<string>();
  for (const { key } of doubtfulOf(evidence)) doubtful.add(key);
  const left = known === undefined ? undefined : new Unclaimed(known, unclaimed(evidence));
  const failures = new Map(
    [...(keysHold && known !== undefined ? known.failed() : [])].map((each) => [each.key, each]),
  );
  let inArchive = 0;
  const missing: ComparedMessage[] = [];
  const differing: ComparedMessage[] = [];
  let uncompared = 0;
  let reflagged = 0;
  const name = (ref: MessageRef, reason: string, code?: string): ComparedMessage => ({
    mailbox: target,
    key: ref.key,
    ...(code === undefined ? {} : { code }),
    reason,
    ...(ref.size === undefined ? {} : { size: ref.size }),
    ...(dateText(ref.internalDate) === undefined ? {} : { date: dateText(ref.internalDate) }),
  });
  const take = (one: Pick<Stored, "flags">, { flags }: MessageRef) => {
    inArchive++;
    if (flags !== undefined && !areEqual(flags, one.flags)) reflagged++;
  };

  for (const ref of listing.wanted) {
    const byKey = keysHold ? known?.entry(ref.key) : undefined;
    const digest = digests.get(ref.key);
    const byContent = byKey !== undefined || digest === undefined ? undefined : left?.claim(digest, ref.internalDate);
    if (byKey !== undefined && isSame(byKey, ref)) take(byKey, ref);
    else if (byKey !== undefined) differing.push(name(ref, differenceOf(byKey, ref)));
    else if (byContent !== undefined) take(byContent, ref);
    else if (doubtful.has(ref.key) && digest === undefined) uncompared++;
    else {
      const failure = failures.get(ref.key);
      missing.push(name(ref, failure?.reason ?? "not stored", failure?.code));
    }
  }
  const isElsewhere = JSON.stringify(mailbox.path) !== JSON.stringify(target);
  const row = {
    path: target,
    ...(isElsewhere ? { source: mailbox.path } : {}),
    onServer: listing.wanted.size,
    inArchive,
    missing: missing.length,
    differing: differing.length,
    uncompared,
    // Of those that are uncompared, each may be one of these.
    kept: Math.max(0, (left?.size ?? 0) - uncompared) + differing.length,
    reflagged,
    filtered: listing.refs.size - listing.wanted.size - listing.placed,
    ...(listing.placed > 0 ? { placed: listing.placed } : {}),
  };
  return { row, missing, differing };
}

/** A mailbox of which nothing is at the source. */
export function keptMailbox(path: readonly string[], kept: number): ComparedMailbox {
  const none = { onServer: 0, inArchive: 0, missing: 0, differing: 0, uncompared: 0, reflagged: 0, filtered: 0 };
  return { path, ...none, kept };
}

function areEqual(flags: readonly string[], others: readonly string[]): boolean {
  const fold = (all: readonly string[]) => JSON.stringify([...new Set(all.map((flag) => flag.toLowerCase()))].sort());
  return fold(flags) === fold(others);
}

function differenceOf(stored: MessageRef, ref: MessageRef): string {
  if (ref.size !== undefined && ref.size !== stored.size) return `${ref.size} octets instead of ${stored.size}`;
  return `${dateText(ref.internalDate)} instead of ${dateText(stored.internalDate)}`;
}

function dateText(date: Date | undefined): string | undefined {
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
