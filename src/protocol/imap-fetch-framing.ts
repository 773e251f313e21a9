// What FETCH answers, out of the octets of a connection that does nothing else (RFC 9051 sections 6.4.5 and 7.5.2). Pure: it
// knows no socket, and chunks may be cut anywhere. Rows of any other shape than the one asked for are passed over.

import { giveBack } from "../formats/give-back.ts";
import { largestLiteral, mostSkipped } from "./imap-bounds.ts";
import { broken } from "./imap-errors.ts";
import type { LiteralLimits } from "./imap-literal-filter.ts";

/** A response, with a NUL in the text where its literal stands. */
export interface Response {
  readonly text: string;
  /** Good until the next response is asked for; undefined if it has none, several, or one that is too large to be held. */
  readonly literal: Buffer | undefined;
}

const LF = 0x0a;
const longestText = 64 * 1024;
/** Larger literals get memory of their own. */
const scratchOctets = 4 * 1024 * 1024;

interface Literal {
  readonly size: number;
  octets: Buffer;
  filled: number;
  /** Too large to be held. */
  readonly isSkipped: boolean;
}

export class Responses {
  readonly #chunks: Buffer[] = [];
  /** Read to their end; views of them may still be in use. */
  readonly #spent: Buffer[] = [];
  #isBetween = true;
  /** Octets of the first chunk that were read. */
  #read = 0;
  #waiting = 0;
  #text = "";
  #line: Buffer[] = [];
  #lineOctets = 0;
  #literal: Literal | undefined;
  #literals: (Buffer | undefined)[] = [];
  #literalOctets = 0;
  #skipped = 0;
  readonly #limits: LiteralLimits;
  #scratch = Buffer.alloc(0);

  constructor(limits: LiteralLimits = { largest: largestLiteral, mostSkipped }) {
    this.#limits = limits;
  }

  /** Octets that were pushed and not read yet. */
  get waiting(): number {
    return this.#waiting;
  }

  /** The memory of the chunk is this one's from here on: it is given back when it has been read. */
  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#waiting += chunk.length;
  }

  /** What was pushed and not read: it is something else, and not for this one to read. */
  takeRest(): Buffer {
    const rest = Buffer.concat(this.#chunks.splice(0)).subarray(this.#read);
    this.#read = 0;
    this.#waiting = 0;
    return rest;
  }

  /** The next response; undefined if more octets must come first. Throws an error with a code of imapflow's. */
  next(): Response | undefined {
    if (this.#isBetween) for (const chunk of this.#spent.splice(0)) giveBack(chunk);
    this.#isBetween = false;
    for (;;) {
      if (this.#literal !== undefined) {
        if (!this.#fill(this.#literal)) return undefined;
        this.#literals.push(this.#literal.isSkipped ? undefined : this.#literal.octets);
        this.#literal = undefined;
      }
      const line = this.#readLine();
      if (line === undefined) return undefined;
      const size = literalSize(line);
      if (size === undefined) {
        const [literal, ...more] = this.#literals;
        const response = { text: this.#text + line, literal: more.length > 0 ? undefined : literal };
        this.#text = "";
        this.#literals = [];
        this.#literalOctets = 0;
        this.#isBetween = true;
        return response;
      }
      const isSkipped = this.#literalOctets + size > this.#limits.largest;
      if (isSkipped) this.#skipped += size;
      else this.#literalOctets += size;
      if (this.#skipped > this.#limits.mostSkipped) throw broken("LiteralTooLarge", `a literal of ${size} octets`);
      this.#text += `${line.slice(0, line.lastIndexOf("{"))}\0`;
      if (this.#text.length > longestText) throw broken("LineTooLarge", `more than ${longestText} octets of text`);
      this.#literal = { size, octets: isSkipped ? none : this.#memoryFor(size), filled: 0, isSkipped };
    }
  }

  /** A line without its line end, one character per octet. */
  #readLine(): string | undefined {
    for (let chunk = this.#chunks[0]; chunk !== undefined; chunk = this.#chunks[0]) {
      const end = chunk.indexOf(LF, this.#read);
      const piece = chunk.subarray(this.#read, end < 0 ? chunk.length : end);
      this.#lineOctets += piece.length;
      if (this.#lineOctets > longestText) throw broken("LineTooLarge", `a line of more than ${longestText} octets`);
      this.#line.push(piece);
      this.#advance(chunk, end < 0 ? chunk.length : end + 1);
      if (end < 0) continue;
      const line = this.#line.length === 1 ? piece.toString("latin1") : Buffer.concat(this.#line).toString("latin1");
      this.#line = [];
      this.#lineOctets = 0;
      return line.endsWith("\r") ? line.slice(0, -1) : line;
    }
    return undefined;
  }

  /** True when all of the literal has come. */
  #fill(literal: Literal): boolean {
    while (literal.filled < literal.size) {
      const chunk = this.#chunks[0];
      if (chunk === undefined) return false;
      const end = Math.min(chunk.length, this.#read + literal.size - literal.filled);
      const piece = chunk.subarray(this.#read, end);
      // Most lie in one chunk, and need not be copied.
      if (piece.length === literal.size) literal.octets = piece;
      else if (!literal.isSkipped) literal.octets.set(piece, literal.filled);
      literal.filled += piece.length;
      // Nothing of a chunk that is skipped from its first octet on is in use.
      const isOfNoUse = literal.isSkipped && this.#read === 0 && end === chunk.length;
      this.#advance(chunk, end);
      if (isOfNoUse) giveBack(this.#spent.pop() ?? none);
    }
    return true;
  }

  #memoryFor(size: number): Buffer {
    const chunk = this.#chunks[0];
    if (size === 0 || (chunk !== undefined && chunk.length - this.#read >= size)) return none;
    if (size > scratchOctets || this.#literals.length > 0) return Buffer.allocUnsafeSlow(size);
    if (this.#scratch.length < size) this.#scratch = Buffer.allocUnsafeSlow(Math.min(scratchOctets, 2 * size));
    return this.#scratch.subarray(0, size);
  }

  #advance(chunk: Buffer, to: number): void {
    this.#waiting -= to - this.#read;
    this.#read = to;
    if (to < chunk.length) return;
    this.#chunks.shift();
    this.#spent.push(chunk);
    this.#read = 0;
  }
}

const none = Buffer.alloc(0);

/** Of the literal that the line announces at its end. */
function literalSize(line: string): number | undefined {
  if (!line.endsWith("}")) return undefined;
  const digits = /\{(\d{1,20})\}$/.exec(line)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

export interface WholeMessage {
  readonly uid: number;
  /** As the server spells them. */
  readonly flags: readonly string[];
  readonly octets: Buffer;
}

export interface ListedMessage {
  readonly uid: number;
  /** As the server spells them. */
  readonly flags: readonly string[];
  readonly size: number;
  readonly internalDate: Date;
}

/** What is asked for, and `parseWhole` reads. */
export const wholeMessage = "(UID FLAGS BODY.PEEK[])";
/** What is asked for, and `parseListed` reads. */
export const listedMessage = "(UID FLAGS INTERNALDATE RFC822.SIZE)";

/** Undefined for anything but a row with a UID, flags and octets, each once. */
export function parseWhole(response: Response): WholeMessage | undefined {
  const { uid, flags, body, size, date } = parseRow(response.text) ?? {};
  const octets = response.literal;
  if (uid === undefined || flags === undefined || body === undefined || octets === undefined) return undefined;
  if (size !== undefined || date !== undefined || octets.length === 0) return undefined;
  return { uid: Number(uid), flags: flagsIn(flags), octets };
}

/** Undefined for anything but a row with a UID, flags, a size and a date that can be understood, each once. */
export function parseListed(response: Response): ListedMessage | undefined {
  const { uid, flags, body, size, date } = parseRow(response.text) ?? {};
  if (uid === undefined || flags === undefined || size === undefined || body !== undefined) return undefined;
  const internalDate = date === undefined ? undefined : parseDate(date);
  return internalDate === undefined
    ? undefined
    : { uid: Number(uid), flags: flagsIn(flags), size: Number(size), internalDate };
}

const item =
  /(?:UID (?<uid>\d{1,10})|FLAGS \((?<flags>[^()]*)\)|BODY\[\] (?<body>\0)|RFC822\.SIZE (?<size>\d{1,15})|INTERNALDATE "(?<date>[^"]{26})"|MODSEQ \(\d{1,20}\))( |$)/y;

type Item = "uid" | "flags" | "body" | "size" | "date";

/** The items of a row, each at most once; undefined if it has others, or is none. */
function parseRow(text: string): Partial<Record<Item, string>> | undefined {
  const inner = /^\* \d{1,10} FETCH \((.*)\)$/.exec(text)?.[1];
  if (inner === undefined) return undefined;
  const row: Partial<Record<Item, string>> = {};
  for (item.lastIndex = 0; item.lastIndex < inner.length; ) {
    const found = item.exec(inner)?.groups;
    if (found === undefined) return undefined;
    for (const name of ["uid", "flags", "body", "size", "date"] as const) {
      const value = found[name];
      if (value === undefined) continue;
      if (row[name] !== undefined) return undefined;
      row[name] = value;
    }
  }
  return row;
}

function flagsIn(list: string): string[] {
  return list === "" ? [] : list.split(" ");
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const dateTime = /^([ \d]\d)-([A-Z][a-z]{2})-([1-9]\d{3}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$/;

/** A date-time (RFC 9051 section 9). */
function parseDate(text: string): Date | undefined {
  const [, day, month = "", year, hour, minute, second, sign, zoneHours, zoneMinutes] = dateTime.exec(text) ?? [];
  if (day === undefined || !months.includes(month)) return undefined;
  const local = Date.UTC(
    Number(year),
    months.indexOf(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  const zone = Number(zoneHours) * 60 + Number(zoneMinutes);
  return new Date(local - (sign === "-" ? -zone : zone) * 60_000);
}
