// mailferry verify --repair: mends an archive by what lies in it, brings from the account what is lost then, and reads all
// of it again.

import { type ExitName, exitCodes, MailferryError, worstExit } from "../errors.ts";
import { jsonText } from "../formats/json-text.ts";
import { printable } from "../formats/printable.ts";
import { findJobsFor, findJobsInto } from "../jobs/compare-stored.ts";
import type { RunReport, Verdict } from "../jobs/events.ts";
import { ownerOf } from "../jobs/identity.ts";
import type { Job, LoadedJobFile } from "../jobs/job.ts";
import { recallArchive } from "../jobs/known-archives.ts";
import { listArchive } from "../jobs/listing.ts";
import { loadJobFile } from "../jobs/load.ts";
import type { MendedMailbox } from "../jobs/mend.ts";
import { JobFileError } from "../jobs/mistakes.ts";
import { type RepairReport, repairArchive } from "../jobs/repair.ts";
import { runJobs } from "../jobs/run.ts";
import { verifyArchive } from "../jobs/verify.ts";
import type { VerifyReport } from "../jobs/verify-report.ts";
import type { Invocation } from "./invocation.ts";
import { findJobFile, stateDirectory } from "./job-file.ts";
import { commandLine, mailboxName, placeName, sameJobFile } from "./names.ts";
import { formatRunSummary, indented } from "./summary.ts";
import { openTalk } from "./talk.ts";
import { formatCount, plural } from "./units.ts";
import { paintVerdict } from "./verdict.ts";
import { openVerifyProgress } from "./verify-progress.ts";
import { formatSections, verificationSections } from "./verify-text.ts";

interface Outcome {
  /** As the archive was found. */
  readonly before: VerifyReport;
  readonly repair: RepairReport;
  /** Undefined where no account was asked. */
  readonly run: RunReport | undefined;
  /** As it is now; undefined after a rehearsal. */
  readonly after: VerifyReport | undefined;
}

export async function repair(directory: string, invocation: Invocation): Promise<number> {
  const { signal, options, screen } = invocation;
  const dryRun = options.dryRun === true;
  const file = await loadIfThere(invocation);
  const before = await readAgain(directory, 0, invocation);
  const isWell = before.problems.length === 0 && (before.lost ?? []).length === 0;
  const [first] = file === undefined ? [] : await findJobsInto(directory, file);
  const mended = await repairArchive(directory, {
    dryRun,
    owner: first && ownerOf(first.from),
    id: await recallArchive(stateDirectory(invocation), directory),
    signal,
  });
  const jobs = isWell || file === undefined ? [] : await findJobs(directory, file);
  const strangers = first !== undefined && jobs.length === 0 && !isWell && !dryRun;
  const held = strangers
    ? [...mended.held, `mailferry.json is not of the account of ${printable(first.name)}`]
    : mended.held;
  const run = jobs.length === 0 || dryRun || file === undefined ? undefined : await bring(jobs, file, invocation);
  const after = dryRun ? undefined : await readAgain(directory, before.messages, invocation);
  const outcome = { before, repair: { ...mended, held }, run, after };
  const { verdict, name } = verdictOf(outcome);
  if (options.json) {
    const head = { v: 1, command: "verify", verdict, exit: { code: exitCodes[name], name } };
    const brought = run === undefined ? {} : { run: { verdict: run.verdict, exit: run.exit, jobs: run.jobs } };
    const document = {
      ...head,
      ...(after ?? before),
      repair: { ...outcome.repair, found: before.problems },
      ...brought,
    };
    await screen.out(`${jsonText(document)}\n`);
  } else if (!options.quiet || name !== "ok") {
    await screen.out(formatRepair(outcome, jobs, directory, invocation));
  }
  return exitCodes[name];
}

/** `expected`: so many messages, as far as is known. */
async function readAgain(directory: string, expected: number, invocation: Invocation): Promise<VerifyReport> {
  const { mailboxes } = await listArchive(directory).catch(() => ({ mailboxes: [] }));
  const total = mailboxes.reduce((sum, { messages }) => sum + messages, 0);
  const { signal } = invocation;
  const progress = await openVerifyProgress(invocation, Math.max(total, expected));
  return verifyArchive(directory, { signal, progress: progress.done }).finally(() => progress.stop());
}

/** Without a job file what can be repaired is. */
async function loadIfThere(invocation: Invocation): Promise<LoadedJobFile | undefined> {
  try {
    return await loadJobFile(await findJobFile(invocation), invocation.env);
  } catch (error) {
    const isMissing = error instanceof MailferryError && error.code === "C701";
    if (invocation.options.config !== undefined || error instanceof JobFileError || !isMissing) throw error;
    return undefined;
  }
}

async function findJobs(directory: string, file: LoadedJobFile): Promise<Job[]> {
  return findJobsFor(directory, file).catch((error: unknown) => {
    // In a rehearsal the marker may still be missing.
    if (error instanceof MailferryError && error.code === "D506") return [];
    throw error;
  });
}

async function bring(jobs: readonly Job[], file: LoadedJobFile, invocation: Invocation): Promise<RunReport> {
  const talk = await openTalk(invocation);
  return runJobs(jobs, {
    concurrency: file.concurrency,
    signal: invocation.signal,
    report: talk.report,
    stateDirectory: stateDirectory(invocation),
    clock: invocation.clock,
    confirmed: invocation.atTerminal,
  }).finally(() => talk.stop());
}

function verdictOf({ before, repair: { held }, run, after }: Outcome): { verdict: Verdict; name: ExitName } {
  if (after === undefined) return { verdict: "rehearsal", name: before.problems.length > 0 ? "damaged" : "ok" };
  if (after.problems.length > 0) return { verdict: "failed", name: "damaged" };
  const exits: ExitName[] = [(run?.exit.name ?? "ok") as ExitName];
  if ((after.lost ?? []).length + held.length > 0) exits.push("incomplete");
  const name = worstExit(exits);
  return { verdict: name === "ok" ? "safe" : "incomplete", name };
}

function formatRepair(outcome: Outcome, jobs: readonly Job[], directory: string, invocation: Invocation): string {
  const { before, repair: mended, run, after } = outcome;
  const { screen, cwd, options } = invocation;
  const look = { language: invocation.language, cwd, paint: screen.outPaint, verbose: options.verbose === true };
  const { verdict } = verdictOf(outcome);
  const head = after === undefined ? "What a repair would do:" : "Repaired:";
  const lines = [
    ...mended.mailboxes.flatMap(describeMended),
    ...(mended.marker ? ["mailferry.json is written anew"] : []),
  ];
  const done = lines.length === 0 ? [] : [[screen.outPaint.bold(head), ...indented(lines)]];
  const held = mended.held.length === 0 ? [] : [indented(mended.held.map((each) => `Not repaired: ${each}`))];
  const asked = jobs.map(({ name }) => printable(name)).join(", ");
  const would =
    after === undefined && jobs.length > 0 ? [indented([`Then ${asked} would bring again what is lost.`])] : [];
  const summary =
    run === undefined
      ? []
      : [
          formatRunSummary(run, { ...look, octetsToCopy: new Map() })
            .trimEnd()
            .split("\n"),
        ];
  return formatSections([
    ...verificationSections(before, look),
    ...done,
    ...held,
    ...would,
    ...summary,
    ...(after === undefined ? [] : verificationSections(after, look)),
    [`${paintVerdict(verdict, screen.outPaint, invocation.language)} ${sumUp(outcome, jobs, directory, invocation)}`],
  ]);
}

/** `INBOX: 1 message lost; its ledger is written anew` */
function describeMended({ path, mended, takenIn, putAside, lost, ledger, held }: MendedMailbox): string[] {
  const parts = [
    mended > 0 ? `${plural(mended, "message")} put right` : "",
    takenIn > 0 ? `${plural(takenIn, "message")} that no ledger knew taken in` : "",
    putAside > 0 ? `${plural(putAside, "copy or fragment", "copies and fragments")} moved aside` : "",
    lost.length > 0 ? `${plural(lost.length, "message")} damaged or gone: what is left is aside` : "",
    ledger ? "the ledger is written anew" : "",
  ].filter((part) => part !== "");
  return held !== undefined || parts.length === 0 ? [] : [`${mailboxName(path)}: ${parts.join("; ")}`];
}

function sumUp(
  { before, repair: { mailboxes }, after }: Outcome,
  jobs: readonly Job[],
  directory: string,
  invocation: Invocation,
): string {
  const place = placeName(directory, invocation.cwd);
  const command = (...more: string[]) => commandLine(...sameJobFile(invocation.options), "verify", place, ...more);
  if (after === undefined) {
    const lost = mailboxes.reduce((sum, one) => sum + one.lost.length, 0);
    if (before.problems.length === 0) return "there is nothing to repair.";
    return `nothing was changed; ${plural(lost, "message")} would have to be brought again. To do it: ${command("--repair")}`;
  }
  const counts = `${formatCount(after.intact)} of ${plural(after.messages, "message")} re-read intact`;
  if (after.problems.length > 0) return `${counts}; not all could be repaired.`;
  const lost = (after.lost ?? []).length;
  if (lost === 0) return `${counts}${before.problems.length === 0 ? "; there was nothing to repair" : ""}.`;
  const many = `${plural(lost, "message")} ${lost === 1 ? "is" : "are"} still lost`;
  if (jobs.length > 0)
    return `${counts}; ${many}: not on the server any more, or not brought yet. What is left is aside.`;
  return `${counts}; ${many}. The next run of the job into this folder brings what the server still has; or name its job file (-c FILE).`;
}
