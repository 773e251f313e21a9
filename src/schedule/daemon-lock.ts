// One daemon for a job file: two would run every job twice.

import { createHash } from "node:crypto";
import { join } from "node:path";
import { makeDirectory } from "../storage/durable.ts";
import { acquireLock, type Lock } from "../storage/lock.ts";

/** `jobFile` is absolute. Rejects with L801 if a daemon runs it already; disposing gives it back. */
export async function acquireDaemonLock(stateDirectory: string, jobFile: string): Promise<Lock> {
  const directory = join(stateDirectory, "schedule");
  await makeDirectory(directory);
  const name = createHash("sha256").update(jobFile).digest("hex").slice(0, 12);
  return acquireLock(join(directory, `daemon-${name}.lock`));
}
