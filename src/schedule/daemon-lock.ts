// One daemon for a job file: two would run every job twice.

import { createHash } from "node:crypto";
import { join } from "node:path";
import { makeDirectory } from "../storage/durable.ts";
import { acquireLock, heldSince, type Lock } from "../storage/lock.ts";

/** `jobFile` is absolute. Rejects with L801 if a daemon runs it already; disposing gives it back. */
export async function acquireDaemonLock(stateDirectory: string, jobFile: string): Promise<Lock> {
  await makeDirectory(join(stateDirectory, "schedule"));
  return acquireLock(pathOf(stateDirectory, jobFile));
}

/** Since when a daemon runs it; undefined if none does. */
export function daemonSince(stateDirectory: string, jobFile: string): Promise<Date | undefined> {
  return heldSince(pathOf(stateDirectory, jobFile));
}

function pathOf(stateDirectory: string, jobFile: string): string {
  const name = createHash("sha256").update(jobFile).digest("hex").slice(0, 12);
  return join(stateDirectory, "schedule", `daemon-${name}.lock`);
}
