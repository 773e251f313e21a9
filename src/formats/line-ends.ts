// What a message that some program stored looked like on its way: stores keep LF where the wire has CRLF. A message
// whose lines all end in LF is taken for one that was converted and can be turned back; any other stays as it is.

import { countLineEnds, type LineEndCounts } from "./line-end-kernels.ts";

/** Counts over the octets of one stored message, in any pieces. */
export class LineEnds {
  size = 0;
  readonly #counts: LineEndCounts = { lfs: 0, bareLfs: 0, doubledCrs: 0 };
  #last = 0;

  push(octets: Uint8Array): this {
    if (octets.length === 0) return this;
    countLineEnds(octets, 0, this.#last, this.#counts);
    this.size += octets.length;
    this.#last = octets[octets.length - 1] ?? 0;
    return this;
  }

  /** Each LF is to become CRLF. */
  get areBare(): boolean {
    return this.#counts.lfs > 0 && this.#counts.bareLfs === this.#counts.lfs;
  }

  /** Octets once that has been done, where it is to be done. */
  get restoredSize(): number {
    return this.areBare ? this.size + this.#counts.lfs : this.size;
  }
}
