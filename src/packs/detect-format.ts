// Which files are packs: by their first entry, which is the marker, or, should that be damaged, by the seal at their end.

import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { gunzipSync, constants as zlib } from "node:zlib";
import { diskError } from "../storage/disk-error.ts";
import { markerEntry } from "./entry-names.ts";
import type { PackFormat } from "./format.ts";
import { seals, sealWords } from "./seal.ts";

const headOctets = 4096;
/** Where the name of the first entry is in a zip file (APPNOTE 4.3.7). */
const zipNameAt = 30;

const starts: readonly (readonly [PackFormat, string, (head: Buffer) => Buffer])[] = [
  ["zip", "504b0304", (head) => head.subarray(zipNameAt)],
  ["tar.gz", "1f8b", unzip],
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
  const head = await readAt(handle, 0, headOctets);
  for (const [format, start, nameIn] of starts) {
    const isOne = head.toString("hex").startsWith(start) && nameIn(head).toString().startsWith(markerEntry);
    if (isOne) return format;
  }
  for (const [format] of starts) {
    const at = status.size - seals[format].wordsBefore;
    const words = at < 0 ? "" : await readAt(handle, at, sealWords.length);
    if (words.toString() === sealWords) return format;
  }
  return undefined;
}

/** As much as there is of it before anything that is damaged. */
function unzip(head: Buffer): Buffer {
  for (let length = head.length; length >= 64; length = Math.floor(length / 2)) {
    try {
      return gunzipSync(head.subarray(0, length), {
        finishFlush: zlib.Z_SYNC_FLUSH,
        maxOutputLength: 1032 * headOctets,
      });
    } catch {
      // What is wrong may lie behind the first entry.
    }
  }
  return Buffer.alloc(0);
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
