import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { diskError } from "./disk-error.ts";

const tailOctets = 4096;

/** Of the last octets before `length`: enough to notice that another program rewrote the file. */
export async function digestTail(handle: FileHandle, path: string, length: number): Promise<string> {
  const tail = Buffer.alloc(Math.min(tailOctets, length));
  const { bytesRead } = await handle.read(tail, 0, tail.length, length - tail.length).catch((error: unknown) => {
    throw diskError(error, path);
  });
  return createHash("sha256").update(tail.subarray(0, bytesRead)).digest("hex");
}
