import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { writeAll } from "../storage/durable.ts";
import type { PackFormat } from "./format.ts";
import { seals } from "./seal.ts";

const bufferOctets = 1024 * 1024;
/** Where a gzip header names the system it was made on (RFC 1952): that would differ from one to the other. */
const systemAt = 9;
const unknownSystem = 255;

/** A pack that is being written: what the packing program gives, in large pieces, and its seal. */
export class PackFile {
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #as: PackFormat;
  readonly #hash = createHash("sha256");
  readonly #buffer = Buffer.allocUnsafe(bufferOctets);
  #filled = 0;
  #position = 0;

  constructor(handle: FileHandle, path: string, as: PackFormat) {
    this.#handle = handle;
    this.#path = path;
    this.#as = as;
  }

  async write(chunk: Uint8Array): Promise<void> {
    for (let done = 0; done < chunk.length; ) {
      // What the seal replaces is never written.
      if (this.#filled === bufferOctets) await this.#flush(seals[this.#as].replaced);
      const part = chunk.subarray(done, done + bufferOctets - this.#filled);
      this.#buffer.set(part, this.#filled);
      this.#filled += part.length;
      done += part.length;
    }
  }

  async seal(): Promise<{ readonly octets: number; readonly sha256: string }> {
    const { format, replaced } = seals[this.#as];
    await this.#flush(replaced);
    const seal = format(this.#hash.copy().digest("hex"));
    await writeAll(this.#handle, this.#path, seal, this.#position);
    return { octets: this.#position + seal.length, sha256: this.#hash.update(seal).digest("hex") };
  }

  async #flush(keep: number): Promise<void> {
    if (this.#position === 0 && this.#as === "tar.gz") this.#buffer[systemAt] = unknownSystem;
    const octets = this.#buffer.subarray(0, this.#filled - keep);
    this.#hash.update(octets);
    await writeAll(this.#handle, this.#path, octets, this.#position);
    this.#position += octets.length;
    this.#buffer.copyWithin(0, octets.length, this.#filled);
    this.#filled = keep;
  }
}
