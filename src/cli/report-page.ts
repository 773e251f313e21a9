// mailferry report --html: the newest run of a job, and the archive it wrote, as one page.

import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { exitCodes } from "../errors.ts";
import { writeReport } from "../reports/report-folder.ts";
import { UsageError } from "./errors.ts";
import type { Invocation } from "./invocation.ts";
import { commandLine, placeName } from "./names.ts";
import type { Subject } from "./report.ts";
import { reportTexts } from "./texts/report.ts";
import { commandsOf } from "./written-reports.ts";

export async function writeReportPage(
  file: string,
  subjects: readonly Subject[],
  invocation: Invocation,
): Promise<number> {
  const { options, screen, cwd } = invocation;
  const say = reportTexts.in(invocation.language);
  if (options.json) throw new UsageError(say("html-or-json"));
  // What is named here is replaced: a slip must not cost the job file.
  if (!/\.html?$/i.test(file)) throw new UsageError(say("html-name", { file }));
  const [subject] = subjects;
  if (subjects.length > 1) {
    const names = subjects.map(({ name }) => name).join(", ");
    throw new UsageError(say("html-one", { names }));
  }
  if (subject?.kept === undefined) throw new UsageError(say("html-nothing"));
  const { job, archive, language, kept } = subject;
  const path = resolve(cwd, file);
  const folder = dirname(path);
  if (!(await isFolder(folder))) throw new UsageError(say("html-no-folder", { place: placeName(folder, cwd) }));
  const verify = archive === undefined ? undefined : commandLine("mailferry", "verify", archive);
  await writeReport(path, kept.report, {
    language,
    timeZone: job?.timeZone,
    commands: job === undefined ? { verify } : commandsOf(job, invocation),
    archive,
  });
  if (!options.quiet) await screen.out(`${say("html-written", { place: placeName(path, cwd) })}\n`);
  return exitCodes.ok;
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
