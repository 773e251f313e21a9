// What a message that some program stored looked like on its way: stores keep LF where the wire has CRLF. A message
// whose lines all end in LF is taken for one that was converted and can be turned back; any other stays as it is.

import { viewOf } from "./octets.ts";

const LF = 0x0a;
const CR = 0x0d;

/** Counts over the octets of one stored message, in any pieces. */
export class LineEnds {
  size = 0;
  /** Lines that end in LF alone. */
  #bare = 0;
  #crlf = 0;
  #last = 0;

  push(chunk: Uint8Array): this {
    const octets = viewOf(chunk);
    if (octets.length === 0) return this;
    for (let at = octets.indexOf(LF); at >= 0; at = octets.indexOf(LF, at + 1)) {
      if ((at > 0 ? octets[at - 1] : this.#last) === CR) this.#crlf++;
      else this.#bare++;
    }
    this.size += octets.length;
    this.#last = octets[octets.length - 1] ?? 0;
    return this;
  }

  /** Each LF is to become CRLF. */
  get areBare(): boolean {
    return this.#bare > 0 && this.#crlf === 0;
  }

  /** Octets once that has been done, where it is to be done. */
  get restoredSize(): number {
    return this.areBare ? this.size + this.#bare : this.size;
  }
}
