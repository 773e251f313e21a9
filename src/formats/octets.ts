// Line ends are converted here and nowhere else. A message is *reversible* if CR stands before every LF in it: it is
// stored with LF (each CRLF becomes LF, a lone CR stays data), and turning each LF into CRLF gives it back to the
// octet. Any other message is stored *verbatim*.

import { countLineEnds, type LineEndCounts, writeCrlfAsLf, writeLfAsCrlf } from "./line-end-kernels.ts";

const LF = 0x0a;
const CR = 0x0d;
const cr = Buffer.of(CR);
const none = Buffer.alloc(0);

/** A piece-wise rewriting of octets; the result does not depend on where the pieces were cut. Used once. */
export interface Conversion {
  /** What can be told so far. It may be a view of the chunk: use it before the chunk's memory is used again. */
  push(chunk: Uint8Array): Buffer;
  /** What was held back until it was clear that nothing follows. */
  end(): Buffer;
}

/** The same memory as a Buffer, whose `indexOf` is many times faster than a loop. */
export function viewOf(octets: Uint8Array): Buffer {
  return Buffer.isBuffer(octets) ? octets : Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
}

/** What an original looks like in a file. */
export interface StoredForm {
  /** False: stored with LF. True: stored as it came. */
  readonly verbatim: boolean;
  /** Octets on disk (Maildir `S=`). */
  readonly size: number;
  /** Octets if every bare LF on disk were CRLF (Maildir `W=`). */
  readonly virtualSize: number;
}

/** Counts over the octets of one message, in any pieces. */
export class OctetSurvey {
  size = 0;
  endsWithNewline = false;
  readonly #counts: LineEndCounts = { lfs: 0, bareLfs: 0, doubledCrs: 0 };
  #last = 0;
  #lastButOne = 0;

  push(octets: Uint8Array): this {
    if (octets.length === 0) return this;
    countLineEnds(octets, this.#lastButOne, this.#last, this.#counts);
    this.size += octets.length;
    this.#lastButOne = octets.length > 1 ? (octets[octets.length - 2] ?? 0) : this.#last;
    this.#last = octets[octets.length - 1] ?? 0;
    this.endsWithNewline = this.#last === LF;
    return this;
  }

  /** The message can't be stored with LF: an LF in it has no CR before it. */
  get bareLf(): boolean {
    return this.#counts.bareLfs > 0;
  }

  /** Octets if every bare LF were CRLF. */
  get virtualSize(): number {
    return this.size + this.#counts.bareLfs;
  }

  /** The form to store it in. CR CR LF becomes CR LF on disk, which readers count as a CRLF already. */
  get stored(): StoredForm {
    if (this.bareLf) return { verbatim: true, size: this.size, virtualSize: this.virtualSize };
    return { verbatim: false, size: this.size - this.#counts.lfs, virtualSize: this.size - this.#counts.doubledCrs };
  }
}

export function surveyOctets(octets: Uint8Array): OctetSurvey {
  return new OctetSurvey().push(octets);
}

/** Writes the octets to the beginning of `target`, which has room for them, with each CRLF as LF; returns how many that are. */
export function writeAsLf(octets: Uint8Array, target: Buffer): number {
  return writeCrlfAsLf(octets, target);
}

/** CRLF to LF; a lone CR and a bare LF stay. Undone by `lfToCrlf` if there was no bare LF. */
export function crlfToLf(): Conversion {
  let heldCr = false;
  return {
    push(chunk) {
      if (chunk.length === 0) return none;
      if (!heldCr && viewOf(chunk).indexOf(CR) < 0) return viewOf(chunk);
      const octets = heldCr ? Buffer.concat([cr, chunk]) : chunk;
      heldCr = octets[octets.length - 1] === CR;
      const sure = heldCr ? octets.subarray(0, -1) : octets;
      const target = Buffer.allocUnsafe(sure.length);
      return target.subarray(0, writeCrlfAsLf(sure, target));
    },
    end() {
      const rest = heldCr ? cr : none;
      heldCr = false;
      return rest;
    },
  };
}

/**
 * The octets in `target` with each LF as CRLF, which makes them `length`; undefined if there is no room for that, or they
 * come to something else.
 */
export function writeAsCrlf(octets: Uint8Array, target: Buffer, length: number): Buffer | undefined {
  if (length > target.length) return undefined;
  const grown = target.subarray(0, length);
  return writeLfAsCrlf(octets, grown) === length ? grown : undefined;
}

/** Each LF to CRLF, whatever stands before it. */
export function lfToCrlf(): Conversion {
  return {
    push(chunk) {
      const counts: LineEndCounts = { lfs: 0, bareLfs: 0, doubledCrs: 0 };
      countLineEnds(chunk, 0, 0, counts);
      if (counts.lfs === 0) return viewOf(chunk);
      const grown = Buffer.allocUnsafe(chunk.length + counts.lfs);
      writeLfAsCrlf(chunk, grown);
      return grown;
    },
    end: () => none,
  };
}

/** Whole octets through conversions, the first one first. The result may be a view of `octets`. */
export function convert(octets: Uint8Array, ...conversions: readonly Conversion[]): Buffer {
  let result = viewOf(octets);
  for (const conversion of conversions) {
    const head = conversion.push(result);
    const tail = conversion.end();
    result = tail.length === 0 ? head : Buffer.concat([head, tail]);
  }
  return result;
}

/** A stream of octets through conversions, the first one first. Yields no empty chunk; an error of the stream passes. */
export async function* convertStream(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  ...conversions: readonly Conversion[]
): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of chunks) {
    let octets = viewOf(chunk);
    for (const conversion of conversions) octets = conversion.push(octets);
    if (octets.length > 0) yield octets;
  }
  for (const [place, ending] of conversions.entries()) {
    let octets = ending.end();
    for (const conversion of conversions.slice(place + 1)) octets = conversion.push(octets);
    if (octets.length > 0) yield octets;
  }
}
