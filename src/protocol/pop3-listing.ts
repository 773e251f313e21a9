// What STAT, LIST and UIDL say (RFC 1939 sections 5 and 7), packed: a maildrop may have a million messages. Pure.

import { Column } from "../formats/column.ts";
import { NameTable } from "../formats/packed-names.ts";

/** What the server says is in the maildrop, by message number. Numbers are valid in one session only. */
export interface MaildropListing {
  /** Octets as LIST claims them, where they are a number at all. */
  readonly sizes: MaildropSizes;
  /** Undefined if the server has no UIDL. The ids are as they came: perhaps empty, too long, or given twice. */
  readonly uidls: MaildropIds | undefined;
  /** In what it contradicts itself, and so may not be all; absent if it does not. */
  readonly doubt?: string;
}

/** Rows by message number; of a number that came twice the last one counts. */
class Numbered {
  size = 0;
  readonly #numbers = new NameTable();

  has(number: number): boolean {
    return this.#numbers.has(`${number}`);
  }

  /** In the order in which they came. */
  *keys(): Iterable<number> {
    for (let row = 0; row < this.#numbers.length; row++) {
      if (this.#numbers.find(this.#numbers.names.at(row)) === row) yield this.numberAt(row);
    }
  }

  protected rowOf(number: number): number {
    return this.#numbers.find(`${number}`);
  }

  protected numberAt(row: number): number {
    return this.#numbers.names.valueAt(row);
  }

  protected addRow(number: number): void {
    if (!this.has(number)) this.size++;
    this.#numbers.push(`${number}`);
  }
}

export class MaildropSizes extends Numbered {
  readonly #octets = new Column();

  add(number: number, octets: number | undefined): void {
    this.addRow(number);
    this.#octets.push(octets ?? Number.NaN);
  }

  get(number: number): number | undefined {
    const octets = this.#octets.get(this.rowOf(number));
    return Number.isNaN(octets) ? undefined : octets;
  }
}

export class MaildropIds extends Numbered {
  readonly #uidls = new NameTable();
  /** 1 where the same id came before, or comes again. */
  readonly #isTwice = new Column();

  add(number: number, uidl: string): void {
    const other = this.#uidls.find(uidl);
    if (other >= 0) this.#isTwice.set(other, 1);
    this.addRow(number);
    this.#uidls.push(uidl);
    this.#isTwice.push(other >= 0 ? 1 : 0);
  }

  get(number: number): string | undefined {
    const row = this.rowOf(number);
    return row < 0 ? undefined : this.#uidls.names.at(row);
  }

  /** The message that has this id; undefined if there is none, or more than one. */
  numberOf(uidl: string): number | undefined {
    const row = this.#uidls.find(uidl);
    return row < 0 || this.#isTwice.get(row) === 1 ? undefined : this.numberAt(row);
  }
}

/** The number of messages from the text of a reply to STAT. */
export function parseStat(text: string): number | undefined {
  const digits = /^\d{1,9}(?= |$)/.exec(text)?.[0];
  return digits === undefined ? undefined : Number(digits);
}

/** A line of LIST. Only the message number must be there; extensions may follow the octets. */
export function parseListLine(line: string): { number: number; octets: number | undefined } | undefined {
  const [, number, octets] = /^(\d{1,9})(?: +(\d{1,15}))?(?: |$)/.exec(line) ?? [];
  if (number === undefined) return undefined;
  return { number: Number(number), octets: octets === undefined ? undefined : Number(octets) };
}

/** A line of UIDL. Only the message number must be there. */
export function parseUidlLine(line: string): { number: number; uidl: string } | undefined {
  const [, number, uidl = ""] = /^(\d{1,9})(?: +(.*))?$/s.exec(line) ?? [];
  return number === undefined ? undefined : { number: Number(number), uidl: uidl.replace(/ +$/, "") };
}

/** How LIST and UIDL differ from each other or from the count of STAT; undefined if all agree. */
export function disagreement(messages: number, listing: MaildropListing): string | undefined {
  const { sizes, uidls } = listing;
  const counted = `${messages} messages in STAT, ${sizes.size} in LIST`;
  if (uidls === undefined) return sizes.size === messages ? undefined : counted;
  for (const number of uidls.keys()) {
    if (!sizes.has(number)) return `message ${number} in UIDL, but not in LIST`;
  }
  return sizes.size === messages && uidls.size === messages ? undefined : `${counted}, ${uidls.size} in UIDL`;
}
