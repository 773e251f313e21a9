// mailferry verify: reads every message again, of an archive or of what a job has put into an account, and compares it
// with its ledger; on request compares the ledger with where the mail came from, too.

import { access, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { type ExitName, exitCodes, MailferryError } from "../errors.ts";
import { jsonText } from "../formats/json-text.ts";
import { printable } from "../formats/printable.ts";
import { type CompareReport, isComplete } from "../jobs/compare.ts";
import type { Patience } from "../jobs/compare-source.ts";
import { compareArchive, compareMove } from "../jobs/compare-stored.ts";
import { isArchive } from "../jobs/detect.ts";
import type { Verdict } from "../jobs/events.ts";
import type { Job, LoadedJobFile } from "../jobs/job.ts";
import { type ArchiveListing, listArchive } from "../jobs/listing.ts";
import { JobFileError } from "../jobs/mistakes.ts";
import { suggest } from "../jobs/suggest.ts";
import { type VerifyReport, verifyArchive } from "../jobs/verify.ts";
import { countBrought, openBookOf, type TargetReport, verifyTarget } from "../jobs/verify-target.ts";
import type { Language } from "../language/language.ts";
import { translate } from "../language/sentences.ts";
import { ownerName, storedText } from "./archive-words.ts";
import { allStored, type ComparisonOptions, formatComparison, formatTarget, shortcomings } from "./comparison.ts";
import { UsageError } from "./errors.ts";
import type { Invocation } from "./invocation.ts";
import { stateDirectory } from "./job-file.ts";
import { loadWatched } from "./log-ins.ts";
import { placeName } from "./names.ts";
import { verifyTexts } from "./texts/verify.ts";
import { paintVerdict } from "./verdict.ts";
import { openVerifyProgress } from "./verify-progress.ts";
import {
  formatSections,
  formatVerification,
  isIntact,
  verificationSections,
  verificationVerdict,
} from "./verify-text.ts";

export interface VerifyOptions {
  /** Compare with where the mail came from, too. */
  readonly server?: boolean | undefined;
  /** Mend what is damaged. */
  readonly repair?: boolean | undefined;
}

/** `name` is the folder of an archive or a pack of one, or where there is none, a job of the job file. */
export async function verify(name: string, options: VerifyOptions, invocation: Invocation): Promise<number> {
  const directory = resolve(invocation.cwd, name);
  if (await isArchive(directory)) return verifyFolder(directory, options, invocation);
  const job = await findJob(name, directory, invocation);
  if (job === undefined) return verifyFolder(directory, options, invocation);
  if ("archive" in job.to) return verifyFolder(job.to.archive, options, invocation);
  if (options.repair) {
    throw new UsageError(verifyTexts.in(invocation.language)("move.repair", { job: job.name }));
  }
  return verifyMove(job, options, invocation);
}

async function verifyFolder(
  archive: string,
  { server, repair }: VerifyOptions,
  invocation: Invocation,
): Promise<number> {
  const { screen, signal, cwd, language } = invocation;
  const say = verifyTexts.in(language);
  const isPack = await stat(archive).then(
    (status) => status.isFile(),
    () => false,
  );
  if (isPack && (server || repair)) {
    const option = repair ? "--repair" : "--server";
    throw new UsageError(say("pack.repair", { option }));
  }
  if (server && repair) throw new UsageError(say("repair.server"));
  if (repair) return (await import("./repair.ts")).repair(archive, invocation);
  // The account first: nobody waits for hours to hear that the password is wrong.
  const comparison = server ? await compareFolder(archive, invocation) : undefined;
  const { mailboxes } = await listArchive(archive).catch(ifDamaged);
  const messages = mailboxes.reduce((sum, mailbox) => sum + mailbox.messages, 0);
  const progress = await openVerifyProgress(invocation, messages);
  const report = await verifyArchive(archive, { signal, progress: progress.done }).finally(() => progress.stop());
  const isDamaged = !isIntact(report);
  const options = { cwd, language, paint: screen.outPaint, verbose: invocation.options.verbose === true };
  return tell({ report, comparison, isDamaged, isWhole: !isDamaged }, invocation, () =>
    comparison === undefined
      ? formatVerification(report, options)
      : formatSections([
          ...verificationSections(report, options),
          ...formatComparison(comparison, options),
          [verificationVerdict(report, options, comparison)],
        ]),
  );
}

/** What is damaged is found by the verification itself. */
function ifDamaged(error: unknown): Pick<ArchiveListing, "mailboxes"> {
  if (error instanceof MailferryError && ["V901", "D506"].includes(error.code)) return { mailboxes: [] };
  throw error;
}

async function compareFolder(archive: string, invocation: Invocation): Promise<CompareReport> {
  const { account } = await listArchive(archive);
  const file = await loadWatched(invocation);
  const comparison = await compareArchive(archive, file, patienceOf(invocation));
  if (comparison !== undefined) return comparison;
  const place = placeName(archive, invocation.cwd);
  const { language } = invocation;
  const owner = ownerName(account, language);
  throw new UsageError(verifyTexts.in(language)("no-account", { account: owner, place }));
}

async function verifyMove(job: Job, { server }: VerifyOptions, invocation: Invocation): Promise<number> {
  const { screen, cwd, language } = invocation;
  const patience = patienceOf(invocation);
  await using book = await openBookOf(job, stateDirectory(invocation));
  if (book === undefined) {
    const command = `mailferry run ${job.name}`;
    throw new UsageError(verifyTexts.in(language)("move.nothing", { job: job.name, command }));
  }
  const comparison = server ? await compareMove(job, book, patience) : undefined;
  const progress = await openVerifyProgress(invocation, await countBrought(book));
  const report = await verifyTarget(job, book, { ...patience, progress: progress.done }).finally(() => progress.stop());
  const isDamaged = isBookDamaged(report);
  const isWhole = report.problems.length === 0;
  const options = { cwd, language, paint: screen.outPaint, verbose: invocation.options.verbose === true };
  return tell({ report, comparison, isDamaged, isWhole }, invocation, () =>
    formatSections([
      ...formatTarget(report, options),
      ...(comparison === undefined ? [] : formatComparison(comparison, options)),
      [moveVerdict(report, comparison, options)],
    ]),
  );
}

/** Waits are said, or a slow server looks like one that hangs. */
function patienceOf({ options, screen, signal, language }: Invocation): Patience {
  if (options.quiet) return { signal };
  const say = verifyTexts.in(language);
  const retrying = ({ code, message }: MailferryError, attempt: number) =>
    screen.err(`${say("retrying", { attempt, code, reason: printable(translate(message, language)) })}\n`);
  return { signal, retrying };
}

interface Result {
  readonly report: VerifyReport | TargetReport;
  readonly comparison: CompareReport | undefined;
  readonly isDamaged: boolean;
  /** Every message was read again as it was stored. */
  readonly isWhole: boolean;
}

/** Writes the document or the text, and returns the exit code. */
async function tell(result: Result, { options, screen }: Invocation, format: () => string): Promise<number> {
  const { report, comparison, isDamaged } = result;
  const verdict = verdictOf(result);
  const name: ExitName = isDamaged ? "damaged" : verdict === "safe" ? "ok" : "incomplete";
  if (options.json) {
    const head = { v: 1, command: "verify", verdict, exit: { code: exitCodes[name], name } };
    const server = comparison === undefined ? {} : { server: comparison };
    await screen.out(`${jsonText({ ...head, ...report, ...server })}\n`);
  } else if (!options.quiet || name !== "ok") {
    await screen.out(format());
  }
  return exitCodes[name];
}

function verdictOf({ comparison, isDamaged, isWhole }: Omit<Result, "report">): Verdict {
  if (isDamaged) return "failed";
  return isWhole && (comparison === undefined || isComplete(comparison)) ? "safe" : "incomplete";
}

/** A job by its name. A folder that is there, and is no archive, need not be one: then no job file is needed. */
async function findJob(name: string, directory: string, invocation: Invocation): Promise<Job | undefined> {
  const isThere = await access(directory).then(
    () => true,
    () => false,
  );
  if (name.includes("/")) return undefined;
  let file: LoadedJobFile;
  try {
    file = await loadWatched(invocation);
  } catch (error) {
    const isWanted = invocation.options.config !== undefined || (error instanceof JobFileError && !isThere);
    if (isWanted || !(error instanceof MailferryError) || error.code !== "C701") throw error;
    return undefined;
  }
  const job = file.jobs.find((candidate) => candidate.name === name);
  const meant = suggest(
    name,
    file.jobs.map((candidate) => candidate.name),
  );
  if (job === undefined && !isThere && meant !== undefined) {
    throw new UsageError(verifyTexts.in(invocation.language)("neither-meant", { name, meant }));
  }
  return job;
}

function isBookDamaged({ problems }: TargetReport): boolean {
  return problems.some(({ code }) => code === "V901");
}

function moveVerdict(
  report: TargetReport,
  comparison: CompareReport | undefined,
  { paint, language }: ComparisonOptions,
): string {
  const say = verifyTexts.in(language);
  const isComparedWell = comparison === undefined || isComplete(comparison);
  const counts = storedText(report, language) + lackOf(report, language);
  const text =
    comparison === undefined
      ? counts
      : isComparedWell
        ? say("and-stored", { counts, stored: allStored(comparison, language) })
        : say("short-of", { short: shortcomings(comparison, language), counts });
  const verdict = verdictOf({ comparison, isDamaged: isBookDamaged(report), isWhole: report.problems.length === 0 });
  return `${paintVerdict(verdict, paint, language)} ${say("sentence", { text })}`;
}

/** `, 1 missing, 1 differing` */
function lackOf({ mailboxes }: TargetReport, language: Language): string {
  const say = verifyTexts.in(language);
  const missing = mailboxes.reduce((sum, row) => sum + row.missing, 0);
  const differing = mailboxes.reduce((sum, row) => sum + row.differing, 0);
  return [
    missing === 0 ? "" : say("target.missing", { count: missing }),
    differing === 0 ? "" : say("target.differing", { count: differing }),
  ].join("");
}
