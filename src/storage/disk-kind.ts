// What the file system at a path can't hold. Only where the system tells: elsewhere a run finds out.

import { statfsSync } from "node:fs";
import { dirname, resolve, sep } from "node:path";
import { codeOf } from "../errors.ts";
import { fileSystemOfType } from "./file-system.ts";

export interface DiskKind {
  /** As people call it. */
  readonly name: string;
  /** Octets of one file at most; undefined: as good as none. */
  readonly largestFile: number | undefined;
  /** Names of files may have a colon, as those of a Maildir do. */
  readonly takesColons: boolean;
}

/** Of the disk on which the path lies, or will lie once it is made; undefined where nothing is known that it can't hold. */
export function diskKind(path: string): DiskKind | undefined {
  if (sep === "\\") return { name: "NTFS", largestFile: undefined, takesColons: false };
  for (let place = resolve(path); ; place = dirname(place)) {
    try {
      const { name, largestFile, takesColons } = fileSystemOfType(statfsSync(place).type);
      if (name === undefined || (takesColons && largestFile === undefined)) return undefined;
      return { name, largestFile, takesColons };
    } catch (error) {
      const isMissing = ["ENOENT", "ENOTDIR"].includes(codeOf(error) ?? "");
      if (!isMissing || dirname(place) === place) return undefined;
    }
  }
}
