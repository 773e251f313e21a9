// Which files are packs: by how they begin, or, should that be damaged, by the seal at their end.

import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { diskError } from "../storage/disk-error.ts";
import type { PackFormat } from "./format.ts";
import { seals, sealWords } from "./seal.ts";

const starts: readonly (readonly [PackFormat, Buffer])[] = [
  ["zip", Buffer.from("504b0304", "hex")],
  ["tar.gz", Buffer.from("1f8b", "hex")],
];

/** What a file may be, of which nothing is known yet; undefined for what can't be a pack, and for what is no file. */
export async function detectPack(path: string): Promise<PackFormat | undefined> {
  try {
    await using handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return await detectFormat(handle);
  } catch (error) {
    throw diskError(error, path);
  }
}

/** The same of an open file. */
export async function detectFormat(handle: FileHandle): Promise<PackFormat | undefined> {
  const status = await handle.stat();
  if (!status.isFile()) return undefined;
  for (const [format, start] of starts) if ((await readAt(handle, 0, start.length)).equals(start)) return format;
  for (const [format] of starts) {
    const at = status.size - seals[format].wordsBefore;
    const words = at < 0 ? "" : await readAt(handle, at, sealWords.length);
    if (words.toString() === sealWords) return format;
  }
  return undefined;
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
