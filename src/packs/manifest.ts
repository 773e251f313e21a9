import { createHash } from "node:crypto";

/** What a pack holds, entry by entry, as one digest: of names, sizes and octets, in their order. */
export class Manifest {
  readonly #all = createHash("sha256");

  /** The same octets, taken in as they pass. To be read to the end before the next entry comes. */
  async *take(name: string, octets: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
    const hash = createHash("sha256");
    let size = 0;
    for await (const chunk of octets) {
      hash.update(chunk);
      size += chunk.length;
      yield chunk;
    }
    this.#all.update(`${JSON.stringify([name, size, hash.digest("hex")])}\n`);
  }

  /** In hexadecimal. */
  digest(): string {
    return this.#all.digest("hex");
  }
}
