// A ledger that was read from a pack, kept deflated: most of it is read again only when it is asked for.

import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { LedgerText } from "../storage/ledger-text.ts";
import { damagedPack } from "./errors.ts";

const blockOctets = 256 * 1024;
const fastest = 1;
/** More than a line of a ledger ever takes. */
const longestLine = 64 * 1024 * 1024;

export class PackedText {
  readonly #path: string;
  readonly #blocks: Buffer[] = [];
  #begun: Buffer[] = [];
  #begunOctets = 0;
  #lineOctets = 0;
  #length = 0;
  /** The block that was read last. */
  #atHand = { number: -1, octets: Buffer.alloc(0) };

  /** `path` is for messages. */
  constructor(path: string) {
    this.#path = path;
  }

  append(chunk: Buffer): void {
    const newline = chunk.lastIndexOf(0x0a);
    this.#lineOctets = newline < 0 ? this.#lineOctets + chunk.length : chunk.length - newline;
    if (this.#lineOctets > longestLine) throw damagedPack(this.#path, "a line of it is longer than any ledger has");
    for (let done = 0; done < chunk.length; ) {
      const part = chunk.subarray(done, done + blockOctets - this.#begunOctets);
      this.#begun.push(Buffer.from(part));
      this.#begunOctets += part.length;
      done += part.length;
      if (this.#begunOctets === blockOctets) this.#close();
    }
    this.#length += chunk.length;
  }

  /** To be called after the last of it. */
  end(): void {
    if (this.#begunOctets > 0) this.#close();
  }

  /** May be read as often as is wanted. */
  read(): LedgerText {
    return {
      path: this.#path,
      chunks: () => this.#chunks(),
      readAt: (offset, length) => this.#readAt(offset, length),
      async [Symbol.asyncDispose]() {},
    };
  }

  /** The first line without its end; undefined if there is none. */
  firstLine(): Buffer | undefined {
    const parts: Buffer[] = [];
    for (let number = 0; number < this.#blocks.length; number++) {
      const block = this.#block(number);
      const newline = block.indexOf(0x0a);
      parts.push(newline < 0 ? block : block.subarray(0, newline));
      if (newline >= 0) return Buffer.concat(parts);
    }
    return undefined;
  }

  async *#chunks(): AsyncGenerator<Buffer, void, undefined> {
    for (let number = 0; number < this.#blocks.length; number++) yield this.#block(number);
  }

  #readAt(offset: number, length: number): Buffer {
    const parts: Buffer[] = [];
    const end = Math.min(offset + length, this.#length);
    for (let at = offset; at < end; ) {
      const start = at % blockOctets;
      const part = this.#block(Math.floor(at / blockOctets)).subarray(start, start + end - at);
      parts.push(part);
      at += part.length;
    }
    return Buffer.concat(parts);
  }

  #block(number: number): Buffer {
    if (this.#atHand.number !== number) {
      this.#atHand = { number, octets: inflateRawSync(this.#blocks[number] ?? Buffer.alloc(0)) };
    }
    return this.#atHand.octets;
  }

  #close(): void {
    this.#blocks.push(deflateRawSync(Buffer.concat(this.#begun), { level: fastest }));
    this.#begun = [];
    this.#begunOctets = 0;
  }
}
