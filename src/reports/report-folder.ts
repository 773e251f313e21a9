// The folder of reports: a file for each run, and one that lists them.
//
//   REPORTS/
//     index.html                            every job: its newest verdict, and its reports
//     nightly-2026-11-22T02-30-12Z.html     one run

import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { MailferryError } from "../errors.ts";
import type { JobReport } from "../jobs/events.ts";
import type { Job } from "../jobs/job.ts";
import { runsOf } from "../jobs/run-record.ts";
import type { Language } from "../language/language.ts";
import {
  isTemporaryName,
  listDirectory,
  makeDirectory,
  removeFile,
  replaceFile,
  syncDirectory,
} from "../storage/durable.ts";
import type { Commands } from "./advice.ts";
import { type ArchiveContents, surveyArchive } from "./archive-contents.ts";
import { formatIndex } from "./index-page.ts";
import { formatRunPage, type PageOptions } from "./run-page.ts";

/** Of each job so many reports stay, the newest: more than a year of nights. */
export const mostReports = 400;

export interface ReportFolder {
  readonly folder: string;
  /** All jobs of the job file. */
  readonly jobs: readonly Job[];
  readonly language: Language;
  readonly stateDirectory: string;
  commandsOf(job: Job): Commands;
}

/** Writes a page for each of these runs, removes what is too old, and writes the list anew. Durable when it resolves. */
export async function writeReports(reports: readonly JobReport[], order: ReportFolder): Promise<void> {
  const { folder, jobs, language, stateDirectory } = order;
  await makeDirectory(folder);
  for (const report of reports) {
    const job = jobs.find(({ name }) => name === report.name);
    if (job === undefined) continue;
    const archive = "archive" in job.to ? job.to.archive : undefined;
    const options = { language, timeZone: job.timeZone, commands: order.commandsOf(job), archive };
    await writeReport(join(folder, fileNameOf(report)), report, options);
  }
  const names = await listDirectory(folder);
  const rows = [];
  let removed = await removeLeftovers(folder, names, Date.parse(reports[0]?.startedAt ?? ""));
  for (const job of jobs) {
    const all = reportsAmong(names, job.name);
    for (const name of all.slice(mostReports)) {
      await removeFile(join(folder, name));
      removed++;
    }
    const [last] = (await runsOf(job, stateDirectory)).slice(-1);
    rows.push({ job: job.name, last, reports: all.slice(0, mostReports), timeZone: job.timeZone });
  }
  if (removed > 0) await syncDirectory(folder);
  await replaceFile(join(folder, "index.html"), formatIndex(rows, language));
}

const dayMs = 86_400_000;

/** Removes what a run that died has left half-written; what is younger than a day may be somebody's who is at work. */
async function removeLeftovers(folder: string, names: readonly string[], now: number): Promise<number> {
  let removed = 0;
  for (const name of names.filter(isTemporaryName)) {
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found === undefined || !(found.mtimeMs < now - dayMs)) continue;
    await removeFile(join(folder, name));
    removed++;
  }
  return removed;
}

/** Writes the page of this run to one file, whose folder must be there. `archive` is the folder that the run has written. */
export async function writeReport(
  path: string,
  report: JobReport,
  { archive, ...options }: Omit<PageOptions, "archive"> & { readonly archive: string | undefined },
): Promise<void> {
  const contents = await contentsOf(archive, report);
  await replaceFile(path, formatRunPage(report, { ...options, archive: contents }));
}

/** Of the archive that the run has written; undefined where it has not, or where it can't be read. */
async function contentsOf(archive: string | undefined, report: JobReport): Promise<ArchiveContents | undefined> {
  // A destination that was refused may be somebody else's.
  if (archive === undefined || ["destination", "skipped"].includes(report.exit.name)) return undefined;
  try {
    return await surveyArchive(archive, new Date(report.startedAt));
  } catch (error) {
    if (error instanceof MailferryError) return undefined;
    throw error;
  }
}

/** `nightly-2026-11-22T02-30-12Z.html` */
export function fileNameOf({ name, startedAt }: Pick<JobReport, "name" | "startedAt">): string {
  return `${stemOf(name)}-${startedAt.replaceAll(":", "-").replace(/\.\d+/, "")}.html`;
}

/** The job's reports among these file names, the newest first. */
export function reportsAmong(names: readonly string[], job: string): string[] {
  const stem = `${stemOf(job)}-`;
  const time = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.html$/;
  return names
    .filter((name) => name.startsWith(stem) && time.test(name.slice(stem.length)))
    .sort()
    .reverse();
}

/** A job's name as far as it may be a file's; where that is not all of it, a digest tells it from others. */
function stemOf(job: string): string {
  const fit = job.replaceAll(/[^\p{L}\p{N}_-]/gu, "_").slice(0, 60);
  if (fit === job && fit === fit.normalize("NFC")) return fit;
  return `${fit.normalize("NFC")}-${createHash("sha256").update(job).digest("hex").slice(0, 8)}`;
}
