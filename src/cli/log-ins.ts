// Commands that log in without running a job: their log-ins are counted with those of runs.

import type { Account } from "../account.ts";
import { printable } from "../formats/printable.ts";
import type { LoadedJobFile } from "../jobs/job.ts";
import { loadJobFile } from "../jobs/load.ts";
import { LogIns } from "../jobs/log-ins.ts";
import { translate } from "../language/sentences.ts";
import type { Invocation } from "./invocation.ts";
import { findJobFile, stateDirectory } from "./job-file.ts";

/** Puts an account under watch: log-ins that were refused are remembered, and where there were too many none is tried. */
export function openWatch(invocation: Invocation): (account: Account) => Account {
  const { clock, screen, options, language, atTerminal = false } = invocation;
  const isConfirmed = atTerminal || options.yes === true;
  const logIns = new LogIns({ stateDirectory: stateDirectory(invocation), clock, isConfirmed });
  return (account) =>
    logIns.watchAccount(account, ({ reason }) => screen.err(`${translate(printable(reason), language)}\n`));
}

/** The job file with all its accounts under watch. Rejects as `loadJobFile` does. */
export async function loadWatched(invocation: Invocation): Promise<LoadedJobFile> {
  const watch = openWatch(invocation);
  const redirect = (_: string, account: Account) => watch(account);
  return loadJobFile(await findJobFile(invocation), invocation.env, { redirect });
}
