// What stands in the lines of a ledger, read again from its file when it is asked for: the last few lines stay at hand,
// so that who walks through a ledger reads each line once.

import { Column } from "../formats/column.ts";
import { damagedLedger, parseLine, type StoredLine } from "./ledger-lines.ts";
import type { LedgerText } from "./ledger-text.ts";

/** Where a line stands in its file. */
export interface LinePlace {
  readonly offset: number;
  /** Octets, with its LF. */
  readonly length: number;
}

type Entries = readonly StoredLine[];

const linesAtHand = 16;

/** The entries of all lines, numbered through in the order in which they stand. */
export class LedgerEntries {
  readonly #text: LedgerText | undefined;
  /** Of each line with entries: the number of its first, and where it stands. */
  readonly #firsts = new Column();
  readonly #offsets = new Column();
  readonly #lengths = new Column();
  readonly #atHand = new Map<number, Entries>();

  /** Without a text, all that is noted stays in memory. */
  constructor(text?: LedgerText) {
    this.#text = text;
  }

  /** Takes in a line, whose first entry has this number; it has to stand in the text already. */
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
    if (entry === undefined) throw damagedLedger(this.#text?.path ?? "", this.#offsets.get(line));
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
    if (this.#text === undefined || this.#atHand.size <= linesAtHand) return;
    for (const oldest of this.#atHand.keys()) {
      this.#atHand.delete(oldest);
      return;
    }
  }

  #read(line: number): Entries {
    if (this.#text === undefined) return [];
    const offset = this.#offsets.get(line);
    const octets = this.#text.readAt(offset, this.#lengths.get(line));
    const parsed = parseLine(octets.subarray(0, -1));
    if (parsed === undefined || !("checkpoint" in parsed)) throw damagedLedger(this.#text.path, offset);
    return parsed.stored;
  }
}
