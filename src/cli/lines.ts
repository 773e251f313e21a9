// What a run says while it works, as plain lines: for logs, pipes and cron.

import { printable } from "../formats/printable.ts";
import type { JobEvent } from "../jobs/events.ts";
import { mailboxName, placeName, routeName } from "./names.ts";
import { createTally, formatProgress, type Progress } from "./tally.ts";
import { formatCount, formatDuration, plural } from "./units.ts";

const progressEveryMs = 30_000;

export interface TalkOptions {
  readonly cwd: string;
  /** Each mailbox and each message that failed, not only what is worth a look. */
  readonly verbose: boolean;
}

/** Notices that are heard of at once: a mailbox is not the one it was, or the disk has too little room for what is to come. */
const surprising: ReadonlySet<string> = new Set(["S601", "S605", "D501"]);

/** The line an event is worth, if it is worth one. */
export function talkOf(event: JobEvent, { cwd, verbose }: TalkOptions): string | undefined {
  const job = printable(event.job);
  const at = (mailbox: readonly string[]) => (mailbox.length === 0 ? job : `${job}: ${mailboxName(mailbox)}`);
  switch (event.type) {
    case "job-started":
      return `${job}: started, ${placeName(event.from, cwd)} -> ${placeName(event.to, cwd)}`;
    case "hook-started":
      return `${job}: ${event.hook}: running ${printable(event.program)}`;
    case "mailbox-listed":
      if (!verbose) return undefined;
      return `${at(event.mailbox)}: ${formatCount(event.toCopy)} of ${plural(event.onServer, "message")} to copy`;
    case "keys-void":
      // A notice says it, with what it means.
      return undefined;
    case "notice": {
      const { code, mailbox, reason } = event.notice;
      if (!verbose && !surprising.has(code)) return undefined;
      return `${at(mailbox)}: ${printable(reason)} (MF-${code})`;
    }
    case "flags-carried": {
      if (!verbose) return undefined;
      const have = event.messages === 1 ? "it has" : "they have";
      return `${at(event.mailbox)}: ${plural(event.messages, "message")} got the flags ${have} at the source`;
    }
    case "message-failed":
      if (!verbose) return undefined;
      return `${at(event.mailbox)}: ${printable(event.failure.key)} failed (MF-${event.failure.code}): ${printable(event.failure.reason)}`;
    case "retrying":
      return `${at(event.mailbox)}: trying again (${event.attempt}) after MF-${event.code}: ${printable(event.reason)}`;
    case "mailbox-finished": {
      const { missing, new: copied } = event.report;
      if (missing === 0 && !verbose) return undefined;
      return `${job}: ${routeName(event.report)}: ${plural(copied, "message")} copied, ${plural(missing, "message")} missing`;
    }
    case "verifying":
      return event.messages === 0 ? undefined : `${job}: reading ${plural(event.messages, "message")} again`;
    case "packing":
      return `${job}: writing the pack ${printable(event.file)}`;
    case "job-finished":
      return `${job}: ${event.report.verdict.toUpperCase()} after ${formatDuration(event.report.seconds)}`;
    default:
      return undefined;
  }
}

/** Of several jobs at work, what they do together. */
function together(running: readonly Progress[]): Progress {
  const sum = (of: (progress: Progress) => number) => running.reduce((total, progress) => total + of(progress), 0);
  return {
    job: plural(running.length, "job"),
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
    const progress = running.length === 1 ? only : together(running);
    write(`${printable(progress.job)}: ${formatProgress(progress)}\n`);
  };
}
