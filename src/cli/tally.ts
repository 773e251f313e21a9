// How far a run is, from its events: what bars and progress lines are made of.

import type { JobEvent } from "../jobs/events.ts";
import type { Language } from "../language/language.ts";
import { mailboxName } from "./names.ts";
import { progressTexts } from "./texts/progress.ts";
import { unitsIn } from "./units.ts";

const windowMs = 5_000;

export interface Progress {
  readonly job: string;
  /** The mailbox heard of last. */
  readonly mailbox: string;
  readonly messages: number;
  readonly messagesToCopy: number;
  readonly octets: number;
  readonly octetsToCopy: number;
  /** Octets per second over the last few seconds. */
  readonly rate: number;
  readonly phase: "listing" | "copying" | "verifying" | "packing";
}

/** A mailbox, what of it is done and what all of it will be. */
interface Part {
  messages: number;
  messagesToCopy: number;
  octets: number;
  octetsToCopy: number;
}

interface Running {
  mailbox: string;
  parts: Map<string, Part>;
  phase: Progress["phase"];
  /** Octets that came, by when, within the window. */
  samples: { atMs: number; octets: number }[];
}

export interface Tally {
  add(event: JobEvent): void;
  /** The jobs that run now, in the order of their start. */
  running(): Progress[];
}

/** `now` gives milliseconds that only grow. */
export function createTally(now: () => number): Tally {
  const jobs = new Map<string, Running>();

  function rateOf(job: Running): number {
    const atMs = now();
    while ((job.samples[0]?.atMs ?? atMs) < atMs - windowMs) job.samples.shift();
    const oldest = job.samples[0];
    if (oldest === undefined) return 0;
    const octets = job.samples.reduce((sum, sample) => sum + sample.octets, 0);
    return (octets * 1000) / Math.max(1000, atMs - oldest.atMs);
  }

  /** Samples of a tenth of a second: chunks come by the thousand. */
  function sample(job: Running, octets: number): void {
    const atMs = now();
    const last = job.samples.at(-1);
    if (last !== undefined && atMs - last.atMs < 100) last.octets += octets;
    else job.samples.push({ atMs, octets });
  }

  function partOf(job: Running, mailbox: readonly string[]): Part {
    job.mailbox = mailboxName(mailbox);
    const key = JSON.stringify(mailbox);
    const part = job.parts.get(key) ?? { messages: 0, messagesToCopy: 0, octets: 0, octetsToCopy: 0 };
    job.parts.set(key, part);
    return part;
  }

  return {
    add(event) {
      if (event.type === "job-started") {
        jobs.set(event.job, { mailbox: "", parts: new Map(), phase: "listing", samples: [] });
        return;
      }
      const job = jobs.get(event.job);
      if (job === undefined) return;
      switch (event.type) {
        case "mailbox-listed": {
          // After a retry it is listed once more, with what is left.
          const part = partOf(job, event.mailbox);
          part.messagesToCopy = part.messages + event.toCopy;
          part.octetsToCopy = part.octets + event.octets;
          job.phase = "copying";
          break;
        }
        case "octets-read":
          partOf(job, event.mailbox).octets += event.octets;
          sample(job, event.octets);
          break;
        case "batch-committed":
          partOf(job, event.mailbox).messages += event.stored;
          break;
        case "message-failed":
          partOf(job, event.mailbox).messages += 1;
          break;
        case "verifying":
          job.phase = "verifying";
          break;
        case "packing":
          job.phase = "packing";
          break;
        case "job-finished":
          jobs.delete(event.job);
          break;
        default:
      }
    },
    running: () =>
      [...jobs].map(([name, job]) => {
        const sum = (of: (part: Part) => number) =>
          [...job.parts.values()].reduce((total, part) => total + of(part), 0);
        return {
          job: name,
          mailbox: job.mailbox,
          messages: sum((part) => part.messages),
          messagesToCopy: sum((part) => part.messagesToCopy),
          octets: sum((part) => part.octets),
          octetsToCopy: sum((part) => part.octetsToCopy),
          rate: rateOf(job),
          phase: job.phase,
        };
      }),
  };
}

/** What is said in place of numbers while there are none. */
function formatPhase({ phase }: Progress, language: Language): string | undefined {
  return phase === "copying" ? undefined : progressTexts.in(language)(phase);
}

/** `1.2 MB/s` and `24 s left`, as far as they are known. */
function formatSpeed({ octets, octetsToCopy, rate }: Progress, language: Language): string[] {
  if (rate === 0) return [];
  const units = unitsIn(language);
  const seconds = Math.ceil((octetsToCopy - octets) / rate);
  const speed = units.rate(rate);
  return seconds <= 0 ? [speed] : [speed, progressTexts.in(language)("left", { time: units.duration(seconds) })];
}

/** `1,204 of 2,003 messages, 31.4 MB of 60.2 MB, 1.2 MB/s, 24 s left` */
export function formatProgress(progress: Progress, language: Language): string {
  const { messages, messagesToCopy, octets, octetsToCopy } = progress;
  const say = progressTexts.in(language);
  const size = unitsIn(language).octets;
  // What the server claims is a hint: never more is said to have come than was expected.
  const sizes = say("sizes", { done: size(Math.min(octets, octetsToCopy)), all: size(octetsToCopy) });
  const counts = say("messages", { done: messages, count: messagesToCopy });
  return formatPhase(progress, language) ?? [counts, sizes, ...formatSpeed(progress, language)].join(", ");
}

/** The same for beside a bar, which shows the sizes: `1,204/2,003  1.2 MB/s  24 s left` */
export function formatPace(progress: Progress, language: Language): string {
  const { count } = unitsIn(language);
  const counts = `${count(progress.messages)}/${count(progress.messagesToCopy)}`;
  return formatPhase(progress, language) ?? [counts, ...formatSpeed(progress, language)].join("  ");
}
