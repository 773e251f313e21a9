// What is said of messages once it is known where they lie in a target's mailbox.

import type { FlagChange, Stored } from "../message.ts";
import { readFlags, storeFlags } from "../protocol/imap-flags.ts";
import type { ImapSession } from "../protocol/imap-session.ts";
import type { ImapMailbox } from "./imap-mailbox.ts";
import type { Parcel } from "./imap-parcel.ts";
import { findMerged } from "./imap-recognition.ts";
import type { WantedFlags } from "./imap-sending.ts";
import { isSameSecond, type Recognised } from "./imap-strangers.ts";

export class Settling {
  readonly #mailbox: ImapMailbox;
  readonly #uidValidity: string;
  readonly #flagsOf: WantedFlags;

  constructor(mailbox: ImapMailbox, uidValidity: string, flagsOf: WantedFlags) {
    this.#mailbox = mailbox;
    this.#uidValidity = uidValidity;
    this.#flagsOf = flagsOf;
  }

  /** A message of which the mailbox keeps one copy for several is stored in that. */
  async merge(parcels: readonly Parcel[]): Promise<Map<Parcel, Stored>> {
    const { session, path } = this.#mailbox;
    const merged = new Map<Parcel, Stored>();
    for (const [parcel, uid] of await findMerged(session, path, parcels)) {
      const { key, flags, internalDate } = parcel.message;
      const place = { uidValidity: this.#uidValidity, uid, twin: key };
      merged.set(parcel, { key, size: parcel.size, sha256: parcel.sha256, place, flags, internalDate });
    }
    return merged;
  }

  /** Gives each message its flags, where the store has not; then says what it is like there. */
  async settle(placed: ReadonlyMap<Parcel, Recognised>): Promise<Map<Parcel, Stored>> {
    const { session, path, refusals } = this.#mailbox;
    const orders = [...placed].flatMap(([parcel, { uid, ref }]) => {
      const wanted = this.#flagsOf(parcel).filter((flag) => parcel.sent || flag !== "\\Deleted");
      const add = wanted.filter((flag) => !ref.flags?.includes(flag));
      return add.length === 0 ? [] : [{ uid, add, remove: [] }];
    });
    await storeFlags(session, orders);
    const after = await readFlags(
      session,
      orders.map(({ uid }) => uid),
    );
    const stored = new Map<Parcel, Stored>();
    for (const [parcel, { uid, ref, digest }] of placed) {
      const { key, flags, internalDate } = parcel.message;
      const has = after.get(uid) ?? ref.flags ?? [];
      const unkept = flags.filter((flag) => !has.includes(flag) && (parcel.sent || flag !== "\\Deleted"));
      if (internalDate !== undefined && !isSameSecond(ref.internalDate, internalDate)) unkept.push("INTERNALDATE");
      const isAltered = digest.sha256 !== parcel.sha256;
      if (isAltered) await refusals?.keep(path, parcel.spooled);
      stored.set(parcel, {
        key,
        size: parcel.size,
        sha256: parcel.sha256,
        place: { uidValidity: this.#uidValidity, uid },
        flags,
        internalDate,
        ...(isAltered ? { altered: digest } : {}),
        ...(unkept.length > 0 ? { unkept } : {}),
      });
    }
    return stored;
  }
}

/** Of the messages that were stored under this UIDVALIDITY; those that are gone are passed over. */
export async function changeFlags(
  session: ImapSession,
  uidValidity: string,
  keeps: (flag: string) => boolean,
  changes: readonly FlagChange[],
): Promise<void> {
  const ours = changes.filter(({ place }) => place.uidValidity === uidValidity);
  const now = await readFlags(
    session,
    ours.map(({ place }) => Number(place.uid)),
  );
  const orders = ours.flatMap(({ place, add, remove }) => {
    const uid = Number(place.uid);
    const has = now.get(uid);
    if (has === undefined) return [];
    const missing = add.filter((flag) => !has.includes(flag) && keeps(flag));
    return [{ uid, add: missing, remove: remove.filter((flag) => has.includes(flag)) }];
  });
  await storeFlags(session, orders);
}
