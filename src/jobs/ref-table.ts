// What a server lists of a mailbox, in columns: a few dozen octets for each message, which becomes an object only while
// somebody looks at it.

import { Column } from "../formats/column.ts";
import { FlagSets } from "../formats/flag-sets.ts";
import { NameTable, PackedNames } from "../formats/packed-names.ts";
import type { MessageRef } from "../message.ts";

/** Messages by their keys, in the order in which they were listed. */
export class RefTable implements Iterable<MessageRef> {
  readonly #keys = new NameTable();
  /** NaN for what was not told, of dates too. */
  readonly #sizes = new Column();
  readonly #dates = new Column(1000);
  readonly #flags = new Column();
  readonly #sets = new FlagSets();
  /** Empty for none; shorter than the others where none follows. */
  readonly #emailIds = new PackedNames();

  get size(): number {
    return this.#keys.length;
  }

  /** Adds a message; one whose key is there already is passed over. */
  add({ key, size, flags, internalDate, emailId }: MessageRef): void {
    if (this.has(key)) return;
    const row = this.#keys.push(key);
    this.#sizes.push(size ?? Number.NaN);
    this.#dates.push(internalDate?.getTime() ?? Number.NaN);
    this.#flags.push(this.#sets.numberOf(flags));
    if (emailId === undefined) return;
    while (this.#emailIds.length < row) this.#emailIds.push("");
    this.#emailIds.push(emailId);
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  find(key: string): MessageRef | undefined {
    const row = this.#keys.find(key);
    return row < 0 ? undefined : this.at(row);
  }

  at(row: number): MessageRef {
    const [size, date] = [this.#sizes.get(row), this.#dates.get(row)];
    const emailId = row < this.#emailIds.length ? this.#emailIds.at(row) : "";
    return {
      key: this.#keys.names.at(row),
      size: Number.isNaN(size) ? undefined : size,
      flags: this.#sets.at(this.#flags.get(row)),
      internalDate: Number.isNaN(date) ? undefined : new Date(date),
      ...(emailId === "" ? {} : { emailId }),
    };
  }

  *[Symbol.iterator](): Iterator<MessageRef> {
    for (let row = 0; row < this.size; row++) yield this.at(row);
  }

  select(test: (ref: MessageRef) => boolean): Selection {
    const selection = new Selection(this);
    for (let row = 0; row < this.size; row++) {
      const ref = this.at(row);
      if (test(ref)) selection.add(row, ref);
    }
    return selection;
  }
}

/** Some of the messages of a table. */
export class Selection implements Iterable<MessageRef> {
  /** As the listing claims them. */
  octets = 0;
  readonly #table: RefTable;
  /** As long as it is the first rows of the table, it needs only to know how many. */
  #first = 0;
  readonly #others = new Column();

  constructor(table: RefTable) {
    this.#table = table;
  }

  get size(): number {
    return this.#first + this.#others.length;
  }

  add(row: number, { size = 0 }: MessageRef): void {
    if (row === this.size) this.#first++;
    else this.#others.push(row);
    this.octets += size;
  }

  *[Symbol.iterator](): Iterator<MessageRef> {
    for (let at = 0; at < this.size; at++) yield this.#table.at(this.#rowAt(at));
  }

  select(test: (ref: MessageRef) => boolean): Selection {
    const selection = new Selection(this.#table);
    for (let at = 0; at < this.size; at++) {
      const row = this.#rowAt(at);
      const ref = this.#table.at(row);
      if (test(ref)) selection.add(row, ref);
    }
    return selection;
  }

  #rowAt(at: number): number {
    return at < this.#first ? at : this.#others.get(at - this.#first);
  }
}
