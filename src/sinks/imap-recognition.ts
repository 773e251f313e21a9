// By what a message at the target is known to be one of ours: by its octets, and where a server rewrites what it is given,
// by what is left of them. Never by a header of our own.

import type { MessageRef } from "../message.ts";
import { digestMessages } from "../protocol/imap-digest.ts";
import { listMessages } from "../protocol/imap-listing.ts";
import type { ImapSession } from "../protocol/imap-session.ts";
import type { Parcel } from "./imap-parcel.ts";
import type { Likeness, Recognised, Strangers } from "./imap-strangers.ts";

/** What may be ours although no ledger says so. */
export interface Uncertain {
  /** Messages from this UID on came after the last commit that was recorded. */
  readonly from: number;
  /** The server is known to rewrite messages so that they can be told only by Message-ID and date. */
  readonly rewrites: boolean;
}

/** The messages that are there already, of a run that died or of another tool. */
export async function recogniseThere(
  session: ImapSession,
  strangers: Strangers,
  parcels: readonly Parcel[],
  { from, rewrites }: Uncertain,
): Promise<Map<Parcel, Recognised>> {
  if (strangers.size === 0 || parcels.length === 0) return new Map();
  const exact = await strangers.recognise(session, parcels);
  const rest = parcels.filter((parcel) => !exact.has(parcel));
  const altered = await strangers.recogniseAltered(session, rest, from, (parcel, other) => {
    const isSame = other.essence || other.isMarked;
    if (other.date && isSame) return true;
    if (parcel.internalDate === undefined) return other.uid >= from && isSame && other.isTelling;
    return other.date && other.messageId && (other.uid >= from || rewrites) && isLikeSize(parcel.size, other.size);
  });
  return new Map([...exact, ...altered]);
}

/** From the surest sign to the last resort. A server may confuse the UIDs that it names. */
const signs: readonly ((parcel: Parcel, other: Likeness) => boolean)[] = [
  ({ hint }, { uid, essence }) => uid === hint && essence,
  (_, { date, essence, isMarked }) => date && (essence || isMarked),
  (_, { essence, isMarked, isTelling }) => (essence || isMarked) && isTelling,
  (_, { messageId }) => messageId,
  ({ hint }, { uid }) => uid === hint,
  (_, { date }) => date,
];
const lastOfTheSame = 2;

/**
 * Where the messages lie that the server has just said OK to, of those from the UID `from` on. `rewritten`: one of them
 * could be told only by Message-ID, date or the server's word.
 */
export async function recogniseSent(
  session: ImapSession,
  strangers: Strangers,
  sent: readonly Parcel[],
  from: number,
): Promise<{ readonly placed: Map<Parcel, Recognised>; readonly rewritten: boolean }> {
  const placed = await strangers.recognise(session, sent);
  let rewritten = false;
  for (const [rank, sign] of signs.entries()) {
    const rest = sent.filter((parcel) => !placed.has(parcel));
    if (rest.length === 0) break;
    const isOurs = (parcel: Parcel, other: Likeness) => other.uid >= from && sign(parcel, other);
    const found = await strangers.recogniseAltered(session, rest, from, isOurs);
    for (const [parcel, recognised] of found) placed.set(parcel, recognised);
    rewritten ||= rank > lastOfTheSame && found.size > 0;
  }
  return { placed, rewritten };
}

/** The UIDs of messages with the same octets: Gmail says OK to a message that it has in the mailbox already, and keeps one. */
export async function findMerged(
  session: ImapSession,
  path: readonly string[],
  parcels: readonly Parcel[],
): Promise<Map<Parcel, number>> {
  const merged = new Map<Parcel, number>();
  if (parcels.length === 0) return merged;
  const sizes = new Set(parcels.map(({ size }) => size));
  const alike: MessageRef[] = [];
  for await (const ref of listMessages(session, path)) if (sizes.has(ref.size ?? 0)) alike.push(ref);
  const digests = await digestMessages(session, alike);
  for (const parcel of parcels) {
    const [uid] = [...digests].find(([, { sha256 }]) => sha256 === parcel.sha256) ?? [];
    if (uid !== undefined) merged.set(parcel, uid);
  }
  return merged;
}

/** Servers add headers and re-encode, but a letter stays a letter. */
function isLikeSize(size: number, other: number): boolean {
  return Math.abs(other - size) <= Math.max(16_384, size / 2);
}
