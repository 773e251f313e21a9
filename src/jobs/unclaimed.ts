// Messages in the sink that no listed key names, by content. Equal messages are counted, never merged.

import { Column } from "../formats/column.ts";
import { hashNumber, RowIndex } from "../formats/row-index.ts";
import type { Stored } from "../message.ts";
import type { Ledger } from "../storage/ledger.ts";
import { contentOf, type Entry } from "../storage/ledger-table.ts";

export class Unclaimed {
  /** How many are left. */
  size = 0;
  readonly #ledger: Pick<Ledger, "get">;
  readonly #ids = new Column();
  readonly #contents = new Column();
  /** NaN for none. */
  readonly #dates = new Column(1000);
  /** The row after it with the same content, plus one; 0 if there is none. */
  readonly #next = new Column();
  /** The first row of each content that is left; of a content of which none is, some row that was claimed. */
  readonly #first = new RowIndex((row) => hashNumber(this.#contents.get(row)));
  readonly #claimed = new Column();
  /** Of what has several rows, one for each way to read it: what was claimed by one of them. */
  readonly #understood = new Set<number>();

  constructor(ledger: Pick<Ledger, "get">, entries: Iterable<Entry>) {
    this.#ledger = ledger;
    for (const entry of entries) {
      this.size++;
      this.#add(entry, entry.content);
      const { recovered = [] } = entry.isMarked ? ledger.get(entry.id) : {};
      for (const { sha256 } of recovered) this.#add(entry, contentOf(sha256));
    }
  }

  #add({ id, internalDate }: Entry, content: number): void {
    const before = this.#firstOf(content);
    this.#ids.push(id);
    this.#contents.push(content);
    this.#dates.push(internalDate?.getTime() ?? Number.NaN);
    this.#next.push(before + 1);
    this.#claimed.push(0);
    this.#lead(this.#ids.length - 1);
  }

  /** Takes one message with this content out, of the same date if there is one; undefined if there is none left. */
  claim(sha256: string, date: Date | undefined): Stored | undefined {
    const time = date?.getTime() ?? Number.NaN;
    let first: Candidate | undefined;
    for (let before = -1, row = this.#firstOf(contentOf(sha256)); row >= 0; ) {
      const isOfDate = Object.is(this.#dates.get(row), time);
      const isLeft = this.#claimed.get(row) === 0 && !this.#understood.has(this.#ids.get(row));
      if (isLeft && (isOfDate || first === undefined)) {
        const stored = readAs(sha256, this.#ledger.get(this.#ids.get(row)));
        if (stored !== undefined) first = { before, row, stored };
        if (first?.row === row && isOfDate) break;
      }
      before = row;
      row = this.#next.get(row) - 1;
    }
    return first === undefined ? undefined : this.#take(first);
  }

  #take({ before, row, stored }: Candidate): Stored {
    this.#claimed.set(row, 1);
    if (this.#ledger.get(this.#ids.get(row)).recovered !== undefined) this.#understood.add(this.#ids.get(row));
    const after = this.#next.get(row);
    if (before >= 0) this.#next.set(before, after);
    else if (after > 0) this.#lead(after - 1);
    this.size--;
    return stored;
  }

  #firstOf(content: number): number {
    return this.#first.find(hashNumber(content), (row) => this.#contents.get(row) === content);
  }

  /** This row is the first of its content from now on. */
  #lead(row: number): void {
    const content = this.#contents.get(row);
    this.#first.put(hashNumber(content), row, (other) => this.#contents.get(other) === content);
  }
}

/** The message with these octets; undefined if it can't be read as them. */
function readAs(sha256: string, stored: Stored): Stored | undefined {
  const { recovered, ...rest } = stored;
  if (recovered === undefined) return stored.sha256 === sha256 ? stored : undefined;
  const reading = [stored, ...recovered].find((one) => one.sha256 === sha256);
  return reading && { ...rest, size: reading.size, sha256, place: reading.place };
}

interface Candidate {
  /** The row before it in its chain; -1 if there is none. */
  readonly before: number;
  readonly row: number;
  readonly stored: Stored;
}
