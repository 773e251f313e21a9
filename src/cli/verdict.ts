// The last line: is everything safe, and what to do next.

import { printable } from "../formats/printable.ts";
import type { JobReport, MailboxReport, RunReport, Verdict } from "../jobs/events.ts";
import type { Language } from "../language/language.ts";
import { translate } from "../language/sentences.ts";
import { commandLine, type Ends, isMove, whereKept } from "./names.ts";
import { packShortcoming } from "./packs.ts";
import type { Paint } from "./screen.ts";
import { verdictTexts } from "./texts/verdict.ts";
import { wordTexts } from "./texts/words.ts";

/** `SAFE`, `À L'ABRI`. */
export function verdictWord(verdict: Verdict, language: Language): string {
  return wordTexts.in(language)(`verdict.${verdict}`);
}

/** The verdict word and its colon, in its colour. */
export function paintVerdict(verdict: Verdict, paint: Paint, language: Language): string {
  const color = verdict === "safe" ? paint.green : verdict === "failed" ? paint.red : paint.yellow;
  return color(paint.bold(wordTexts.in(language)("verdict", { word: verdictWord(verdict, language) })));
}

export interface VerdictOptions {
  readonly language: Language;
  readonly ends: Ends;
  /** The archive or the target, as the user would type it. */
  readonly place: string;
  /** How the job is run again, as a clause: `run the same command again`. */
  readonly again: string;
  /** A command that tells of each message that is missing or altered; undefined where there is none. */
  readonly details: string | undefined;
}

type Say = ReturnType<(typeof verdictTexts)["in"]>;

function afterFailure({ exit, error }: JobReport, again: string, say: Say): string {
  if (error?.code === "C702") return say("do.command", { again });
  if (error?.code === "D507") return say("do.quota", { again });
  switch (exit.name) {
    case "log-in":
    case "temporary":
    case "destination":
    case "locked":
    case "job-file":
      return say(`do.${exit.name}`, { again });
    case "bug":
      return say("do.bug");
    default:
      return say("try-again", { again });
  }
}

function total(job: JobReport, count: (mailbox: MailboxReport) => number): number {
  return job.mailboxes.reduce((sum, mailbox) => sum + count(mailbox), 0);
}

/** `a`, `a and b`, `a, b and c`. */
export function listWords(words: readonly string[], language: Language): string {
  if (words.length < 2) return words.join("");
  return wordTexts.in(language)("and", { first: words.slice(0, -1).join(", "), last: words.at(-1) ?? "" });
}

function safeText(job: JobReport, { ends, place, language }: VerdictOptions, say: Say): string {
  const count = total(job, (mailbox) => mailbox.onServer);
  if (count === 0) return say(`safe.nothing.${ends.source}`);
  const verify = ends.target === "archive" ? `       ${commandLine("mailferry", "verify", place)}` : "";
  return say("safe", { count, where: whereKept(ends, language) }) + verify;
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

function incompleteText(job: JobReport, options: VerdictOptions, say: Say): string {
  const { ends, again, details, language } = options;
  if (job.error?.code === "N308") return partialText(job, options, say);
  const start = stoppedEarly(job) ? say("stopped") : "";
  const next = say(stoppedEarly(job) ? "go-on" : "try-again", { again });
  if (ends.target === "target") {
    const follow = details === undefined || stoppedEarly(job) ? ` ${next}` : `       ${details}`;
    return `${start}${shortcomings(job, options, say)}.${follow}`;
  }
  const missing = total(job, (mailbox) => mailbox.missing);
  const inArchive = total(job, (mailbox) => mailbox.inArchive);
  const unread = unreadMailboxes(job);
  const packs = packShortcoming(job, language);
  const parts = [
    missing > 0 ? say("missing", { count: missing }) : "",
    unread > 0 ? say("unread", { count: unread }) : "",
    packs,
    say(missing > 0 ? "safely.others" : "safely", { count: inArchive }),
  ].filter((part) => part !== "");
  // Running the job again mends no pack of an earlier run.
  const isOldPack = packs !== "" && job.pack?.error?.code === "V902" && parts.length === 2;
  return `${start}${parts.join(", ")}. ${isOldPack ? say("above") : next}`;
}

/** A day's share is done. */
function partialText(job: JobReport, { ends, language }: VerdictOptions, say: Say): string {
  const missing = total(job, (mailbox) => mailbox.missing);
  const there = total(job, (mailbox) => mailbox.inArchive);
  return say("partial", {
    rest: say("to-come", { count: missing }),
    there: say("there.too", { count: there, where: whereKept(ends, language) }),
  });
}

/** What is missing, and what is there in other octets: not the same, and neither hides the other. */
function shortcomings(job: JobReport, { ends, language }: VerdictOptions, say: Say): string {
  const missing = total(job, (mailbox) => mailbox.missing);
  const altered = total(job, (mailbox) => mailbox.altered ?? 0);
  const unread = unreadMailboxes(job);
  const others = total(job, (mailbox) => mailbox.inArchive) - altered;
  const where = whereKept(ends, language);
  const wrong = [
    missing > 0 ? say("missing", { count: missing }) : "",
    altered > 0 ? say(missing > 0 ? "altered.too" : "altered", { count: altered }) : "",
    unread > 0 ? say("not-carried", { count: unread }) : "",
  ].filter((part) => part !== "");
  if (wrong.length === 0) return say("there", { count: others, where });
  return wordTexts.in(language)("both", { first: listWords(wrong, language), second: restText() });

  function restText(): string {
    if (others === 0) return altered > 0 ? say("unaltered.none") : say("there.none", { where });
    if (altered > 0) return say("unaltered.others", { count: others });
    return say(missing > 0 ? "there.others" : "there", { count: others, where });
  }
}

function damagedText(job: JobReport, { ends, place, again, language }: VerdictOptions, say: Say): string {
  const command = commandLine("mailferry", "verify", place);
  const damaged = isMove(job) || job.verified === undefined ? 0 : job.verified.checked - job.verified.intact;
  if (damaged > 0) {
    const next = ends.target === "archive" ? say("check-disk.verify", { command }) : say("check-disk", { again });
    return `${say("spoilt", { count: damaged })} ${next}`;
  }
  const atSource = job.failures.filter(({ code, key }) => code === "V901" && key !== undefined).length;
  if (ends.source === "source" && atSource > 0) {
    const there = total(job, (mailbox) => mailbox.inArchive);
    const second = say("there.too", { count: there, where: whereKept(ends, language) });
    return `${wordTexts.in(language)("both", { first: say("damaged.source", { count: atSource }), second })}.`;
  }
  return ends.target === "archive" ? say("damaged.archive", { command }) : say("damaged.other", { again });
}

function failedText(job: JobReport, options: VerdictOptions, say: Say): string {
  const { copied } = job.messages;
  const { verified, exit } = job;
  const unlike = !isMove(job) && verified !== undefined && verified.intact < verified.checked;
  const isDamaged = exit.name === "damaged" && job.pack?.error?.code !== "V902";
  if (unlike || isDamaged) return damagedText(job, options, say);
  const { again } = options;
  if (isInterrupted(job)) return say("stopped.at-once", { next: say("go-on", { again }) });
  const state = copied === 0 ? say("failed.nothing") : say("failed.some", { count: copied });
  return `${state}. ${afterFailure(job, again, say)}`;
}

function rehearsalText(job: JobReport, say: Say): string {
  const count = total(job, (mailbox) => mailbox.missing);
  const start = stoppedEarly(job) ? say("stopped") : "";
  if (count === 0) return start + say("rehearsal.nothing");
  const isTight = job.notices?.some(({ code }) => code === "D501") === true;
  return start + say(isTight ? "rehearsal.tight" : "rehearsal", { count });
}

function skippedText({ skipped }: JobReport, language: Language, say: Say): string {
  if (skipped === undefined) return say("skipped");
  return say("skipped.why", { why: translate(printable(skipped), language) });
}

/** What follows the verdict word. */
export function verdictText(job: JobReport, options: VerdictOptions): string {
  const say = verdictTexts.in(options.language);
  switch (job.verdict) {
    case "safe":
      return safeText(job, options, say);
    case "incomplete":
      return incompleteText(job, options, say);
    case "failed":
      return failedText(job, options, say);
    case "rehearsal":
      return rehearsalText(job, say);
    case "skipped":
      return skippedText(job, options.language, say);
  }
}

/** The last line after several jobs, fit to print. */
export function runVerdictText({ jobs, verdict }: RunReport, language: Language): string {
  const say = verdictTexts.in(language);
  const expected = verdict === "rehearsal" ? "rehearsal" : "safe";
  const others = jobs.filter((job) => job.verdict !== expected);
  const counts = { good: jobs.length - others.length, count: jobs.length };
  if (expected === "rehearsal") return say("jobs.rehearsed", counts);
  if (others.length === 0) return say("jobs.all", counts);
  const word = (job: JobReport) => verdictWord(job.verdict, language).toLocaleLowerCase(language);
  const named = others.map((job) => `${printable(job.name)} (${word(job)})`).join(", ");
  return say("jobs.some", { ...counts, others: named });
}
