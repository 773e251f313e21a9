// What the file system at a path can't hold. Only where the system tells: elsewhere a run finds out.

import { statfsSync } from "node:fs";
import { dirname, resolve, sep } from "node:path";
import { codeOf } from "../errors.ts";

export interface DiskKind {
  /** As people call it. */
  readonly name: string;
  /** Octets of one file at most; undefined: as good as none. */
  readonly largestFile: number | undefined;
  /** Names of files may have a colon, as those of a Maildir do. */
  readonly takesColons: boolean;
}

/** Linux's statfs(2) types. */
const types: ReadonlyMap<number, DiskKind> = new Map([
  [0x4d44, { name: "FAT32", largestFile: 2 ** 32 - 1, takesColons: false }],
  [0x2011bab0, { name: "exFAT", largestFile: undefined, takesColons: false }],
  [0x7366746e, { name: "NTFS", largestFile: undefined, takesColons: false }],
]);

/** Of the disk on which the path lies, or will lie once it is made; undefined where nothing is known that it can't hold. */
export function diskKind(path: string): DiskKind | undefined {
  if (sep === "\\") return { name: "NTFS", largestFile: undefined, takesColons: false };
  for (let place = resolve(path); ; place = dirname(place)) {
    try {
      return types.get(statfsSync(place).type);
    } catch (error) {
      const isMissing = ["ENOENT", "ENOTDIR"].includes(codeOf(error) ?? "");
      if (!isMissing || dirname(place) === place) return undefined;
    }
  }
}
