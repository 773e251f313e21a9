// What a run leaves beside its record: in each archive how to read it, its page, and the metrics of all jobs.

import type { Job } from "../jobs/job.ts";
import type { Commands } from "../reports/advice.ts";
import { keepReadme } from "../reports/archive-readme.ts";
import { writeMetrics } from "../reports/metrics.ts";
import { writeReports } from "../reports/report-folder.ts";
import type { FinishedRun } from "./follow-up.ts";
import type { Invocation } from "./invocation.ts";
import { stateDirectory } from "./job-file.ts";
import { commandLine, placeName, sameJobFile } from "./names.ts";

/** Commands that a report of this job tells. */
export function commandsOf({ name, to }: Job, { options }: Pick<Invocation, "options">): Commands {
  return {
    again: commandLine(...sameJobFile(options), "run", name),
    verify: "archive" in to ? commandLine("mailferry", "verify", to.archive) : undefined,
  };
}

/** README.html in each archive that the run could use. */
export async function keepReadmes({ report, file }: FinishedRun): Promise<void> {
  const usable = report.jobs.filter(({ exit }) => !["destination", "locked", "skipped"].includes(exit.name));
  const names = new Set(usable.map(({ name }) => name));
  const archives = file.jobs.flatMap(({ name, to }) => (names.has(name) && "archive" in to ? [to.archive] : []));
  for (const archive of new Set(archives)) {
    await keepReadme(archive, file.language).catch(because("README.html could not be written into the archive"));
  }
}

/** `report.html` */
export async function writePages({ report, file }: FinishedRun, invocation: Invocation): Promise<void> {
  if (file.report.html === undefined) return;
  await writeReports(report.jobs, {
    folder: file.report.html,
    jobs: file.jobs,
    language: file.language,
    stateDirectory: stateDirectory(invocation),
    commandsOf: (job) => commandsOf(job, invocation),
  }).catch(because(`the HTML report could not be written to ${placeName(file.report.html, invocation.cwd)}`));
}

/** `report.metrics` */
export async function writeFigures({ file }: FinishedRun, invocation: Invocation): Promise<void> {
  if (file.report.metrics === undefined) return;
  await writeMetrics(file.report.metrics, file.jobs, stateDirectory(invocation)).catch(
    because(`the metrics could not be written to ${placeName(file.report.metrics, invocation.cwd)}`),
  );
}

function because(what: string): (error: unknown) => never {
  return (error) => {
    throw new Error(`${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  };
}
