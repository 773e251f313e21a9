// What stands in the lines of a ledger, read again from its file when it is asked for: the last few lines stay at hand,
// so that who walks through a ledger reads each line once.

import { readSync } from "node:fs";
import { Column } from "../formats/column.ts";
import { diskError } from "./disk-error.ts";
import { damagedLedger, parseLine, type StoredLine } from "./ledger-lines.ts";

/** Where a line stands in its file. */
export interface LinePlace {
  readonly offset: number;
  /** Octets, with its LF. */
  readonly length: number;
}

/** An open ledger file. */
export interface LedgerHandle {
  readonly path: string;
  readonly fd: number;
}

type Entries = readonly StoredLine[];

const linesAtHand = 16;

/** The entries of all lines, numbered through in the order in which they stand. */
export class LedgerEntries {
  readonly #file: LedgerHandle | undefined;
  /** Of each line with entries: the number of its first, and where it stands. */
  readonly #firsts = new Column();
  readonly #offsets = new Column();
  readonly #lengths = new Column();
  readonly #atHand = new Map<number, Entries>();

  /** Without a file, all that is noted stays in memory. */
  constructor(file?: LedgerHandle) {
    this.#file = file;
  }

  /** Takes in a line, whose first entry has this number; it has to stand in the file already. */
  note(first: number, entries: Entries, { offset, length }: LinePlace = { offset: 0, length: 0 }): void {
    if (entries.length === 0) return;
    this.#keep(this.#firsts.length, entries);
    this.#firsts.push(first);
    this.#offsets.push(offset);
    this.#lengths.push(length);
  }

  /** Throws a MailferryError where the file can't be read, or does not say any more what it said. */
  at(number: number): StoredLine {
    const line = this.#lineOf(number);
    const entries = this.#atHand.get(line) ?? this.#read(line);
    this.#keep(line, entries);
    const entry = entries[number - this.#firsts.get(line)];
    if (entry === undefined) throw damagedLedger(this.#file?.path ?? "", this.#offsets.get(line));
    return entry;
  }

  #lineOf(number: number): number {
    let from = 0;
    let to = this.#firsts.length - 1;
    while (from < to) {
      const middle = (from + to + 1) >>> 1;
      if (this.#firsts.get(middle) <= number) from = middle;
      else to = middle - 1;
    }
    return from;
  }

  #keep(line: number, entries: Entries): void {
    this.#atHand.delete(line);
    this.#atHand.set(line, entries);
    if (this.#file === undefined || this.#atHand.size <= linesAtHand) return;
    for (const oldest of this.#atHand.keys()) {
      this.#atHand.delete(oldest);
      return;
    }
  }

  #read(line: number): Entries {
    if (this.#file === undefined) return [];
    const { fd, path } = this.#file;
    const offset = this.#offsets.get(line);
    const octets = Buffer.allocUnsafe(this.#lengths.get(line));
    try {
      for (let done = 0, read = -1; done < octets.length && read !== 0; done += read) {
        read = readSync(fd, octets, done, octets.length - done, offset + done);
      }
    } catch (error) {
      throw diskError(error, path);
    }
    const parsed = parseLine(octets.subarray(0, -1));
    if (parsed === undefined || !("checkpoint" in parsed)) throw damagedLedger(path, offset);
    return parsed.stored;
  }
}
