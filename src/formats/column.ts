// Numbers by the million, packed into octets: a row of a table costs what its columns take, not an object.

type Numbers = Uint8Array | Uint32Array | Float64Array;

const firstRows = 64;
const chunkBits = 15;
const chunkRows = 2 ** chunkBits;

/** Grows without being copied once it is large, so that what it takes is what it holds. */
export class Column {
  readonly #make: new (
    length: number,
  ) => Numbers;
  readonly #chunks: Numbers[] = [];
  length = 0;

  /** `Uint8Array`, `Uint32Array` or `Float64Array`: what a number may be is the caller's business. */
  constructor(make: new (length: number) => Numbers) {
    this.#make = make;
  }

  get(row: number): number {
    return this.#chunks[row >>> chunkBits]?.[row & (chunkRows - 1)] ?? 0;
  }

  /** Of a row that is there. */
  set(row: number, value: number): void {
    const chunk = this.#chunks[row >>> chunkBits];
    if (chunk !== undefined) chunk[row & (chunkRows - 1)] = value;
  }

  push(value: number): void {
    const at = this.length >>> chunkBits;
    const chunk = this.#chunks[at];
    if (chunk === undefined) this.#chunks.push(new this.#make(at === 0 ? firstRows : chunkRows));
    else if (at === 0 && this.length === chunk.length && chunk.length < chunkRows) {
      this.#chunks[0] = new this.#make(2 * chunk.length);
      this.#chunks[0].set(chunk);
    }
    this.length++;
    this.set(this.length - 1, value);
  }
}
