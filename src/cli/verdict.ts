// The last line: is everything safe, and what to do next.

import { printable } from "../formats/printable.ts";
import type { JobReport, MailboxReport, RunReport, Verdict } from "../jobs/events.ts";
import { commandLine, type Ends, isMove, whereKept } from "./names.ts";
import { packShortcoming } from "./packs.ts";
import type { Paint } from "./screen.ts";
import { formatCount, plural } from "./units.ts";

/** The verdict word in its colour. */
export function paintVerdict(verdict: Verdict, paint: Paint): string {
  const color = verdict === "safe" ? paint.green : verdict === "failed" ? paint.red : paint.yellow;
  return color(paint.bold(`${verdict.toUpperCase()}:`));
}

export interface VerdictOptions {
  readonly ends: Ends;
  /** The archive or the target, as the user would type it. */
  readonly place: string;
  /** How the job is run again, as a clause: `run the same command again`. */
  readonly again: string;
  /** A command that tells of each message that is missing or altered; undefined where there is none. */
  readonly details: string | undefined;
}

function afterFailure({ exit, error }: JobReport, again: string): string {
  if (error?.code === "C702") return `Put right what the command of the job needs, then ${again}.`;
  if (error?.code === "D507") return `Make room at the target, then ${again}.`;
  switch (exit.name) {
    case "log-in":
      return `Put the log-in right, then ${again}.`;
    case "temporary":
      return `Nothing has to be put right: ${again} later.`;
    case "destination":
      return `Put the destination right, then ${again}.`;
    case "locked":
      return `Wait until the other run has ended, then ${again}.`;
    case "job-file":
      return `Put the job file right, then ${again}.`;
    case "bug":
      return "What was copied is safe; please report the bug.";
    default:
      return `To try once more, ${again}.`;
  }
}

function total(job: JobReport, count: (mailbox: MailboxReport) => number): number {
  return job.mailboxes.reduce((sum, mailbox) => sum + count(mailbox), 0);
}

/** `a`, `a and b`, `a, b and c`. */
function listWords(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function safeText(job: JobReport, { ends, place }: VerdictOptions): string {
  const onServer = total(job, (mailbox) => mailbox.onServer);
  if (onServer === 0) return `the ${ends.source} has no message that this job carries.`;
  const all = onServer === 1 ? "the 1 message is" : `all ${formatCount(onServer)} messages are`;
  const verify = ends.target === "archive" ? `       ${commandLine("mailferry", "verify", place)}` : "";
  return `${all} ${whereKept(ends)}.${verify}`;
}

/** True if mailboxes may be left that nobody has looked at. */
export function stoppedEarly(job: JobReport): boolean {
  return job.error !== undefined || isInterrupted(job);
}

function isInterrupted({ exit }: JobReport): boolean {
  return exit.name === "interrupted" || exit.name === "terminated";
}

/** Mailboxes that could not even be listed, or opened at the target. */
function unreadMailboxes(job: JobReport): number {
  const listed = new Set(job.mailboxes.map(({ path }) => JSON.stringify(path)));
  const failed = job.failures.filter(({ key }) => key === undefined).map(({ mailbox }) => JSON.stringify(mailbox));
  return new Set(failed.filter((mailbox) => !listed.has(mailbox))).size;
}

function incompleteText(job: JobReport, options: VerdictOptions): string {
  const { ends, again, details } = options;
  if (job.error?.code === "N308") return partialText(job, options);
  const start = stoppedEarly(job) ? "stopped before the end; " : "";
  const next = `To ${stoppedEarly(job) ? "go on" : "try once more"}, ${again}.`;
  if (ends.target === "target") {
    const follow = details === undefined || stoppedEarly(job) ? ` ${next}` : `       ${details}`;
    return `${start}${shortcomings(job, options)}.${follow}`;
  }
  const missing = total(job, (mailbox) => mailbox.missing);
  const inArchive = total(job, (mailbox) => mailbox.inArchive);
  const unread = unreadMailboxes(job);
  const packs = packShortcoming(job);
  const safe = missing > 0 ? `the other ${formatCount(inArchive)}` : plural(inArchive, "message");
  const parts = [
    missing > 0 ? `${plural(missing, "message")} ${missing === 1 ? "is" : "are"} missing` : "",
    unread > 0 ? `${plural(unread, "mailbox", "mailboxes")} could not be read` : "",
    packs,
    `${safe} ${inArchive === 1 ? "is" : "are"} safe`,
  ].filter((part) => part !== "");
  // Running the job again mends no pack of an earlier run.
  const isOldPack = packs !== "" && job.pack?.error?.code === "V902" && parts.length === 2;
  return `${start}${parts.join(", ")}. ${isOldPack ? "What to do is said above." : next}`;
}

/** A day's share is done. */
function partialText(job: JobReport, { ends }: VerdictOptions): string {
  const missing = total(job, (mailbox) => mailbox.missing);
  const there = total(job, (mailbox) => mailbox.inArchive);
  const rest = `${plural(missing, "message")} ${missing === 1 ? "is" : "are"} still to come`;
  return `partial, continues tomorrow: ${rest}, ${formatCount(there)} ${there === 1 ? "is" : "are"} ${whereKept(ends)}.`;
}

/** What is missing, and what is there in other octets: not the same, and neither hides the other. */
function shortcomings(job: JobReport, { ends }: VerdictOptions): string {
  const missing = total(job, (mailbox) => mailbox.missing);
  const altered = total(job, (mailbox) => mailbox.altered ?? 0);
  const unread = unreadMailboxes(job);
  const others = total(job, (mailbox) => mailbox.inArchive) - altered;
  const messages = (count: number) => (missing > 0 ? formatCount(count) : plural(count, "message"));
  const wrong = [
    missing > 0 ? `${plural(missing, "message")} ${missing === 1 ? "is" : "are"} missing` : "",
    altered > 0 ? `${messages(altered)} ${altered === 1 ? "was" : "were"} altered by the target` : "",
    unread > 0 ? `${plural(unread, "mailbox", "mailboxes")} could not be carried` : "",
  ].filter((part) => part !== "");
  const where = altered > 0 ? "there unaltered" : whereKept(ends);
  if (wrong.length === 0) return `${plural(others, "message")} ${others === 1 ? "is" : "are"} ${where}`;
  if (others === 0) return `${listWords(wrong)}; none is ${where}`;
  const rest = missing + altered > 0 ? `the other ${formatCount(others)}` : plural(others, "message");
  return `${listWords(wrong)}; ${rest} ${others === 1 ? "is" : "are"} ${where}`;
}

function damagedText(job: JobReport, { ends, place, again }: VerdictOptions): string {
  const verify = commandLine("mailferry", "verify", place);
  const damaged = isMove(job) || job.verified === undefined ? 0 : job.verified.checked - job.verified.intact;
  if (damaged > 0) {
    const next = ends.target === "archive" ? `then: ${verify}` : `then ${again}.`;
    return `${plural(damaged, "message")} did not read back as written. Check the disk, ${next}`;
  }
  const atSource = job.failures.filter(({ code, key }) => code === "V901" && key !== undefined).length;
  if (ends.source === "source" && atSource > 0) {
    const there = total(job, (mailbox) => mailbox.inArchive);
    const damage = `${plural(atSource, "message")} at the source ${atSource === 1 ? "is" : "are"} damaged, as named above`;
    return `${damage}; ${formatCount(there)} ${there === 1 ? "is" : "are"} ${whereKept(ends)}.`;
  }
  if (ends.target === "archive") return `the archive is damaged. To see where: ${verify}`;
  return `what is named above is damaged. Put it right, then ${again}.`;
}

function failedText(job: JobReport, options: VerdictOptions): string {
  const { copied } = job.messages;
  const { verified, exit } = job;
  const unlike = !isMove(job) && verified !== undefined && verified.intact < verified.checked;
  const isDamaged = exit.name === "damaged" && job.pack?.error?.code !== "V902";
  if (unlike || isDamaged) return damagedText(job, options);
  if (isInterrupted(job)) return `stopped before anything was copied. To go on, ${options.again}.`;
  const state = copied === 0 ? "nothing was copied" : `only ${plural(copied, "message")} could be copied`;
  return `${state}. ${afterFailure(job, options.again)}`;
}

function rehearsalText(job: JobReport): string {
  const missing = total(job, (mailbox) => mailbox.missing);
  const start = stoppedEarly(job) ? "stopped before the end; " : "";
  if (missing === 0) return `${start}nothing would be copied; nothing was written.`;
  const isTight = job.notices?.some(({ code }) => code === "D501") === true;
  const room = isTight ? ", for which the disk has too little room" : "";
  return `${start}${plural(missing, "message")} would be copied${room}; nothing was written. To copy, run it without -n.`;
}

/** What follows the verdict word. */
export function verdictText(job: JobReport, options: VerdictOptions): string {
  switch (job.verdict) {
    case "safe":
      return safeText(job, options);
    case "incomplete":
      return incompleteText(job, options);
    case "failed":
      return failedText(job, options);
    case "rehearsal":
      return rehearsalText(job);
    case "skipped":
      return `${job.skipped === undefined ? "" : `${printable(job.skipped)}; `}nothing was done.`;
  }
}

/** The last line after several jobs. */
export function runVerdictText(report: RunReport): string {
  const good = report.verdict === "rehearsal" ? "rehearsal" : "safe";
  const others = report.jobs.filter((job) => job.verdict !== good);
  const counts = `${formatCount(report.jobs.length - others.length)} of ${plural(report.jobs.length, "job")}`;
  if (good === "rehearsal") return `${counts} rehearsed; nothing was written.`;
  if (others.length === 0) return `${counts}.`;
  return `${counts} safe; look above at ${others.map((job) => `${job.name} (${job.verdict})`).join(", ")}.`;
}
