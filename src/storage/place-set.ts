// Places in a store, a few octets for each: which of them a run has written.

import { Column } from "../formats/column.ts";
import { hashText, RowIndex } from "../formats/row-index.ts";
import type { Place } from "../message.ts";

/** What tells places apart: two are the same if their names are. How what lies there is to be read is no part of it. */
export function nameOfPlace(place: Place): string {
  if (!("verbatim" in place || "addedNewline" in place)) return JSON.stringify(place);
  const { verbatim: _, addedNewline: __, ...where } = place;
  return JSON.stringify(where);
}

/** Places, by 64 bits of each. Each is to be added once. */
export class PlaceSet {
  readonly #high = new Column();
  readonly #low = new Column();
  /** Made when it is asked for. */
  #rows: RowIndex | undefined;

  get size(): number {
    return this.#low.length;
  }

  add(place: Place): void {
    const { high, low } = hashText(nameOfPlace(place));
    this.#high.push(high);
    this.#low.push(low);
    this.#rows = undefined;
  }

  has(place: Place): boolean {
    const { high, low } = hashText(nameOfPlace(place));
    return this.#index().find(low, (row) => this.#high.get(row) === high) >= 0;
  }

  /** True if any of them has this hash, `low` of its name. */
  hasHash(low: number): boolean {
    return this.#index().find(low, () => true) >= 0;
  }

  #index(): RowIndex {
    if (this.#rows !== undefined) return this.#rows;
    this.#rows = new RowIndex((row) => this.#low.get(row));
    for (let row = 0; row < this.size; row++) this.#rows.put(this.#low.get(row), row, () => false);
    return this.#rows;
  }
}
