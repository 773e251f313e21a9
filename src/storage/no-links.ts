// An archive may be reached through a symbolic link; below it there are none, but for the lock's. One that somebody planted
// would have a run write where it leads to.

import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "../errors.ts";
import { diskError } from "./disk-error.ts";

/** Rejects with D502 if one of these (relative to `root`), or a folder on the way from `root` to it, is a link. */
export async function refuseLinks(root: string, ...places: readonly string[]): Promise<void> {
  const looked = new Set<string>();
  for (const place of places) {
    let path = root;
    for (const name of place.split("/").filter((part) => part !== "")) {
      path = join(path, name);
      if (looked.has(path)) continue;
      looked.add(path);
      if (!(await isLink(path))) continue;
      throw diskError(Object.assign(new Error("a symbolic link"), { code: "ELOOP" }), path);
    }
  }
}

/** False also where there is nothing yet. */
async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return false;
    throw diskError(error, path);
  }
}
