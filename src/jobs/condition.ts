// Whether a run is to take place at all.

import { stat } from "node:fs/promises";
import { codeOf } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import type { Job } from "./job.ts";

/**
 * Why the run is skipped, as a clause that is safe to print; undefined if it is not. A path that can't be looked at, as on
 * a disk that is dying or a share whose server is gone, is as good as absent.
 */
export async function reasonToSkip({ when }: Pick<Job, "when">): Promise<string | undefined> {
  const path = when?.pathExists;
  if (path === undefined) return undefined;
  try {
    await stat(path);
    return undefined;
  } catch (error) {
    const code = codeOf(error) ?? "unknown error";
    if (code === "ENOENT" || code === "ENOTDIR") return `${printable(path)} is not there`;
    return `${printable(path)} can't be looked at (${printable(code)})`;
  }
}
