// What the sections of a report ask of a run.

import { isAbsolute } from "node:path";
import type { JobReport, MailboxReport } from "../jobs/events.ts";

/** Where the job puts its mail: `target` for an account, and for plain mail files. */
export function kindOfTarget({ to, mapping }: JobReport): "archive" | "target" {
  return mapping === undefined && isAbsolute(to) ? "archive" : "target";
}

/** Mail on this machine is a source without a server. */
export function kindOfSource({ from }: JobReport): "server" | "source" {
  return isAbsolute(from) ? "source" : "server";
}

export function sumOf(mailboxes: Iterable<MailboxReport>, count: (mailbox: MailboxReport) => number): number {
  let sum = 0;
  for (const mailbox of mailboxes) sum += count(mailbox);
  return sum;
}

/** True if mailboxes may be left that nobody has looked at. */
export function stoppedEarly({ error, exit }: JobReport): boolean {
  return error !== undefined || exit.name === "interrupted" || exit.name === "terminated";
}

/** Mailboxes that could not even be listed, or opened at the target. */
export function unreadMailboxes({ mailboxes, failures }: JobReport): number {
  const listed = new Set(mailboxes.map(({ path }) => JSON.stringify(path)));
  const failed = failures.filter(({ key }) => key === undefined).map(({ mailbox }) => JSON.stringify(mailbox));
  return new Set(failed.filter((mailbox) => !listed.has(mailbox))).size;
}

/** Messages that are missing without a failure of their own: those the run did not get to. */
export function unexplained({ mailboxes, failures }: JobReport): number {
  const missing = sumOf(mailboxes, (mailbox) => mailbox.missing);
  return Math.max(0, missing - failures.filter(({ code, key }) => key !== undefined && code !== "M404").length);
}

/** `Projets/2026` */
export function nameOfMailbox(path: readonly string[]): string {
  return path.join("/");
}
