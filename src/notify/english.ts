// What messages say in English.

import type { Texts } from "./texts.ts";

export const english: Texts = {
  language: "en",
  locale: "en-GB",
  colon: ": ",
  semicolon: "; ",
  verdicts: { safe: "SAFE", incomplete: "INCOMPLETE", failed: "FAILED", overdue: "OVERDUE" },
  still: (verdict) => `still ${verdict}`,
  again: (verdict) => `${verdict} again`,
  bug: "a bug in mailferry",

  missing: (count, shown) => `${shown} ${count === 1 ? "message" : "messages"} missing`,
  unread: (count, shown) => `${shown} ${count === 1 ? "mailbox" : "mailboxes"} not read`,
  newMessages: (count, shown) => `${shown} new ${count === 1 ? "message" : "messages"}`,
  lastSuccess: (when) => `last success ${when}`,
  neverSafe: "no success yet",

  safe: (count, shown) => (count === 1 ? "the 1 message is safe" : `all ${shown} messages are safe`),
  otherSafe: (count, shown) => (count === 1 ? "the other 1 is safe" : `the other ${shown} are safe`),
  needAttention: (_, shown) => `${shown} jobs need attention`,
  others: (count, shown) =>
    count === 1 ? "The other job of this run is SAFE." : `The other ${shown} jobs of this run are SAFE.`,
  since: (when) => `This has lasted since ${when}.`,
  began: (when) => `The trouble began on ${when}.`,
  lateSince: (when) => `Overdue since ${when}.`,
  late: "It should have succeeded by now, and has not.",
  more: (_, shown) => `and ${shown} more`,
  reminder: (when) => `As long as this lasts you get one reminder a day; the next about ${when}.`,
  noReminder: "This is told once.",
  sentBy: (host) => `Sent by mailferry on ${host}.`,

  todo: {
    "log-in": "Check the user name and the password of the account; an app password may have been withdrawn.",
    temporary: "Nothing has to be put right: the next run goes on. If it lasts, look at the network and the server.",
    incomplete: "Look at what is missing and why. The next run tries it again.",
    damaged: "Check the disk, then read the archive again with mailferry verify.",
    destination: "See that the disk is there, can be written to and has room.",
    locked: "Another run was still at work. See whether it hangs; otherwise the next run does the rest.",
    "job-file": "Put the job file right, or the program that the job calls: mailferry config check",
    bug: "Please report it. What was copied is safe.",
    overdue: "See that the machine was on and that the schedule still starts mailferry: mailferry status",
  },
  seeMore: "More",

  labels: {
    run: "Run",
    from: "From",
    to: "To",
    todo: "What to do",
    reason: "Why",
    failures: "What is missing or wrong",
    mailbox: "Mailbox",
    onServer: "On server",
    atSource: "At source",
    inArchive: "In archive",
    atTarget: "At target",
    missing: "Missing",
    total: "Total",
    message: (key) => `message ${key}`,
  },

  test: {
    subject: "mailferry: this is a test",
    title: "This is a test",
    text: "If you can read this, mailferry can tell you when something is wrong. Nothing has happened to your mail.",
  },
};
