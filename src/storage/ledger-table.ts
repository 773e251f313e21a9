// What is asked of every message in every run, in columns: about fifty octets for each message that is stored. All else
// stays in the file.

import { Column } from "../formats/column.ts";
import { FlagSets } from "../formats/flag-sets.ts";
import { NameTable } from "../formats/packed-names.ts";
import { hashText, RowIndex } from "../formats/row-index.ts";
import type { MessageRef, Place } from "../message.ts";
import type { StoredLine } from "./ledger-lines.ts";
import { nameOfPlace, type PlaceSet } from "./place-set.ts";

/** A stored message as the source listed it. `Ledger.get` tells the rest of it. */
export interface Entry extends MessageRef {
  /** Stands for it in this ledger, until this is disposed. */
  readonly id: number;
  readonly size: number;
  readonly flags: readonly string[];
  /** Of its octets: those with different ones are different. */
  readonly content: number;
  /** The store has it otherwise than it came, or it is not known how it came: `altered`, `unkept` or `recovered` tells. */
  readonly isMarked: boolean;
  /** There is an `emailId`, which is not told here. */
  readonly hasEmailId: boolean;
}

export type Validity = "current" | "earlier";

const states = { superseded: 0, current: 1, earlier: 2 };
const stateBits = 3;
const marked = 4;
const hasEmailId = 8;

export class LedgerTable {
  /** How many rows later ones have replaced. */
  superseded = 0;
  /** How many are stored, by what their keys are worth. */
  readonly counts = { current: 0, earlier: 0 };
  readonly #placeOf: (row: number) => Place;
  readonly #keys = new NameTable();
  /** Hashes of 32 bits: whether it is the place, its line tells. */
  readonly #places = new Column();
  readonly #byPlace = new RowIndex((row) => this.#places.get(row));
  readonly #sizes = new Column();
  /** NaN for none. */
  readonly #dates = new Column(1000);
  readonly #flags = new Column();
  readonly #contents = new Column();
  readonly #bits = new Column();
  readonly #sets = new FlagSets();

  /** `placeOf` tells the place of a row, which is known here only by its hash. */
  constructor(placeOf: (row: number) => Place) {
    this.#placeOf = placeOf;
  }

  get length(): number {
    return this.#bits.length;
  }

  /** The row of this key; -1 if there is none. */
  find(key: string): number {
    const row = this.#keys.find(key);
    return row >= 0 && this.#stateOf(row) === states.current ? row : -1;
  }

  holds(place: Place): boolean {
    const name = nameOfPlace(place);
    return this.#rowAt(name, hashText(name).low) >= 0;
  }

  /** The rows whose keys are worth this, in the order in which they came. */
  *rows(validity: Validity): Iterable<number> {
    for (let row = 0; row < this.length; row++) if (this.#stateOf(row) === states[validity]) yield row;
  }

  /** The rows of what is stored at these places. */
  *rowsAt(places: PlaceSet): Iterable<number> {
    for (let row = 0; row < this.length; row++) {
      const isThere = this.#stateOf(row) !== states.superseded && places.hasHash(this.#places.get(row));
      if (isThere && places.has(this.#placeOf(row))) yield row;
    }
  }

  entry(row: number): Entry {
    const date = this.#dates.get(row);
    const bits = this.#bits.get(row);
    return {
      id: row,
      key: this.#keys.names.at(row),
      size: this.#sizes.get(row),
      flags: this.#sets.at(this.#flags.get(row)) ?? [],
      internalDate: Number.isNaN(date) ? undefined : new Date(date),
      content: this.#contents.get(row),
      isMarked: (bits & marked) !== 0,
      hasEmailId: (bits & hasEmailId) !== 0,
    };
  }

  /** Adds a row. One at the same place is superseded; one of the same key at another place is still stored, but its key is void. */
  add(stored: StoredLine): void {
    const { key, size, listedSize = size, date, listedDate = date, flags, emailId } = stored;
    const name = nameOfPlace(stored.place);
    const hash = hashText(name).low;
    const there = this.#rowAt(name, hash);
    if (there >= 0) {
      this.#become(there, states.superseded);
      this.superseded++;
    }
    const previous = this.find(key);
    if (previous >= 0) this.#become(previous, states.earlier);
    this.#keys.push(key);
    this.#places.push(hash);
    this.#byPlace.put(hash, this.#places.length - 1, (row) => row === there);
    this.#sizes.push(listedSize);
    this.#dates.push(listedDate === undefined ? Number.NaN : Date.parse(listedDate));
    this.#flags.push(this.#sets.numberOf(flags));
    this.#contents.push(contentOf(stored.sha256));
    const isMarked = [stored.altered, stored.unkept, stored.recovered].some((mark) => mark !== undefined);
    this.#bits.push(states.superseded | (isMarked ? marked : 0) | (emailId === undefined ? 0 : hasEmailId));
    this.#become(this.length - 1, states.current);
  }

  /** Every key becomes void. */
  voidKeys(): void {
    for (let row = 0; row < this.length; row++) {
      if (this.#stateOf(row) === states.current) this.#become(row, states.earlier);
    }
    this.#keys.forgetAll();
  }

  /** All that is stored is superseded. */
  forgetAll(): void {
    this.superseded += this.counts.current + this.counts.earlier;
    for (let row = 0; row < this.length; row++) this.#become(row, states.superseded);
    this.#keys.forgetAll();
    this.#byPlace.clear();
  }

  #rowAt(name: string, hash: number): number {
    return this.#byPlace.find(hash, (row) => nameOfPlace(this.#placeOf(row)) === name);
  }

  #stateOf(row: number): number {
    return this.#bits.get(row) & stateBits;
  }

  #become(row: number, state: number): void {
    const before = this.#stateOf(row);
    if (before === states.current) this.counts.current--;
    if (before === states.earlier) this.counts.earlier--;
    if (state === states.current) this.counts.current++;
    if (state === states.earlier) this.counts.earlier++;
    this.#bits.set(row, (this.#bits.get(row) & ~stateBits) | state);
  }
}

/** As much of a digest as a number holds exactly: 52 bits. */
export function contentOf(sha256: string): number {
  return Number.parseInt(sha256.slice(0, 13), 16) || 0;
}
