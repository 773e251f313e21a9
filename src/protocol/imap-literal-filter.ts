// Literals larger than any that is asked for, taken out of what a server sends before imapflow, which holds each literal
// whole, gets to see them: NIL stands in their place, and their octets are read past. Pure: chunks may be cut anywhere.
// What is a literal is decided as imapflow does it: a line, or its rest behind a literal, that ends with a number in braces
// (RFC 9051 section 4.3).

import { broken } from "./imap-errors.ts";

const [LF, CR, OPEN, CLOSE, TILDE, ZERO, NINE] = [0x0a, 0x0d, 0x7b, 0x7d, 0x7e, 0x30, 0x39];
const nil = Buffer.from("NIL");
/** Octets of a number that has not ended yet. */
const longestHeld = 64 * 1024;

export interface LiteralLimits {
  /** Octets of a literal that is passed on. */
  readonly largest: number;
  /** Octets that are read past, in all: a literal that would exceed this is passed on, for imapflow to refuse it. */
  readonly mostSkipped: number;
}

export class LiteralFilter {
  readonly #limits: LiteralLimits;
  /** The end of a chunk, where it may be the beginning of an announcement. */
  #held: Buffer = Buffer.alloc(0);
  /** Octets still to come of a literal that is passed on, or read past. */
  #passing = 0;
  #skipping = 0;
  #skipped = 0;
  #largest: number | undefined;

  constructor(limits: LiteralLimits) {
    this.#limits = limits;
  }

  /** The size of the largest literal that was read past since this was asked last. */
  takeLargest(): number | undefined {
    const largest = this.#largest;
    this.#largest = undefined;
    return largest;
  }

  /** What is to be passed on of this chunk, perhaps nothing. Throws an error with a code of imapflow's. */
  filter(chunk: Buffer): Buffer {
    const octets = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = octets.subarray(octets.length);
    const pieces: Buffer[] = [];
    // octets[from..at) are to be passed on and not in `pieces` yet.
    let from = 0;
    let at = 0;
    while (at < octets.length) {
      if (this.#skipping > 0) {
        const some = Math.min(this.#skipping, octets.length - at);
        this.#skipping -= some;
        at += some;
        from = at;
      } else if (this.#passing > 0) {
        const some = Math.min(this.#passing, octets.length - at);
        this.#passing -= some;
        at += some;
      } else {
        const end = octets.indexOf(LF, at);
        if (end < 0) {
          const keep = begunAt(octets, at);
          if (octets.length - keep > longestHeld) throw broken("LiteralTooLarge", "a number without end");
          this.#held = octets.subarray(keep);
          at = keep;
          break;
        }
        const found = announcedAt(octets, at, end);
        at = end + 1;
        if (found !== undefined && this.#begin(found.size)) {
          pieces.push(octets.subarray(from, found.from), nil);
          from = at;
        }
      }
    }
    const rest = octets.subarray(from, at);
    return pieces.length === 0 ? rest : Buffer.concat([...pieces, rest]);
  }

  /** True if this literal is to be read past. */
  #begin(size: number): boolean {
    if (size <= this.#limits.largest || size > this.#limits.mostSkipped - this.#skipped) {
      this.#passing = size;
      return false;
    }
    this.#skipping = size;
    this.#skipped += size;
    this.#largest = Math.max(size, this.#largest ?? 0);
    return true;
  }
}

/** The announcement at the end of the line octets[start..end), with the tilde of a literal8 (RFC 3516). */
function announcedAt(octets: Buffer, start: number, end: number): { from: number; size: number } | undefined {
  const close = end - (octets[end - 1] === CR ? 2 : 1);
  if (close < start || octets[close] !== CLOSE) return undefined;
  const open = beforeDigits(octets, start, close) - 1;
  if (open < start || octets[open] !== OPEN || open === close - 1) return undefined;
  const from = open > start && octets[open - 1] === TILDE ? open - 1 : open;
  return { from, size: Number(octets.toString("latin1", open + 1, close)) };
}

/** Where an announcement may begin at the end of octets[start..), of which more are to come; their length if nowhere. */
function begunAt(octets: Buffer, start: number): number {
  let at = octets.length;
  if (at - 1 > start && octets[at - 1] === CR && octets[at - 2] === CLOSE) at -= 1;
  if (at > start && octets[at - 1] === CLOSE) at -= 1;
  const open = beforeDigits(octets, start, at) - 1;
  if (open >= start && octets[open] === OPEN) return open > start && octets[open - 1] === TILDE ? open - 1 : open;
  return octets.at(-1) === TILDE ? octets.length - 1 : octets.length;
}

/** Where the digits begin that end at octets[end). */
function beforeDigits(octets: Buffer, start: number, end: number): number {
  let at = end;
  while (at > start && (octets[at - 1] ?? 0) >= ZERO && (octets[at - 1] ?? 0) <= NINE) at -= 1;
  return at;
}
