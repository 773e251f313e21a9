// A batch that is sent while the one before is read back and recorded, so that the way to the server is never empty: when
// that may begin, and what became of it.

import type { Pending } from "./batch-writer.ts";
import { type Parcel, parcelOf } from "./imap-parcel.ts";
import type { Sending } from "./imap-sending.ts";

/** A batch under way. */
export interface Carried {
  readonly parcels: readonly Parcel[];
  /** It has no message with a UID below this one. */
  readonly from: number;
  readonly sending: Sending;
}

/** Sends these, which come after `last`, if nothing has to be looked up before. */
export type Begin = (last: Carried, parcels: readonly Parcel[]) => Promise<Carried | undefined>;

export class Ahead {
  readonly #begin: Begin;
  /** What is being stored, if it needs nothing but to be read back. */
  #last: Carried | undefined;
  #announced: readonly Pending[] | undefined;
  #next: { readonly pending: readonly Pending[]; readonly begun: Promise<Carried | undefined> } | undefined;

  constructor(begin: Begin) {
    this.#begin = begin;
  }

  /** These are stored next. */
  announce(pending: readonly Pending[]): void {
    this.#announced = pending;
    this.#go();
  }

  /** The server said OK to all of this, and which UID each has. */
  allSaid(last: Carried): void {
    this.#last = last;
    this.#go();
  }

  /** Nothing more is begun before `allSaid` is called again. */
  halt(): void {
    this.#last = undefined;
  }

  mayFollow(last: Carried): boolean {
    return this.#last === last;
  }

  /** What was begun; undefined if nothing was. */
  begun(): Promise<Carried | undefined> {
    return this.#next?.begun ?? Promise.resolve(undefined);
  }

  /** The same, as the turn of these has come; what was begun is the caller's from here on. */
  take(pending: readonly Pending[]): Promise<Carried | undefined> {
    const next = this.#next;
    this.#next = undefined;
    this.#announced = undefined;
    return next?.pending === pending ? next.begun : Promise.resolve(undefined);
  }

  #go(): void {
    const [last, pending] = [this.#last, this.#announced];
    if (last === undefined || pending === undefined || this.#next !== undefined) return;
    this.#next = { pending, begun: this.#begin(last, pending.map(parcelOf)).catch(() => undefined) };
  }
}
