import type { JobReport, MailboxReport } from "../../src/jobs/events.ts";

/** A row whose sum holds: what is not in the archive is missing. */
export function mailboxReport(path: string | readonly string[], counts: Partial<MailboxReport> = {}): MailboxReport {
  const onServer = counts.onServer ?? 0;
  const inArchive = counts.inArchive ?? onServer - (counts.missing ?? 0);
  return {
    path: typeof path === "string" ? path.split("/") : path,
    new: 0,
    kept: 0,
    filtered: 0,
    ...counts,
    onServer,
    inArchive,
    missing: onServer - inArchive,
  };
}

/** A job that went well, unless told otherwise. */
export function jobReport(changes: Partial<JobReport> = {}): JobReport {
  const mailboxes = changes.mailboxes ?? [];
  const copied = mailboxes.reduce((sum, mailbox) => sum + mailbox.new, 0);
  return {
    name: "nightly",
    verdict: "safe",
    exit: { code: 0, name: "ok" },
    from: "ada@imap.example.org",
    to: "/home/ada/backup/ada",
    startedAt: "2026-11-22T02:30:12.000Z",
    seconds: 660,
    mailboxes,
    messages: { copied, settled: 0, failed: changes.failures?.length ?? 0 },
    octets: 0,
    failures: [],
    ...changes,
  };
}
