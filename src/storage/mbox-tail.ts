import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { readRange } from "./read-range.ts";

const tailOctets = 4096;

/**
 * Of the last octets before `length`: enough to notice that another program rewrote the file. Where it ends before that,
 * `short` says what to throw; without it, the digest is of what there is.
 */
export async function digestTail(
  handle: FileHandle,
  path: string,
  length: number,
  short?: (end: number) => Error,
): Promise<string> {
  const tail = createHash("sha256");
  const octets = Math.min(tailOctets, length);
  for await (const chunk of readRange(handle, path, length - octets, octets, short)) tail.update(chunk);
  return tail.digest("hex");
}
