// Rows of a table by what is in them: an open-addressing hash table of row numbers, in place of a Map of a million keys.

const fewestSlots = 64;

/** Another in each process: nobody outside can make up names that all fall into one place. */
const seed = Math.floor(Math.random() * 2 ** 32);

export class RowIndex {
  readonly #hashOf: (row: number) => number;
  /** A row number plus one; 0 is an empty slot. Never more than two thirds of them are taken. */
  #slots = new Uint32Array(fewestSlots);
  size = 0;

  /** `hashOf` says of a row in it what `find` and `put` are told, always the same. */
  constructor(hashOf: (row: number) => number) {
    this.#hashOf = hashOf;
  }

  /** The row with this hash that `isIt`; -1 if there is none. */
  find(hash: number, isIt: (row: number) => boolean): number {
    return (this.#slots[this.#slotOf(hash, isIt)] ?? 0) - 1;
  }

  /** Takes the row in; in place of the one that `isIt`, if there is one. */
  put(hash: number, row: number, isIt: (row: number) => boolean): void {
    const slot = this.#slotOf(hash, isIt);
    if (this.#slots[slot] === 0) this.size++;
    this.#slots[slot] = row + 1;
    if (this.size * 3 > this.#slots.length * 2) this.#grow();
  }

  clear(): void {
    this.#slots = new Uint32Array(fewestSlots);
    this.size = 0;
  }

  /** Where the row is, or the empty slot where it would be. */
  #slotOf(hash: number, isIt: (row: number) => boolean): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const row = (this.#slots[slot] ?? 0) - 1;
      if (row < 0 || (this.#hashOf(row) === hash && isIt(row))) return slot;
    }
  }

  #grow(): void {
    const old = this.#slots;
    const mask = old.length * 2 - 1;
    this.#slots = new Uint32Array(old.length * 2);
    for (const entry of old) {
      if (entry === 0) continue;
      let slot = this.#hashOf(entry - 1) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = entry;
    }
  }
}

/** A hash of 32 bits. */
export function hashNumber(value: number): number {
  return finish(seed ^ value);
}

/** Two hashes of 32 bits, as good as independent of each other. */
export function hashText(text: string): { readonly high: number; readonly low: number } {
  let high = seed;
  let low = ~seed;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 0x85ebca6b);
    low = Math.imul(low ^ code, 0xc2b2ae35);
    high ^= high >>> 15;
    low ^= low >>> 13;
  }
  return { high: finish(high ^ text.length), low: finish(low ^ (high >>> 7)) };
}

/** The last steps of MurmurHash3. */
function finish(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
