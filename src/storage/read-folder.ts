// A folder that may be missing.

import { readdir, stat } from "node:fs/promises";
import { codeOf } from "../errors.ts";
import { diskError } from "./disk-error.ts";

/** The names in it, in no order; none if it is not there. Rejects if it can't be read. */
export async function namesIn(path: string): Promise<string[]> {
  return readdir(path).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return [];
    throw diskError(error, path);
  });
}

/** False also where nobody can tell. */
export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}
