// What the last line of a ledger says of a mailbox in which nothing was left to do, and for which job that holds.

import type { Settled } from "../storage/ledger-lines.ts";
import type { MessageFilter } from "./job.ts";
import type { Tally } from "./tally.ts";

/** What is asked of a mailbox, in a word: the same for the same messages, as long as the mailbox is the same. */
export function askedOf({ since, before, maxSize, unseen }: MessageFilter): string {
  return JSON.stringify({ since, before, maxSize, unseen });
}

/** Undefined if anything was left to do, or to say of a message. */
export function settledOf(filter: MessageFilter, validity: string, { counts, failures }: Tally): Settled | undefined {
  const { onServer, filtered, kept, twins = 0, missing, placed = 0, altered = 0, unkept = 0 } = counts;
  if ([missing, placed, altered, unkept, failures.length].some((number) => number !== 0)) return undefined;
  return { validity, asked: askedOf(filter), onServer, filtered, kept, twins };
}

/** The tally of which `settledOf` told. */
export function tallyOf({ onServer, filtered, kept, twins }: Settled): Tally {
  return {
    counts: { onServer, inArchive: onServer, missing: 0, kept, filtered, placed: 0, altered: 0, unkept: 0, twins },
    failures: [],
    unkept: new Set(),
  };
}
