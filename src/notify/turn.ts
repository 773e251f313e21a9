// Only one process at a time looks at what was told and tells more, or two would tell the same.

import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { MailferryError } from "../errors.ts";
import { makeDirectory } from "../storage/durable.ts";
import { acquireLock, type Lock } from "../storage/lock.ts";

const pauseMs = 250;
/** As long as all channels together may take, twice. */
const patienceMs = 120_000;

/** Undefined where the turn does not come, or the disk allows no lock: better told twice than not at all. */
export async function takeTurn(stateDirectory: string): Promise<Lock | undefined> {
  try {
    await makeDirectory(stateDirectory);
    for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += pauseMs) {
      const lock = await acquireLock(join(stateDirectory, "notify.lock")).catch(refusal);
      if (lock !== undefined) return lock;
      await setTimeout(pauseMs);
    }
  } catch (error) {
    if (!(error instanceof MailferryError)) throw error;
  }
  return undefined;
}

function refusal(error: unknown): undefined {
  if (error instanceof MailferryError && error.code === "L801") return undefined;
  throw error;
}
