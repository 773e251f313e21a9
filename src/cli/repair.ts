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
import type { Language } from "../language/language.ts";
import { translate } from "../language/sentences.ts";
import { intactText } from "./archive-words.ts";
import type { Invocation } from "./invocation.ts";
import { findJobFile, stateDirectory } from "./job-file.ts";
import { commandLine, mailboxName, placeName, sameJobFile } from "./names.ts";
import { formatRunSummary, indented } from "./summary.ts";
import { openTalk } from "./talk.ts";
import { repairTexts } from "./texts/repair.ts";
import { paintVerdict } from "./verdict.ts";
import { openVerifyProgress } from "./verify-progress.ts";
import { formatSections, verificationSections } from "./verify-text.ts";

interface Outcome {
  /** As the archive was found. */
  readonly before: VerifyReport;
  readonly repair: RepairReport;
  /** The job that writes here although the archive is of another account; `repair.held` says so, too. */
  readonly stranger: string | undefined;
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
  const stranger = strangers ? first.name : undefined;
  const held = [...mended.held, ...strangerText(stranger, "en")];
  const run = jobs.length === 0 || dryRun || file === undefined ? undefined : await bring(jobs, file, invocation);
  const after = dryRun ? undefined : await readAgain(directory, before.messages, invocation);
  const outcome = { before, repair: { ...mended, held }, stranger, run, after };
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

function strangerText(job: string | undefined, language: Language): string[] {
  return job === undefined ? [] : [repairTexts.in(language)("stranger", { job: printable(job) })];
}

function formatRepair(outcome: Outcome, jobs: readonly Job[], directory: string, invocation: Invocation): string {
  const { before, repair: mended, stranger, run, after } = outcome;
  const { screen, cwd, options, language } = invocation;
  const say = repairTexts.in(language);
  const look = { cwd, language, paint: screen.outPaint, verbose: options.verbose === true };
  const { verdict } = verdictOf(outcome);
  const lines = [
    ...mended.mailboxes.flatMap((one) => describeMended(one, say)),
    ...(mended.marker ? [say("marker")] : []),
  ];
  const head = screen.outPaint.bold(say(after === undefined ? "head.would" : "head.done"));
  const held = mended.held.slice(0, mended.held.length - (stranger === undefined ? 0 : 1));
  const reasons = [...held.map((each) => printable(translate(each, language))), ...strangerText(stranger, language)];
  const asked = jobs.map(({ name }) => printable(name)).join(", ");
  const wouldBring = after === undefined && jobs.length > 0;
  const summary = run === undefined ? "" : formatRunSummary(run, { ...look, octetsToCopy: new Map() }).trimEnd();
  return formatSections([
    ...verificationSections(before, look),
    ...(lines.length === 0 ? [] : [[head, ...indented(lines)]]),
    indented(reasons.map((reason) => say("held", { reason }))),
    wouldBring ? indented([say("would-bring", { jobs: asked })]) : [],
    summary === "" ? [] : summary.split("\n"),
    ...(after === undefined ? [] : verificationSections(after, look)),
    [`${paintVerdict(verdict, screen.outPaint, language)} ${sumUp(outcome, jobs, directory, invocation)}`],
  ]);
}

type RepairSay = ReturnType<(typeof repairTexts)["in"]>;

/** `INBOX: 1 message lost; its ledger is written anew` */
function describeMended(mailbox: MendedMailbox, say: RepairSay): string[] {
  const { path, mended, takenIn, putAside, lost, ledger, held } = mailbox;
  const parts = [
    mended > 0 ? say("put-right", { count: mended }) : "",
    takenIn > 0 ? say("taken-in", { count: takenIn }) : "",
    putAside > 0 ? say("put-aside", { count: putAside }) : "",
    lost.length > 0 ? say("lost", { count: lost.length }) : "",
    ledger ? say("ledger") : "",
  ].filter((part) => part !== "");
  if (held !== undefined || parts.length === 0) return [];
  return [say("mended", { mailbox: mailboxName(path), what: parts.join(say("and")) })];
}

function sumUp(
  { before, repair: { mailboxes }, after }: Outcome,
  jobs: readonly Job[],
  directory: string,
  { cwd, options, language }: Invocation,
): string {
  const say = repairTexts.in(language);
  if (after === undefined) {
    if (before.problems.length === 0) return say("nothing-to-do");
    const count = mailboxes.reduce((sum, one) => sum + one.lost.length, 0);
    const command = commandLine(...sameJobFile(options), "verify", placeName(directory, cwd), "--repair");
    return say("nothing-changed", { count, command });
  }
  const counts = intactText(after, language);
  if (after.problems.length > 0) return say("not-all", { counts });
  const lost = (after.lost ?? []).length;
  if (lost > 0) return say(jobs.length > 0 ? "still-lost.asked" : "still-lost", { counts, count: lost });
  return say(before.problems.length === 0 ? "whole.before" : "whole", { counts });
}
