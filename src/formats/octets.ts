// Line ends are converted here and nowhere else. A message is *reversible* if CR stands before every LF in it: it is
// stored with LF (each CRLF becomes LF, a lone CR stays data), and turning each LF into CRLF gives it back to the
// octet. Any other message is stored *verbatim*.

const LF = 0x0a;
const CR = 0x0d;
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
  /** The message can't be stored with LF: an LF in it has no CR before it. */
  bareLf = false;
  endsWithNewline = false;
  /** Octets if every bare LF were CRLF. */
  virtualSize = 0;
  #lines = 0;
  #doubledCrLines = 0;
  #last = 0;
  #lastButOne = 0;

  push(chunk: Uint8Array): this {
    const octets = viewOf(chunk);
    if (octets.length === 0) return this;
    let bare = 0;
    for (let at = octets.indexOf(LF); at >= 0; at = octets.indexOf(LF, at + 1)) {
      this.#lines++;
      const before = at > 0 ? octets[at - 1] : this.#last;
      if (before !== CR) bare++;
      else if ((at > 1 ? octets[at - 2] : at === 1 ? this.#last : this.#lastButOne) === CR) this.#doubledCrLines++;
    }
    this.size += octets.length;
    this.virtualSize += octets.length + bare;
    this.bareLf ||= bare > 0;
    this.#lastButOne = octets.length > 1 ? (octets[octets.length - 2] ?? 0) : this.#last;
    this.#last = octets[octets.length - 1] ?? 0;
    this.endsWithNewline = this.#last === LF;
    return this;
  }

  /** The form to store it in. CR CR LF becomes CR LF on disk, which readers count as a CRLF already. */
  get stored(): StoredForm {
    if (this.bareLf) return { verbatim: true, size: this.size, virtualSize: this.virtualSize };
    return { verbatim: false, size: this.size - this.#lines, virtualSize: this.size - this.#doubledCrLines };
  }
}

export function surveyOctets(octets: Uint8Array): OctetSurvey {
  return new OctetSurvey().push(octets);
}

/** Makes each CRLF of the first `length` octets an LF, in place; returns how many octets are left. */
function dropCrs(octets: Buffer, length: number): number {
  // Lines move down over the CRs left out: nothing at or beyond `from` is ever overwritten.
  let from = 0;
  let to = 0;
  for (let at = octets.indexOf(LF); at >= 0; at = octets.indexOf(LF, at + 1)) {
    if (at === 0 || octets[at - 1] !== CR) continue;
    if (to !== from) octets.copyWithin(to, from, at - 1);
    to += at - 1 - from;
    from = at;
  }
  octets.copyWithin(to, from, length);
  return to + length - from;
}

/** Writes the octets to the beginning of `target`, with each CRLF as LF; returns how many that are. */
export function writeAsLf(octets: Uint8Array, target: Buffer): number {
  target.set(octets);
  return dropCrs(target.subarray(0, octets.length), octets.length);
}

/** CRLF to LF; a lone CR and a bare LF stay. Undone by `lfToCrlf` if there was no bare LF. */
export function crlfToLf(): Conversion {
  let heldCr = false;
  return {
    push(chunk) {
      if (chunk.length === 0) return none;
      if (!heldCr && viewOf(chunk).indexOf(CR) < 0) return viewOf(chunk);
      const start = heldCr ? 1 : 0;
      const octets = Buffer.allocUnsafe(start + chunk.length);
      octets[0] = CR;
      octets.set(chunk, start);
      heldCr = octets[octets.length - 1] === CR;
      const length = octets.length - (heldCr ? 1 : 0);
      return octets.subarray(0, dropCrs(octets, length));
    },
    end() {
      const rest = heldCr ? Buffer.of(CR) : none;
      heldCr = false;
      return rest;
    },
  };
}

/** How many LFs there are. */
function countLfs(octets: Buffer): number {
  let count = 0;
  for (let at = octets.indexOf(LF); at >= 0; at = octets.indexOf(LF, at + 1)) count++;
  return count;
}

/** Puts a CR before each LF of the octets from `room` on, which is as many as there are; returns how many it has put. */
function addCrs(octets: Buffer, room: number): number {
  // Lines move down until the CRs have used up the gap.
  let from = room;
  let to = 0;
  let lines = 0;
  for (let at = octets.indexOf(LF, from); at >= 0 && lines < room; at = octets.indexOf(LF, from)) {
    octets.copyWithin(to, from, at);
    to += at - from;
    octets[to++] = CR;
    octets[to++] = LF;
    from = at + 1;
    lines++;
  }
  // One more line than there is room for, or less, and this is not what was asked for.
  return octets.indexOf(LF, from) < 0 ? lines : -1;
}

/**
 * The octets in `target` with each LF as CRLF, which makes them `length`; undefined if there is no room for that, or they
 * come to something else.
 */
export function writeAsCrlf(octets: Buffer, target: Buffer, length: number): Buffer | undefined {
  const missing = length - octets.length;
  if (missing < 0 || length > target.length) return undefined;
  target.set(octets, missing);
  const grown = target.subarray(0, length);
  return addCrs(grown, missing) === missing ? grown : undefined;
}

/** Each LF to CRLF, whatever stands before it. */
export function lfToCrlf(): Conversion {
  return {
    push(chunk) {
      const octets = viewOf(chunk);
      const missing = countLfs(octets);
      if (missing === 0) return octets;
      const grown = Buffer.allocUnsafe(octets.length + missing);
      grown.set(octets, missing);
      addCrs(grown, missing);
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
