// What a run says while it works, as plain lines: for logs, pipes and cron.

import { printable } from "../formats/printable.ts";
import type { JobEvent } from "../jobs/events.ts";
import type { Language } from "../language/language.ts";
import { translate } from "../language/sentences.ts";
import { mailboxName, placeName, routeName } from "./names.ts";
import { createTally, formatProgress, type Progress } from "./tally.ts";
import { progressTexts } from "./texts/progress.ts";
import { wordTexts } from "./texts/words.ts";
import { unitsIn } from "./units.ts";
import { verdictWord } from "./verdict.ts";

const progressEveryMs = 30_000;

export interface TalkOptions {
  readonly language: Language;
  readonly cwd: string;
  /** Each mailbox and each message that failed, not only what is worth a look. */
  readonly verbose: boolean;
}

/** Notices that are heard of at once: a mailbox is not the one it was, or the disk has too little room for what is to come. */
const surprising: ReadonlySet<string> = new Set(["S601", "S605", "D501"]);

/** The line an event is worth, if it is worth one. */
export function talkOf(event: JobEvent, options: TalkOptions): string | undefined {
  const { cwd, verbose, language } = options;
  const say = progressTexts.in(language);
  const job = printable(event.job);
  const about = (text: string) => say("line", { job, text });
  const at = (mailbox: string, text: string) =>
    mailbox === "" ? about(text) : say("line.mailbox", { job, mailbox, text });
  const reasonOf = (reason: string) => translate(printable(reason), language);
  switch (event.type) {
    case "job-started":
      return about(say("started", { from: placeName(event.from, cwd), to: placeName(event.to, cwd) }));
    case "hook-started":
      return about(say("hook", { hook: event.hook, program: printable(event.program) }));
    case "mailbox-listed":
      if (!verbose) return undefined;
      return at(mailboxName(event.mailbox), say("to-copy", { copy: event.toCopy, count: event.onServer }));
    case "keys-void":
      // A notice says it, with what it means.
      return undefined;
    case "notice": {
      const { code, mailbox, reason } = event.notice;
      if (!verbose && !surprising.has(code)) return undefined;
      return at(mailboxName(mailbox), `${reasonOf(reason)} (MF-${code})`);
    }
    case "flags-carried":
      if (!verbose) return undefined;
      return at(mailboxName(event.mailbox), say("flags", { count: event.messages }));
    case "message-failed": {
      if (!verbose) return undefined;
      const { key, code, reason } = event.failure;
      return at(mailboxName(event.mailbox), say("failed", { key: printable(key), code, reason: reasonOf(reason) }));
    }
    case "retrying": {
      const { attempt, code, reason } = event;
      return at(mailboxName(event.mailbox), say("retrying", { attempt, code, reason: reasonOf(reason) }));
    }
    case "mailbox-finished": {
      const { missing, new: copied } = event.report;
      if (missing === 0 && !verbose) return undefined;
      const counts = { count: copied, missing: say("missing", { count: missing }) };
      return at(routeName(event.report), say("copied", counts));
    }
    case "verifying":
      return event.messages === 0 ? undefined : about(say("reading", { count: event.messages }));
    case "packing":
      return about(say("writing-pack", { file: printable(event.file) }));
    case "job-finished": {
      const { verdict, seconds } = event.report;
      const time = unitsIn(language).duration(seconds);
      return about(say("finished", { verdict: verdictWord(verdict, language), time }));
    }
    default:
      return undefined;
  }
}

/** Of several jobs at work, what they do together. */
function together(running: readonly Progress[], language: Language): Progress {
  const sum = (of: (progress: Progress) => number) => running.reduce((total, progress) => total + of(progress), 0);
  return {
    job: wordTexts.in(language)("jobs", { count: running.length }),
    mailbox: "",
    messages: sum((progress) => progress.messages),
    messagesToCopy: sum((progress) => progress.messagesToCopy),
    octets: sum((progress) => progress.octets),
    octetsToCopy: sum((progress) => progress.octetsToCopy),
    rate: sum((progress) => progress.rate),
    phase: "copying",
  };
}

/**
 * A reporter that writes lines, and at most one line of mere progress in 30 seconds. `now` gives milliseconds that only
 * grow.
 */
export function createLines(write: (text: string) => void, options: TalkOptions, now: () => number) {
  const tally = createTally(now);
  let progressAt = now();
  return (event: JobEvent): void => {
    tally.add(event);
    const line = talkOf(event, options);
    if (line !== undefined) write(`${line}\n`);
    if (now() - progressAt < progressEveryMs) return;
    progressAt = now();
    const running = tally.running();
    const [only] = running;
    if (only === undefined) return;
    const { language } = options;
    const progress = running.length === 1 ? only : together(running, language);
    const text = formatProgress(progress, language);
    write(`${progressTexts.in(language)("line", { job: printable(progress.job), text })}\n`);
  };
}
