// Flags that changed at the source since the last pass. Only the change is carried, so that what the owner changed at the
// target meanwhile stays: a flag is either set or not, and both sides can only have changed it to the same.

import { printable } from "../formats/printable.ts";
import type { FlagChange, Stored } from "../message.ts";
import type { MailboxWriter } from "../sinks/sink.ts";
import type { Ledger } from "../storage/ledger.ts";
import { isSame, type Listing } from "./tally.ts";

export interface Reflagged {
  readonly change: FlagChange;
  /** What the ledger is to say. */
  readonly stored: Stored;
}

/**
 * The messages whose flags are others now than the ledger says; a source that tells no flags has none. `newer`: the flags of
 * messages that were read after they were listed, by key.
 */
export function* reflagged(
  ledger: Pick<Ledger, "entry" | "get">,
  { refs }: Listing,
  newer: ReadonlyMap<string, readonly string[]>,
): Iterable<Reflagged> {
  for (const ref of refs) {
    const flags = ref.flags === undefined ? undefined : (newer.get(ref.key) ?? ref.flags);
    const entry = flags === undefined ? undefined : ledger.entry(ref.key);
    if (flags === undefined || entry === undefined || !isSame(entry, ref)) continue;
    const add = flags.filter((flag) => !entry.flags.includes(flag));
    const remove = entry.flags.filter((flag) => !flags.includes(flag));
    if (add.length === 0 && remove.length === 0) continue;
    const stored = ledger.get(entry.id);
    yield { change: { place: stored.place, add, remove }, stored: { ...stored, flags } };
  }
}

const changedAtOnce = 500;

/** Carries the changes, in batches: first at the target, then in the ledger. `carried` is told of each. */
export async function carryFlags(
  changes: Iterable<Reflagged>,
  writer: MailboxWriter,
  ledger: Ledger,
  signal: AbortSignal,
  carried: (messages: number) => void,
): Promise<void> {
  let batch: Reflagged[] = [];
  const carry = async () => {
    if (batch.length === 0) return;
    signal.throwIfAborted();
    await writer.setFlags?.(batch.map(({ change }) => change));
    const { checkpoint } = await writer.commit();
    await ledger.record({ checkpoint, stored: batch.map(({ stored }) => stored), failed: [] });
    carried(batch.length);
    batch = [];
  };
  for (const change of changes) {
    if (batch.push(change) === changedAtOnce) await carry();
  }
  await carry();
}

const mostNamed = 8;

/** A few of them by name; keywords come from a server, who may have made up any. */
export function listOfFlags(flags: readonly string[]): string {
  const more = flags.length > mostNamed ? ` and ${flags.length - mostNamed} more` : "";
  return `${flags
    .slice(0, mostNamed)
    .map((flag) => printable(flag))
    .join(", ")}${more}`;
}
