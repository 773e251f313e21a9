// The last line: is everything safe, and what to do next.

import type { JobReport, RunReport, Verdict } from "../jobs/events.ts";
import { commandLine } from "./names.ts";
import type { Paint } from "./screen.ts";
import { formatCount, plural } from "./units.ts";

/** The verdict word in its colour. */
export function paintVerdict(verdict: Verdict, paint: Paint): string {
  const color = verdict === "safe" ? paint.green : verdict === "failed" ? paint.red : paint.yellow;
  return color(paint.bold(`${verdict.toUpperCase()}:`));
}

const again = "run the same command again";

const afterFailure = new Map<string, string>([
  ["log-in", `Put the log-in right, then ${again}.`],
  ["temporary", `Nothing has to be put right: ${again} later.`],
  ["destination", `Put the destination right, then ${again}.`],
  ["locked", `Wait until the other run has ended, then ${again}.`],
  ["job-file", `Put the job file right, then ${again}.`],
  ["bug", "What is in the archive is safe; please report the bug."],
]);

function total(job: JobReport, count: (mailbox: JobReport["mailboxes"][number]) => number): number {
  return job.mailboxes.reduce((sum, mailbox) => sum + count(mailbox), 0);
}

function safeText(job: JobReport, archive: string): string {
  const onServer = total(job, (mailbox) => mailbox.onServer);
  if (onServer === 0) return "the server has no message that this job carries.";
  const all = onServer === 1 ? "the 1 message is" : `all ${formatCount(onServer)} messages are`;
  return `${all} in the archive.       ${commandLine("mailferry", "verify", archive)}`;
}

/** True if mailboxes may be left that nobody has looked at. */
function stoppedEarly(job: JobReport): boolean {
  return job.error !== undefined || isInterrupted(job);
}

function isInterrupted({ exit }: JobReport): boolean {
  return exit.name === "interrupted" || exit.name === "terminated";
}

/** Mailboxes that could not even be listed. */
function unreadMailboxes(job: JobReport): number {
  const listed = new Set(job.mailboxes.map(({ path }) => JSON.stringify(path)));
  const failed = job.failures.filter(({ key }) => key === undefined).map(({ mailbox }) => JSON.stringify(mailbox));
  return new Set(failed.filter((mailbox) => !listed.has(mailbox))).size;
}

function incompleteText(job: JobReport): string {
  const missing = total(job, (mailbox) => mailbox.missing);
  const inArchive = total(job, (mailbox) => mailbox.inArchive);
  const unread = unreadMailboxes(job);
  const safe = missing > 0 ? `the other ${formatCount(inArchive)}` : plural(inArchive, "message");
  const parts = [
    missing > 0 ? `${plural(missing, "message")} ${missing === 1 ? "is" : "are"} missing` : "",
    unread > 0 ? `${plural(unread, "mailbox", "mailboxes")} could not be read` : "",
    `${safe} ${inArchive === 1 ? "is" : "are"} safe`,
  ].filter((part) => part !== "");
  const start = stoppedEarly(job) ? "stopped before the end; " : "";
  return `${start}${parts.join(", ")}. To ${stoppedEarly(job) ? "go on" : "try once more"}, ${again}.`;
}

function failedText(job: JobReport, archive: string): string {
  const { copied } = job.messages;
  const verify = commandLine("mailferry", "verify", archive);
  const damaged = job.verified === undefined ? 0 : job.verified.checked - job.verified.intact;
  if (damaged > 0) return `${plural(damaged, "message")} did not read back as written. Check the disk, then: ${verify}`;
  if (job.exit.name === "damaged") return `the archive is damaged. To see where: ${verify}`;
  if (isInterrupted(job)) return `stopped before anything was copied. To go on, ${again}.`;
  const state = copied === 0 ? "nothing was copied" : `only ${plural(copied, "message")} could be copied`;
  return `${state}. ${afterFailure.get(job.exit.name) ?? `To try once more, ${again}.`}`;
}

function rehearsalText(job: JobReport): string {
  const missing = total(job, (mailbox) => mailbox.missing);
  const start = stoppedEarly(job) ? "stopped before the end; " : "";
  if (missing === 0) return `${start}nothing would be copied; nothing was written.`;
  return `${start}${plural(missing, "message")} would be copied; nothing was written. To copy, run it without -n.`;
}

/** What follows the verdict word. `archive` is the archive as the user would type it. */
export function verdictText(job: JobReport, archive: string): string {
  switch (job.verdict) {
    case "safe":
      return safeText(job, archive);
    case "incomplete":
      return incompleteText(job);
    case "failed":
      return failedText(job, archive);
    case "rehearsal":
      return rehearsalText(job);
    case "skipped":
      return "nothing was done.";
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
