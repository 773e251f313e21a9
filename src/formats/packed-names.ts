// Names by the million: those that are numbers, as most UIDs, take four octets; the others lie end to end in large buffers.

import { Column } from "./column.ts";
import { hashNumber, hashText, RowIndex } from "./row-index.ts";

const kinds = { number: 0, latin1: 1, utf16: 2 };
const firstOctets = 1024;
/** So many octets at once; a position is the number of a buffer and an offset in it, together 32 bits. */
const bufferBits = 20;
const lengthOctets = 4;

/** A list of names. A name is any string, and comes back as it was. */
export class PackedNames {
  readonly #kinds = new Column();
  /** The number itself, or where the octets are. */
  readonly #values = new Column();
  readonly #buffers: Buffer[] = [];
  #free = 0;

  get length(): number {
    return this.#kinds.length;
  }

  push(name: string): void {
    const number = numberOf(name);
    if (number !== undefined) {
      this.#kinds.push(kinds.number);
      this.#values.push(number);
      return;
    }
    const isLatin1 = /^[\0-\xff]*$/.test(name);
    this.#kinds.push(isLatin1 ? kinds.latin1 : kinds.utf16);
    const octets = Buffer.from(name, isLatin1 ? "latin1" : "utf16le");
    const buffer = this.#room(lengthOctets + octets.length);
    buffer.writeUInt32LE(octets.length, this.#free);
    octets.copy(buffer, this.#free + lengthOctets);
    this.#values.push((this.#buffers.length - 1) * 2 ** bufferBits + this.#free);
    this.#free += lengthOctets + octets.length;
  }

  at(row: number): string {
    const value = this.#values.get(row);
    const kind = this.#kinds.get(row);
    if (kind === kinds.number) return `${value}`;
    const buffer = this.#buffers[value >>> bufferBits] ?? Buffer.alloc(lengthOctets);
    const start = (value & (2 ** bufferBits - 1)) + lengthOctets;
    const end = start + buffer.readUInt32LE(start - lengthOctets);
    return buffer.toString(kind === kinds.latin1 ? "latin1" : "utf16le", start, end);
  }

  /** The number that it is; of any other name, nothing that means anything. */
  valueAt(row: number): number {
    return this.#values.get(row);
  }

  /** What `probe` says of its name. */
  hashAt(row: number): number {
    const isNumber = this.#kinds.get(row) === kinds.number;
    return isNumber ? hashNumber(this.#values.get(row)) : hashText(this.at(row)).low;
  }

  /** How a name is looked for in a `RowIndex` of these rows. */
  probe(name: string): { readonly hash: number; isIt(row: number): boolean } {
    const number = numberOf(name);
    if (number === undefined) return { hash: hashText(name).low, isIt: (row) => this.at(row) === name };
    const isIt = (row: number) => this.#kinds.get(row) === kinds.number && this.#values.get(row) === number;
    return { hash: hashNumber(number), isIt };
  }

  /** The buffer that has so much room at `#free`. */
  #room(octets: number): Buffer {
    const last = this.#buffers.at(-1);
    if (last !== undefined && this.#free + octets <= last.length && this.#free < 2 ** bufferBits) return last;
    const size = Math.min(2 ** bufferBits, firstOctets * 2 ** this.#buffers.length);
    const buffer = Buffer.allocUnsafeSlow(Math.max(size, octets));
    this.#buffers.push(buffer);
    this.#free = 0;
    return buffer;
  }
}

/**
 * Names of which each stands for its last row. As long as they are numbers that ascend, as UIDs mostly do, their own order
 * is the index.
 */
export class NameTable {
  readonly names = new PackedNames();
  #rows: RowIndex | undefined;
  /** Rows before it are forgotten. */
  #from = 0;
  #last = -1;

  get length(): number {
    return this.names.length;
  }

  /** -1 if there is none. */
  find(name: string): number {
    if (this.#rows === undefined) return this.#search(name);
    const { hash, isIt } = this.names.probe(name);
    return this.#rows.find(hash, isIt);
  }

  has(name: string): boolean {
    return this.find(name) >= 0;
  }

  /** Adds a row; an earlier one of this name is not found any more. */
  push(name: string): number {
    const number = numberOf(name) ?? -1;
    if (number <= this.#last) this.#rows ??= this.#index();
    this.#last = Math.max(this.#last, number);
    const row = this.names.length;
    this.names.push(name);
    this.#put(row);
    return row;
  }

  /** No row is found by its name any more; each still has it. */
  forgetAll(): void {
    this.#rows = undefined;
    this.#from = this.names.length;
    this.#last = -1;
  }

  #search(name: string): number {
    const number = numberOf(name);
    if (number === undefined) return -1;
    let from = this.#from;
    let to = this.names.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.names.valueAt(middle) < number) from = middle + 1;
      else to = middle;
    }
    return from < this.names.length && this.names.valueAt(from) === number ? from : -1;
  }

  #index(): RowIndex {
    this.#rows = new RowIndex((row) => this.names.hashAt(row));
    for (let row = this.#from; row < this.names.length; row++) this.#put(row);
    return this.#rows;
  }

  #put(row: number): void {
    if (this.#rows === undefined) return;
    const { hash, isIt } = this.names.probe(this.names.at(row));
    this.#rows.put(hash, row, isIt);
  }
}

const largestNumber = 2 ** 32 - 1;

/** The number that is written like this and in no other way. */
function numberOf(name: string): number | undefined {
  if (name.length === 0 || name.length > 10) return undefined;
  let number = 0;
  for (let at = 0; at < name.length; at++) {
    const digit = name.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9 || (at === 0 && digit === 0 && name.length > 1)) return undefined;
    number = number * 10 + digit;
  }
  return number <= largestNumber ? number : undefined;
}
