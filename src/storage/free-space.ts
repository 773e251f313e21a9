// How much is free where something is to be written.

import { statfsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { codeOf } from "../errors.ts";
import { formatSize } from "../formats/sizes.ts";

export interface FreeSpace {
  /** Octets that this user may still write. */
  readonly octets: number;
  /** What a file takes is a multiple of this. */
  readonly block: number;
  /** Not another file fits, however small: the inodes are used up. */
  readonly takesNoFile: boolean;
}

/** Of the disk on which the path lies, or will lie once it is made; undefined where the system does not tell. */
export function freeSpace(path: string): FreeSpace | undefined {
  for (let place = resolve(path); ; place = dirname(place)) {
    try {
      const { bavail, bsize, blocks, files, ffree } = statfsSync(place);
      // File systems that are none of a disk say 0 of everything.
      if (!(blocks > 0)) return undefined;
      return { octets: Math.max(0, bavail) * bsize, block: bsize, takesNoFile: files > 0 && ffree === 0 };
    } catch (error) {
      const isMissing = ["ENOENT", "ENOTDIR"].includes(codeOf(error) ?? "");
      if (!isMissing || dirname(place) === place) return undefined;
    }
  }
}

/** What follows the words for a full disk; nothing where the system does not tell. */
export function describeFree(path: string): string {
  const free = freeSpace(path);
  if (free === undefined) return "";
  return free.takesNoFile
    ? "; it takes no more files (its inodes are used up)"
    : `; ${formatSize(free.octets)} are free on it`;
}
