// What octets are known by, wherever they lie.

import { createHash } from "node:crypto";

export interface Digest {
  /** Octets. */
  readonly size: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** Reads to the end; an error of the body passes. */
export async function digestOf(body: AsyncIterable<Uint8Array>): Promise<Digest> {
  const hash = createHash("sha256");
  let size = 0;
  for await (const chunk of body) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { size, sha256: hash.digest("hex") };
}
