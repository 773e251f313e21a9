// What a run leaves beside its record: in each archive how to read it, its page, and the metrics of all jobs.

import type { Job } from "../jobs/job.ts";
import type { Language } from "../language/language.ts";
import { translate } from "../language/sentences.ts";
import type { Commands } from "../reports/advice.ts";
import { keepReadme } from "../reports/archive-readme.ts";
import { writeMetrics } from "../reports/metrics.ts";
import { writeReports } from "../reports/report-folder.ts";
import type { FinishedRun } from "./follow-up.ts";
import type { Invocation } from "./invocation.ts";
import { stateDirectory } from "./job-file.ts";
import { commandLine, placeName, sameJobFile } from "./names.ts";
import { followUpTexts } from "./texts/follow-up.ts";

/** Commands that a report of this job tells. */
export function commandsOf({ name, to }: Job, { options }: Pick<Invocation, "options">): Commands {
  return {
    again: commandLine(...sameJobFile(options), "run", name),
    verify: "archive" in to ? commandLine("mailferry", "verify", to.archive) : undefined,
  };
}

/** README.html in each archive that the run could use. */
export async function keepReadmes({ report, file }: FinishedRun, { language }: Invocation): Promise<void> {
  const say = followUpTexts.in(language);
  const usable = report.jobs.filter(({ exit }) => !["destination", "locked", "skipped"].includes(exit.name));
  const names = new Set(usable.map(({ name }) => name));
  const archives = file.jobs.flatMap(({ name, to }) => (names.has(name) && "archive" in to ? [to.archive] : []));
  for (const archive of new Set(archives)) {
    await keepReadme(archive, file.language).catch(because(language, (reason) => say("readme", { reason })));
  }
}

/** `report.html` */
export async function writePages({ report, file }: FinishedRun, invocation: Invocation): Promise<void> {
  if (file.report.html === undefined) return;
  const { language, cwd } = invocation;
  const place = placeName(file.report.html, cwd);
  await writeReports(report.jobs, {
    folder: file.report.html,
    jobs: file.jobs,
    language: file.language,
    stateDirectory: stateDirectory(invocation),
    commandsOf: (job) => commandsOf(job, invocation),
  }).catch(because(language, (reason) => followUpTexts.in(language)("page", { place, reason })));
}

/** `report.metrics` */
export async function writeFigures({ file }: FinishedRun, invocation: Invocation): Promise<void> {
  if (file.report.metrics === undefined) return;
  const { language, cwd } = invocation;
  const place = placeName(file.report.metrics, cwd);
  await writeMetrics(file.report.metrics, file.jobs, stateDirectory(invocation)).catch(
    because(language, (reason) => followUpTexts.in(language)("metrics", { place, reason })),
  );
}

/** Gives the error on to whoever says it, in words for a person. */
function because(language: Language, words: (reason: string) => string): (error: unknown) => never {
  return (error) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(words(translate(reason, language)), { cause: error });
  };
}
