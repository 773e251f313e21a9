// Commands that log in without running a job: their log-ins are counted with those of runs.

import type { Account } from "../account.ts";
import { printable } from "../formats/printable.ts";
import type { LoadedJobFile } from "../jobs/job.ts";
import { loadJobFile } from "../jobs/load.ts";
import { LogIns } from "../jobs/log-ins.ts";
import { translate } from "../language/sentences.ts";
import type { Invocation } from "./invocation.ts";
import { findJobFile, stateDirectory } from "./job-file.ts";

/** The job file with all its accounts under watch. Rejects as `loadJobFile` does. */
export async function loadWatched(invocation: Invocation): Promise<LoadedJobFile> {
  const { env, clock, screen, language, atTerminal = false } = invocation;
  const logIns = new LogIns({ stateDirectory: stateDirectory(invocation), clock, isConfirmed: atTerminal });
  const redirect = (_: string, account: Account) =>
    logIns.watchAccount(account, ({ reason }) => screen.err(`${translate(printable(reason), language)}\n`));
  return loadJobFile(await findJobFile(invocation), env, { redirect });
}
