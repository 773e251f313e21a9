// mailferry run: the jobs of the job file, now.

import type { JobReport } from "../jobs/events.ts";
import { loadJobFile } from "../jobs/load.ts";
import type { Trigger } from "../jobs/run-record.ts";
import { failedAccount } from "./failed-account.ts";
import type { Invocation } from "./invocation.ts";
import { chooseJobs, findJobFile } from "./job-file.ts";
import { performRun } from "./perform.ts";

/** `trigger`: who starts it; a schedule says so with `--scheduled`. */
export async function run(
  names: readonly string[],
  all: boolean,
  invocation: Invocation,
  trigger: Trigger = "person",
): Promise<number> {
  const file = await loadJobFile(await findJobFile(invocation), invocation.env);
  const jobs = chooseJobs(file.jobs, names, all, invocation.language);
  const following = { trigger, file };
  const accountOf = ({ name, error }: JobReport) => {
    const job = jobs.find((each) => each.name === name);
    return job === undefined || error === undefined ? undefined : failedAccount(job, error.message, file);
  };
  return performRun({ command: "run", jobs, concurrency: file.concurrency, following, accountOf }, invocation);
}
