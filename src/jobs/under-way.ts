// Whether a run of a job is going on, here or in another process.

import { join } from "node:path";
import { heldSince } from "../storage/lock.ts";
import { moveDirectory } from "../storage/move-book.ts";
import { moveIdentity } from "./identity.ts";
import type { Job } from "./job.ts";

/** Since when; undefined if none is. */
export async function underWaySince(
  job: Pick<Job, "name" | "from" | "to">,
  stateDirectory: string,
): Promise<Date | undefined> {
  const { to } = job;
  const folder = "archive" in to ? to.archive : moveDirectory(stateDirectory, moveIdentity(job));
  return heldSince(join(folder, "mailferry.lock"));
}
