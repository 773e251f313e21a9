// Messages of the target mailbox that no ledger knows: our own from a run that died before it could record them, another
// tool's, or mail that came to the owner meanwhile. One with the octets of a message that is to be sent is that message.

import type { Digest } from "../formats/digest.ts";
import type { MessageRef } from "../message.ts";
import { digestMessages, isMarked, readMessages, readTraits, type Traits } from "../protocol/imap-digest.ts";
import type { ImapSession } from "../protocol/imap-session.ts";
import type { Parcel } from "./imap-parcel.ts";

/** A message of the target, taken for one of ours. */
export interface Recognised {
  readonly uid: number;
  readonly ref: MessageRef;
  /** What lies there. */
  readonly digest: Digest;
}

interface Stranger {
  readonly uid: number;
  readonly ref: MessageRef;
  digest?: Digest;
  traits?: Traits;
}

export class Strangers {
  readonly #all = new Map<number, Stranger>();
  /** Known to be ours, perhaps before they were listed. */
  readonly #claimed = new Set<number>();
  /** Ours, as the server says, but of a later batch. */
  readonly #setAside = new Set<number>();

  /** Takes in what was listed, but for what is known to be ours. */
  add(ref: MessageRef): void {
    const uid = Number(ref.key);
    if (!this.#claimed.has(uid)) this.#all.set(uid, { uid, ref });
  }

  get size(): number {
    return this.#all.size;
  }

  /** The lowest UID from this one on; undefined if there is none. */
  lowestFrom(uid: number): number | undefined {
    let lowest: number | undefined;
    for (const each of this.#all.keys()) if (each >= uid && each < (lowest ?? Number.POSITIVE_INFINITY)) lowest = each;
    return lowest;
  }

  /** Whether one with a UID below `below` would have to be read to know that it is none of these: see `recogniseThere`. */
  mayHold(parcels: readonly Parcel[], from: number, below: number): boolean {
    const sizes = new Set(parcels.map(({ size }) => size));
    const seconds = new Set(parcels.map(({ internalDate }) => secondOf(internalDate)));
    for (const { uid, ref } of this.#all.values()) {
      if (uid >= below) continue;
      if (uid >= from || ref.size === undefined || sizes.has(ref.size)) return true;
      if (seconds.has(secondOf(ref.internalDate))) return true;
    }
    return false;
  }

  /** These are not to be taken for others. */
  setAside(uids: Iterable<number>): void {
    for (const uid of uids) this.#setAside.add(uid);
  }

  /** No message that is to come has a UID below this one, and none is set aside. */
  beginFrom(uid: number): void {
    for (const claimed of this.#claimed) if (claimed < uid) this.#claimed.delete(claimed);
    this.#setAside.clear();
  }

  /** Takes out those that are these messages to the octet: by the same date where there are several. */
  async recognise(session: ImapSession, parcels: readonly Parcel[]): Promise<Map<Parcel, Recognised>> {
    const sizes = new Set(parcels.map(({ size }) => size));
    await this.#digest(
      session,
      this.#where(({ ref }) => ref.size === undefined || sizes.has(ref.size)),
    );
    const byContent = new Map<string, Stranger[]>();
    for (const each of this.#where(({ digest }) => digest !== undefined)) {
      const { sha256 = "" } = each.digest ?? {};
      const same = byContent.get(sha256);
      if (same === undefined) byContent.set(sha256, [each]);
      else same.push(each);
    }
    const found = new Map<Parcel, Recognised>();
    for (const parcel of parcels) {
      const same = byContent.get(parcel.sha256) ?? [];
      const exact = same.findIndex(({ ref }) => isSameSecond(ref.internalDate, parcel.internalDate));
      const [stranger] = same.splice(Math.max(0, exact), 1);
      if (stranger?.digest !== undefined) found.set(parcel, this.#take(stranger, stranger.digest));
    }
    return found;
  }

  /**
   * Reads what lies at the UIDs from `from` on that the server has named for these messages, listed or not. Only what is
   * there to the octet counts as found.
   */
  async recogniseNamed(
    session: ImapSession,
    parcels: readonly Parcel[],
    from: number,
  ): Promise<Map<Parcel, Recognised>> {
    const named = new Map<number, Parcel>();
    for (const parcel of parcels) {
      const { hint } = parcel;
      if (hint !== undefined && hint >= from && !this.#claimed.has(hint)) named.set(hint, parcel);
    }
    const refs = [...named].map(([uid, { size }]) => ({ key: `${uid}`, size }));
    const there = new Map<string, Recognised[]>();
    for (const [uid, { ref, digest }] of await readMessages(session, refs)) {
      if (digest.sha256 !== named.get(uid)?.sha256) continue;
      const same = there.get(digest.sha256) ?? [];
      there.set(digest.sha256, same);
      same.push({ uid, ref, digest });
    }
    const found = new Map<Parcel, Recognised>();
    for (const [uid, parcel] of named) {
      const same = there.get(parcel.sha256);
      const likest = same?.toSorted((a, b) => likeness(parcel, b, uid) - likeness(parcel, a, uid))[0];
      if (same === undefined || likest === undefined) continue;
      same.splice(same.indexOf(likest), 1);
      this.#all.delete(likest.uid);
      this.#claimed.add(likest.uid);
      found.set(parcel, likest);
    }
    return found;
  }

  /**
   * Takes out those that are these messages as the server has rewritten them. `isOurs` is asked about messages with a date
   * of one of the parcels, and about those from the UID `from` on, in ascending order.
   */
  async recogniseAltered(
    session: ImapSession,
    parcels: readonly Parcel[],
    from: number,
    isOurs: (parcel: Parcel, likeness: Likeness) => boolean,
  ): Promise<Map<Parcel, Recognised>> {
    const found = new Map<Parcel, Recognised>();
    const seconds = new Set(parcels.map(({ internalDate }) => secondOf(internalDate)));
    const candidates = this.#where(({ uid, ref }) => uid >= from || seconds.has(secondOf(ref.internalDate)));
    if (candidates.length === 0 || parcels.length === 0) return found;
    await this.#digest(session, candidates);
    const unread = candidates.filter(({ traits }) => traits === undefined);
    for (const [uid, traits] of await readTraits(session, refsOf(unread))) this.#know(uid, { traits });
    for (const parcel of parcels) {
      const own = await parcel.traits();
      for (const { uid, ref, traits, digest } of candidates) {
        const stranger = this.#all.get(uid);
        if (stranger === undefined || traits === undefined || digest === undefined) continue;
        const likeness = {
          uid,
          size: digest.size,
          date: isSameSecond(ref.internalDate, parcel.internalDate),
          essence: own.essence === traits.essence,
          isTelling: own.visible >= tellingOctets,
          isMarked: isMarked(traits, own),
          messageId: own.messageId !== undefined && own.messageId === traits.messageId,
        };
        if (!isOurs(parcel, likeness)) continue;
        found.set(parcel, this.#take(stranger, digest));
        break;
      }
    }
    return found;
  }

  async #digest(session: ImapSession, strangers: readonly Stranger[]): Promise<void> {
    const unread = strangers.filter(({ digest }) => digest === undefined);
    for (const [uid, digest] of await digestMessages(session, refsOf(unread))) this.#know(uid, { digest });
  }

  #where(test: (stranger: Stranger) => boolean): Stranger[] {
    const free = [...this.#all.values()].filter((stranger) => !this.#setAside.has(stranger.uid) && test(stranger));
    return free.sort((a, b) => a.uid - b.uid);
  }

  #know(uid: number, facts: Partial<Pick<Stranger, "digest" | "traits">>): void {
    const stranger = this.#all.get(uid);
    if (stranger !== undefined) Object.assign(stranger, facts);
  }

  #take({ uid, ref }: Stranger, digest: Digest): Recognised {
    this.#all.delete(uid);
    this.#claimed.add(uid);
    return { uid, ref, digest };
  }
}

/** Of messages with the same octets a server may confuse the UIDs: each has flags and a date of its own. */
function likeness({ message }: Parcel, { uid, ref }: Recognised, named: number): number {
  const has = new Set(ref.flags);
  const isFlagged = message.flags.length === has.size && message.flags.every((flag) => has.has(flag));
  return (
    4 * Number(isSameSecond(ref.internalDate, message.internalDate)) + 2 * Number(isFlagged) + Number(uid === named)
  );
}

/** In what a message of the target is like one of ours. */
export interface Likeness {
  readonly uid: number;
  /** Of the target's, in octets. */
  readonly size: number;
  /** To the second: ours came with the date of the source, a delivery has the time at which it came. */
  readonly date: boolean;
  /** The same but for line ends, blanks and octets outside of ASCII. */
  readonly essence: boolean;
  /** There is enough of it that the same essence is no chance. */
  readonly isTelling: boolean;
  /** The same with header fields added to it. */
  readonly isMarked: boolean;
  readonly messageId: boolean;
}

const tellingOctets = 32;

function refsOf(strangers: readonly Stranger[]): MessageRef[] {
  return strangers.map(({ ref }) => ref);
}

function secondOf(date: Date | undefined): number {
  return Math.floor((date?.getTime() ?? Number.NaN) / 1000);
}

/** IMAP dates have no fractions of a second. */
export function isSameSecond(a: Date | undefined, b: Date | undefined): boolean {
  return secondOf(a) === secondOf(b);
}
