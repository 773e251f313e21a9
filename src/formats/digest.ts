// What octets are known by, wherever they lie.

import * as crypto from "node:crypto";

export interface Digest {
  /** Octets. */
  readonly size: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** Reads to the end; an error of the body passes. */
export async function digestOf(body: AsyncIterable<Uint8Array>): Promise<Digest> {
  const hash = crypto.createHash("sha256");
  let size = 0;
  for await (const chunk of body) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { size, sha256: hash.digest("hex") };
}

/** Of octets that are at hand as a whole, in hexadecimal. */
export function sha256Of(octets: Uint8Array): string {
  // Node.js 20.12 and later; half the work for a small message.
  return crypto.hash?.("sha256", octets, "hex") ?? crypto.createHash("sha256").update(octets).digest("hex");
}
