// Numbers by the million, packed into octets: a row of a table costs what its columns take, not an object.

type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

const firstRows = 64;
const chunkBits = 15;
const chunkRows = 2 ** chunkBits;

/**
 * Any numbers, NaN among them. They take as many octets as the largest near them needs: 1, 2 or 4 for whole multiples of
 * the column's unit, 8 for others. It grows without being copied once it is large.
 */
export class Column {
  readonly #unit: number;
  /** Those of less than 8 octets hold a multiple of the unit plus one, and 0 for NaN. */
  readonly #chunks: Numbers[] = [];
  length = 0;

  constructor(unit = 1) {
    this.#unit = unit;
  }

  get(row: number): number {
    const chunk = this.#chunks[row >>> chunkBits];
    return chunk === undefined ? Number.NaN : this.#valueAt(chunk, row & (chunkRows - 1));
  }

  /** Of a row that is there. */
  set(row: number, value: number): void {
    const code = Number.isNaN(value) ? 0 : value / this.#unit + 1;
    const isExact = Number.isNaN(value) || (code > 0 && (code - 1) * this.#unit === value);
    const width = isExact ? widthOf(code) : 8;
    let chunk = this.#chunks[row >>> chunkBits];
    if (chunk === undefined) return;
    if (chunk.BYTES_PER_ELEMENT < width) chunk = this.#copy(row >>> chunkBits, width, chunk.length);
    chunk[row & (chunkRows - 1)] = chunk.BYTES_PER_ELEMENT === 8 ? value : code;
  }

  push(value: number): void {
    const at = this.length >>> chunkBits;
    const chunk = this.#chunks[at];
    if (chunk === undefined) this.#chunks.push(new Uint8Array(at === 0 ? firstRows : chunkRows));
    else if (this.length === chunk.length) this.#copy(at, chunk.BYTES_PER_ELEMENT, 2 * chunk.length);
    this.set(this.length++, value);
  }

  /** The chunk in another width or length. */
  #copy(at: number, width: number, length: number): Numbers {
    const old = this.#chunks[at] ?? new Uint8Array();
    const chunk = ofWidth(width, length);
    if (width < 8 || old.BYTES_PER_ELEMENT === 8) chunk.set(old);
    else for (let row = 0; row < old.length; row++) chunk[row] = this.#valueAt(old, row);
    this.#chunks[at] = chunk;
    return chunk;
  }

  #valueAt(chunk: Numbers, row: number): number {
    const value = chunk[row] ?? 0;
    if (chunk.BYTES_PER_ELEMENT === 8) return value;
    return value === 0 ? Number.NaN : (value - 1) * this.#unit;
  }
}

function widthOf(code: number): number {
  if (!Number.isInteger(code) || code >= 2 ** 32) return 8;
  if (code < 2 ** 8) return 1;
  return code < 2 ** 16 ? 2 : 4;
}

function ofWidth(width: number, length: number): Numbers {
  if (width === 8) return new Float64Array(length);
  if (width === 4) return new Uint32Array(length);
  return width === 2 ? new Uint16Array(length) : new Uint8Array(length);
}
