// A small text file as a whole.

import { readFile } from "node:fs/promises";
import { codeOf } from "../errors.ts";
import { diskError } from "./disk-error.ts";

/** Undefined if there is none. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw diskError(error, path);
  }
}
