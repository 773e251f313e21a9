// mailferry report --html: the newest run of a job, and the archive it wrote, as one page.

import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { exitCodes } from "../errors.ts";
import { writeReport } from "../reports/report-folder.ts";
import { UsageError } from "./errors.ts";
import type { Invocation } from "./invocation.ts";
import { commandLine, placeName } from "./names.ts";
import type { Subject } from "./report.ts";
import { commandsOf } from "./written-reports.ts";

export async function writeReportPage(
  file: string,
  subjects: readonly Subject[],
  invocation: Invocation,
): Promise<number> {
  const { options, screen, cwd } = invocation;
  if (options.json) throw new UsageError("use --html or --json, not both");
  // What is named here is replaced: a slip must not cost the job file.
  if (!/\.html?$/i.test(file)) throw new UsageError(`--html writes a file whose name ends in .html, not ${file}`);
  const [subject] = subjects;
  if (subjects.length > 1) {
    const names = subjects.map(({ name }) => name).join(", ");
    throw new UsageError(`--html writes the report of one job or archive; name it: ${names}`);
  }
  if (subject?.kept === undefined) throw new UsageError("there is no report to write");
  const { job, archive, language, kept } = subject;
  const path = resolve(cwd, file);
  if (!(await isFolder(dirname(path)))) throw new UsageError(`there is no folder ${placeName(dirname(path), cwd)}`);
  const verify = archive === undefined ? undefined : commandLine("mailferry", "verify", archive);
  await writeReport(path, kept.report, {
    language,
    timeZone: job?.timeZone,
    commands: job === undefined ? { verify } : commandsOf(job, invocation),
    archive,
  });
  if (!options.quiet) await screen.out(`Written: ${placeName(path, cwd)}\n`);
  return exitCodes.ok;
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
