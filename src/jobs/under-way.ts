// Whether a run of a job is going on, here or in another process.

import { join } from "node:path";
import { isHeld } from "../storage/lock.ts";
import { moveDirectory } from "../storage/move-book.ts";
import { moveIdentity } from "./identity.ts";
import type { Job } from "./job.ts";

export async function isUnderWay(job: Pick<Job, "name" | "from" | "to">, stateDirectory: string): Promise<boolean> {
  const { to } = job;
  const folder = "archive" in to ? to.archive : moveDirectory(stateDirectory, moveIdentity(job));
  return isHeld(join(folder, "mailferry.lock"));
}
