// English: the texts of reports, and by that which texts there are.

import { englishOfArchives } from "./english-archive.ts";

export const english = {
  "title.run": "{job}: mailferry report",
  "title.index": "mailferry: reports",
  "title.readme": "An archive of mail",

  "verdict.safe": "SAFE",
  "verdict.incomplete": "INCOMPLETE",
  "verdict.failed": "FAILED",
  "verdict.rehearsal": "REHEARSAL",
  "verdict.skipped": "SKIPPED",
  "verdict.none": "NEVER RUN",

  "safe.nothing": "There is no message that this job carries.",
  "safe.archive": {
    one: "The only message is in the archive.",
    other: "All {count} messages are in the archive.",
  },
  "safe.target": { one: "The only message is at the target.", other: "All {count} messages are at the target." },
  stopped: "The run stopped before its end.",
  missing: { one: "{count} message is missing.", other: "{count} messages are missing." },
  altered: {
    one: "{count} message was altered by the target.",
    other: "{count} messages were altered by the target.",
  },
  unread: { one: "{count} mailbox could not be read.", other: "{count} mailboxes could not be read." },
  spoilt: {
    one: "{count} message did not read back as it was written.",
    other: "{count} messages did not read back as they were written.",
  },
  "others.archive": {
    one: "{count} other message is safe in the archive.",
    other: "The other {count} messages are safe in the archive.",
  },
  "others.target": {
    one: "{count} other message is at the target.",
    other: "The other {count} messages are at the target.",
  },
  "there.archive": { one: "{count} message is in the archive.", other: "{count} messages are in the archive." },
  "there.target": { one: "{count} message is at the target.", other: "{count} messages are at the target." },
  "failed.nothing": "Nothing was copied.",
  "failed.some": { one: "Only {count} message was copied.", other: "Only {count} messages were copied." },
  rehearsal: {
    one: "{count} message would be copied; nothing was written.",
    other: "{count} messages would be copied; nothing was written.",
  },
  skipped: "Nothing was done, since the job's condition did not hold.",

  "fact.from": "From",
  "fact.to": "To",
  "fact.started": "Started",
  "fact.took": "Took",
  "fact.copied": "Copied",
  "fact.exit": "Exit code",
  copied: { one: "{count} message, {size}", other: "{count} messages, {size}" },
  "copied.nothing": "nothing",

  do: "What to do",
  "do.nothing": "Nothing.",
  "do.again": "Run the job again: it goes on where it stopped, and brings nothing twice.",
  "do.retry": "Run the job again: what failed for a passing reason comes then.",
  "do.log-in": "Put the log-in right, then run the job again.",
  "do.temporary": "Nothing has to be put right: run the job again later.",
  "do.destination":
    "Put the destination right (is the disk plugged in, is there room, may it be written to?), then run the job again.",
  "do.quota": "Make room in the target account, then run the job again.",
  "do.locked": "Wait until the other run has ended, then run the job again.",
  "do.job-file": "Put the job file right, then run the job again.",
  "do.command-failed": "Put the job's command right, then run the job again.",
  "do.bug": "This is a bug in mailferry. What was copied is safe; please report it.",
  "do.damaged": "Check the disk. Keep the archive as it is, and see what is damaged:",
  "do.M401": "Look at the unreadable messages in the provider's webmail, and keep what you need of them from there.",
  "do.refused":
    "Ask the provider why the target refuses these messages, or import them by its webmail. With keepRefused beside the account in the job file, they are also kept as .eml files.",
  "do.M404": "The originals at the source are unaltered: keep them if every octet counts.",
  "do.rehearsal": "To copy, run the job without --dry-run.",
  "do.condition": "Plug in or mount what the job waits for; the next run goes on by itself.",

  cause: "What stopped the run",

  identity: "Is everything there?",
  "identity.rule.archive":
    "What is on the server is either in the archive or missing: in every row, the first number is the sum of the two that follow it.",
  "identity.rule.target":
    "What is at the source is either at the target or missing: in every row, the first number is the sum of the two that follow it.",
  "identity.none": "No mailbox could be counted in this run.",
  "column.mailbox": "Mailbox",
  "column.server": "On server",
  "column.source": "At source",
  "column.archive": "In archive",
  "column.target": "At target",
  "column.missing": "Missing",
  "column.new": "New",
  "column.kept": "Kept",
  "column.kept.meaning": "Kept: gone from the source, still here.",
  "column.code": "Code",
  "column.message": "Message",
  "column.reason": "Reason",
  "column.size": "Size",
  "column.date": "Received",
  "column.year": "Year",
  "column.messages": "Messages",
  "row.total": "Total",
  "row.more": { one: "{count} more mailbox", other: "{count} more mailboxes" },
  "also.filtered": {
    one: "{count} message is left out by the job's filter.",
    other: "{count} messages are left out by the job's filter.",
  },
  "also.placed": {
    one: "{count} message is carried in another mailbox (labels).",
    other: "{count} messages are carried in other mailboxes (labels).",
  },
  "also.altered": {
    one: "{count} message was altered by the target (MF-M404).",
    other: "{count} messages were altered by the target (MF-M404).",
  },
  "also.unkept": {
    one: "{count} message has flags or a date that the target does not keep; the ledger has them.",
    other: "{count} messages have flags or a date that the target does not keep; the ledger has them.",
  },
  "also.reflagged": {
    one: "{count} message got the flags that it has at the source.",
    other: "{count} messages got the flags that they have at the source.",
  },
  "also.twins": {
    one: "{count} message is there twice or more, octet for octet; each was carried.",
    other: "{count} messages are there twice or more, octet for octet; each was carried.",
  },

  lacking: "What is missing, one by one",
  "lacking.none": "Nothing is missing.",
  "lacking.whole": "the whole mailbox",
  "lacking.more": { one: "and {count} more.", other: "and {count} more." },
  "lacking.unexplained": {
    one: "{count} more message is missing that this run did not get to.",
    other: "{count} more messages are missing that this run did not get to.",
  },
  notices: "Worth knowing",

  integrity: "Integrity",
  "integrity.verified": {
    one: "{intact} of {count} message written in this run was read again, intact.",
    other: "{intact} of {count} messages written in this run were read again, intact.",
  },
  "integrity.moved": {
    one: "{intact} of {count} message brought in this run was read back from the target, intact.",
    other: "{intact} of {count} messages brought in this run were read back from the target, intact.",
  },
  "integrity.nothing": "This run wrote no message, so there was none to read again.",
  "integrity.not": "What this run wrote was not read again.",
  "integrity.whole": "To have every message of the archive read again and compared with what arrived:",
  "integrity.digest": "Each message's SHA-256 was taken when it arrived and is kept in the archive's ledger.",

  ...englishOfArchives,

  "index.job": "Job",
  "index.verdict": "Verdict",
  "index.last": "Last run",
  "index.reports": "Reports",
  "index.none": "none yet",

  footer: "Written by mailferry. This page is complete in itself: it holds no script and loads nothing from anywhere.",
} as const;
