// Whether a run of a job is going on, here or in another process.

import { join } from "node:path";
import { MailferryError } from "../errors.ts";
import { isHeld } from "../storage/lock.ts";
import { moveDirectory } from "../storage/move-book.ts";
import { moveIdentity } from "./identity.ts";
import type { Job } from "./job.ts";

/** A lock that can't be looked at counts as none. */
export async function isUnderWay(job: Pick<Job, "name" | "from" | "to">, stateDirectory: string): Promise<boolean> {
  const { to } = job;
  const folder = "archive" in to ? to.archive : moveDirectory(stateDirectory, moveIdentity(job));
  try {
    return await isHeld(join(folder, "mailferry.lock"));
  } catch (error) {
    if (error instanceof MailferryError) return false;
    throw error;
  }
}
