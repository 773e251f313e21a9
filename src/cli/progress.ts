// Bars on a terminal: one for each job at work, by octets.

import { MultiBar, type SingleBar } from "cli-progress";
import { printable } from "../formats/printable.ts";
import type { JobEvent } from "../jobs/events.ts";
import type { Language } from "../language/language.ts";
import { type TalkOptions, talkOf } from "./lines.ts";
import type { Terminal } from "./screen.ts";
import { createTally, formatPace, type Progress } from "./tally.ts";
import { padding, shorten } from "./width.ts";

function formatBar(progress: Progress, width: number): string {
  const ratio = progress.octetsToCopy > 0 ? progress.octets / progress.octetsToCopy : 0;
  const filled =
    progress.phase === "verifying" || progress.phase === "packing" ? width : Math.round(width * Math.min(1, ratio));
  return "█".repeat(filled) + "░".repeat(width - filled);
}

/** One line narrower than `columns`, without colour. */
export function formatBarLine(progress: Progress, columns: number, language: Language): string {
  const nameWidth = columns >= 100 ? 24 : 18;
  const barWidth = columns >= 100 ? 24 : 12;
  const where = progress.mailbox === "" ? "" : ` ${progress.mailbox}`;
  const name = shorten(printable(progress.job) + where, nameWidth);
  const line = `${name}${padding(name, nameWidth)} ${formatBar(progress, barWidth)} ${formatPace(progress, language)}`;
  return shorten(line, columns - 1);
}

export interface Bars {
  report(event: JobEvent): void;
  /** A line above the bars. */
  say(line: string): void;
  /** Takes the bars off the terminal. */
  stop(): void;
}

export function createBars(stream: Terminal, options: TalkOptions, now: () => number): Bars {
  const tally = createTally(now);
  const bars = new Map<string, SingleBar>();
  const multi = new MultiBar({
    stream,
    clearOnComplete: true,
    // The line is cut to the terminal here, by display width; the terminal's own wrapping is left alone.
    linewrap: true,
    forceRedraw: true,
    format: (_options, _params, payload: { job: string }) => {
      const progress = tally.running().find((running) => running.job === payload.job);
      return progress === undefined ? "" : formatBarLine(progress, stream.columns, options.language);
    },
  });
  // A log line reaches the terminal with the next drawing, and only while bars are drawn. It is written over a bar:
  // what the bar had further to the right is erased.
  const say = (line: string) => {
    if (multi.isActive) multi.log(`${line}\x1b[K\n`);
    else stream.write(`${line}\n`);
  };
  return {
    say,
    report(event) {
      tally.add(event);
      const line = talkOf(event, options);
      if (event.type === "job-started") {
        if (line !== undefined) say(line);
        bars.set(event.job, multi.create(1, 0, { job: event.job }));
        return;
      }
      if (line !== undefined) say(line);
      if (event.type !== "job-finished") return;
      const bar = bars.get(event.job);
      bars.delete(event.job);
      if (bar !== undefined) multi.remove(bar);
    },
    stop() {
      if (!multi.isActive) return;
      multi.update();
      multi.stop();
    },
  };
}
