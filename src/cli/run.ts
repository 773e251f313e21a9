// mailferry run: the jobs of the job file, now.

import { loadJobFile } from "../jobs/load.ts";
import type { Invocation } from "./invocation.ts";
import { chooseJobs, findJobFile } from "./job-file.ts";
import { performRun } from "./perform.ts";

export async function run(names: readonly string[], all: boolean, invocation: Invocation): Promise<number> {
  const { concurrency, jobs } = await loadJobFile(await findJobFile(invocation), invocation.env);
  return performRun({ command: "run", jobs: chooseJobs(jobs, names, all), concurrency }, invocation);
}
