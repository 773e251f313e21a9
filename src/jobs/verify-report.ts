// What a verification of an archive, or of a pack, has found.

import type { ErrorCode } from "../errors.ts";
import type { MailFormat } from "../storage/archive.ts";

export interface VerifyReport {
  readonly archive: string;
  /** The packing, where it is a pack. */
  readonly pack?: "zip" | "tar.gz";
  readonly format: MailFormat;
  readonly account: string;
  readonly messages: number;
  readonly intact: number;
  /** Of the messages as they were at the source. */
  readonly octets: number;
  readonly mailboxes: readonly VerifiedFolder[];
  readonly problems: readonly VerifyProblem[];
  /** What earlier repairs have found lost, and no run has brought again. Absent means none. */
  readonly lost?: readonly LostMessage[] | undefined;
  /** What repairs have moved aside, relative to the archive. Absent means none. */
  readonly aside?: readonly string[] | undefined;
}

export interface VerifiedFolder {
  readonly path: readonly string[];
  readonly messages: number;
  readonly intact: number;
  /** Of these: how many a repair has taken in, so that their digests are of that day. Absent means none. */
  readonly recovered?: number | undefined;
  /** Besides: what a run that stopped has stored, and the next one will find. Absent means none. */
  readonly unfinished?: number | undefined;
}

export interface LostMessage {
  readonly mailbox: readonly string[];
  readonly key: string;
  readonly size: number;
  /** ISO 8601, UTC. */
  readonly date?: string | undefined;
}

export interface VerifyProblem {
  readonly mailbox: readonly string[];
  readonly key?: string | undefined;
  /** V901 if absent. */
  readonly code?: ErrorCode;
  /**
   * Of a message: `damaged`, `lost`, or `displaced`, which is intact at another place. Of mail that no ledger knows:
   * `unknown` for a message, `copy` of one that is known, `fragment`. Or it is the `ledger`, or the `marker`.
   */
  readonly kind?: "damaged" | "lost" | "displaced" | "unknown" | "copy" | "fragment" | "ledger" | "marker" | undefined;
  readonly reason: string;
  /** Of a message, as far as it is known; octets, ISO 8601 in UTC, and text that is safe to print. */
  readonly size?: number | undefined;
  readonly date?: string | undefined;
  readonly subject?: string | undefined;
}

export function lostMessage(
  mailbox: readonly string[],
  key: string,
  size: number,
  date: Date | undefined,
): LostMessage {
  return { mailbox, key, size, ...(date === undefined ? {} : { date: date.toISOString() }) };
}
