// What a message says of one job in a few words: its verdict, what is wrong, and what can be done.

import type { JobReport } from "../jobs/events.ts";
import { titleOfCode } from "../language/titles.ts";
import { causeOf, type JobNews } from "./news.ts";
import type { Remedy, Texts } from "./texts.ts";
import type { Writing } from "./writing.ts";

/** `INCOMPLETE`, `still OVERDUE`, `SAFE again`. */
export function verdictWordOf({ event, trouble }: JobNews, texts: Texts): string {
  const word = texts.verdicts[trouble ?? "safe"];
  if (event === "reminder") return texts.still(word);
  return event === "recovered" ? texts.again(word) : word;
}

/** `2 messages missing`, `log-in refused`, `last success 20 Nov`; empty where the verdict says it all. */
export function reasonOf(item: JobNews, texts: Texts, writing: Writing): string {
  const { trouble, report, lateness } = item;
  if (report === undefined) {
    if (trouble !== "overdue") return "";
    const last = lateness?.lastSuccess;
    return last === undefined ? texts.neverSafe : texts.lastSuccess(writing.instant(last));
  }
  if (trouble === undefined) {
    const copied = report.messages.copied;
    return copied === 0 ? "" : texts.newMessages(copied, writing.count(copied));
  }
  const cause = causeOf(report);
  const stopped = cause === undefined ? "" : titleOf(cause.code, texts);
  const missing = totalOf(report, "missing");
  const lacks = missing === 0 ? "" : texts.missing(missing, writing.count(missing));
  const unread = unreadMailboxes(report);
  const first = report.failures[0];
  const parts = trouble === "failed" ? [stopped, lacks] : [lacks, stopped];
  return (
    parts.find((part) => part !== "") ??
    (unread > 0 ? texts.unread(unread, writing.count(unread)) : first === undefined ? "" : titleOf(first.code, texts))
  );
}

/** The same with what is safe all the same, as the sentence after the verdict. */
export function summaryOf(item: JobNews, texts: Texts, writing: Writing): string {
  const { report, trouble } = item;
  const reason = reasonOf(item, texts, writing);
  if (report === undefined) return reason === "" ? verdictWordOf(item, texts) : reason;
  const there = totalOf(report, "inArchive");
  const shown = writing.count(there);
  if (trouble === undefined) {
    const safe = texts.safe(there, shown);
    return reason === "" ? safe : `${safe}${texts.semicolon}${reason}`;
  }
  const parts = [reason, there === 0 ? "" : texts.otherSafe(there, shown)].filter((part) => part !== "");
  return parts.length === 0 ? verdictWordOf(item, texts) : parts.join(texts.semicolon);
}

/** What to do about a job with which something is wrong. */
export function remedyOf({ report }: JobNews): Remedy {
  if (report === undefined) return "overdue";
  const known: readonly Remedy[] = ["log-in", "temporary", "damaged", "destination", "locked", "job-file", "bug"];
  return known.find((name) => name === report.exit.name) ?? "incomplete";
}

export function titleOf(code: string, { language, bug }: Texts): string {
  return titleOfCode(code, language) || bug;
}

function totalOf({ mailboxes }: JobReport, key: "missing" | "inArchive"): number {
  return mailboxes.reduce((sum, mailbox) => sum + mailbox[key], 0);
}

/** Mailboxes that could not even be listed. */
function unreadMailboxes({ failures }: JobReport): number {
  return new Set(failures.filter(({ key }) => key === undefined).map(({ mailbox }) => JSON.stringify(mailbox))).size;
}
