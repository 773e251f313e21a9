// Places in a store, a few octets for each: which of them a run has written.

import { Column } from "../formats/column.ts";
import { hashText, RowIndex } from "../formats/row-index.ts";
import type { Place } from "../message.ts";

/** What tells places apart: two are the same if their names are. */
export function nameOfPlace(place: Place): string {
  return JSON.stringify(place);
}

/** Of 64 bits, by rows. Within one process the same place has the same. */
export class PlaceHashes {
  readonly #high = new Column();
  readonly #low = new Column();
  readonly #rows = new RowIndex((row) => this.#low.get(row));

  get length(): number {
    return this.#low.length;
  }

  /** The row of this place, if `isIt` says so too of one that has its hash; -1 if there is none. */
  find(name: string, isIt: (row: number) => boolean = () => true): number {
    const { high, low } = hashText(name);
    return this.#rows.find(low, (row) => this.#high.get(row) === high && isIt(row));
  }

  /** Adds a row. It takes the place of the one that `find` would give. */
  push(name: string, isIt: (row: number) => boolean = () => true): void {
    const { high, low } = hashText(name);
    const row = this.length;
    this.#high.push(high);
    this.#low.push(low);
    this.#rows.put(low, row, (other) => this.#high.get(other) === high && isIt(other));
  }

  /** True if this row of the other has the hash of any of these. */
  hasHashOf(other: PlaceHashes, otherRow: number): boolean {
    const [high, low] = [other.#high.get(otherRow), other.#low.get(otherRow)];
    return this.#rows.find(low, (row) => this.#high.get(row) === high) >= 0;
  }

  /** No row is found any more; each keeps its hash. */
  forgetAll(): void {
    this.#rows.clear();
  }
}

/** Places, each once. */
export class PlaceSet {
  readonly hashes = new PlaceHashes();

  get size(): number {
    return this.hashes.length;
  }

  add(place: Place): void {
    const name = nameOfPlace(place);
    if (this.hashes.find(name) < 0) this.hashes.push(name);
  }
}
