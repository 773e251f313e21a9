// What the daemon says: one line when a run starts, one when it ends.

import { printable } from "../formats/printable.ts";
import type { JobEvent, JobReport } from "../jobs/events.ts";
import type { DaemonEvent } from "../schedule/daemon.ts";
import { formatDue, formatMoment } from "./due-words.ts";
import { talkOf } from "./lines.ts";
import type { Paint } from "./screen.ts";
import { formatDate, formatDuration, plural } from "./units.ts";
import { displayWidth, padding } from "./width.ts";

export interface DaemonLineOptions {
  readonly cwd: string;
  readonly paint: Paint;
  /** Only what is wrong. */
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly clock: () => Date;
  /** Undefined: the machine's. */
  readonly timeZone: string | undefined;
}

/** Gives the lines for each event, without line ends. */
export function createDaemonLines(options: DaemonLineOptions): (event: DaemonEvent | JobEvent) => readonly string[] {
  const { clock, timeZone, quiet, verbose, cwd, paint } = options;
  /** Due times that were missed, of jobs whose run has not started yet. */
  const missed = new Map<string, string>();
  const moment = (time: string) => formatMoment(new Date(time), clock(), timeZone);
  const due = (time: string) => formatDue(new Date(time), clock(), timeZone);
  const next = (time: string | undefined) => (time === undefined ? "" : `; next: ${due(time)}`);
  const line = (text: string) => [`${formatDate(clock(), timeZone)}  ${text}`];
  const talk = (text: string) => (quiet ? [] : line(text));
  return (event) => {
    switch (event.type) {
      case "daemon-started": {
        if (quiet) return [];
        const width = Math.max(...event.jobs.map(({ job }) => displayWidth(printable(job))));
        return [
          ...line(`${plural(event.jobs.length, "job")} on schedule`),
          ...event.jobs.map(({ job, nextRun }) => {
            const name = printable(job);
            return `  ${name}${padding(name, width)}   next: ${due(nextRun)}`;
          }),
        ];
      }
      case "run-due":
        if (event.missed) missed.set(event.job, event.due);
        return [];
      case "job-started": {
        const since = missed.get(event.job);
        missed.delete(event.job);
        const why = since === undefined ? "" : `, for what was missed since ${moment(since)}`;
        return talk(`${printable(event.job)}: started${why}`);
      }
      case "run-skipped": {
        const name = printable(event.job);
        return line(`${name}: not started for ${moment(event.due)}, its last run still goes on${next(event.nextRun)}`);
      }
      case "run-ended":
        if (quiet && event.report.verdict === "safe") return [];
        return line(`${printable(event.job)}: ${formatEnd(event.report, paint)}${next(event.nextRun)}`);
      case "run-broken":
        return line(`${printable(event.job)}: unexpected: ${printable(event.reason)}${next(event.nextRun)}`);
      case "daemon-stopping": {
        const running = event.running.map(printable).join(", ");
        const wait = running === "" ? "" : `; ${running} will go on with the next start. Once more to leave at once`;
        return talk(`stopping${wait}`);
      }
      case "daemon-stopped":
        return talk("stopped");
      case "job-finished":
      case "verifying":
        return [];
      default: {
        const text = quiet ? undefined : talkOf(event, { cwd, verbose, language: "en" });
        return text === undefined ? [] : line(text);
      }
    }
  };
}

/** `SAFE, 49 new messages, 11 min`; of any other verdict with the reason. */
export function formatEnd(report: JobReport, paint: Paint): string {
  const { verdict, messages, seconds } = report;
  const color = verdict === "safe" ? paint.green : verdict === "failed" ? paint.red : paint.yellow;
  const counts = `${plural(messages.copied, "new message")}, ${formatDuration(seconds)}`;
  const reason = reasonOf(report);
  return `${color(verdict.toUpperCase())}, ${counts}${reason === undefined ? "" : `: ${reason}`}`;
}

function reasonOf({ verdict, exit, error, mailboxes, failures }: JobReport): string | undefined {
  if (verdict === "safe") return undefined;
  if (exit.name === "interrupted" || exit.name === "terminated") return "stopped before the end";
  if (error !== undefined) return `${printable(error.message)}${error.code === "bug" ? "" : ` (MF-${error.code})`}`;
  const codes = [...new Set(failures.map(({ code }) => `MF-${printable(code)}`))].join(", ");
  const missing = mailboxes.reduce((sum, mailbox) => sum + mailbox.missing, 0);
  if (missing > 0) return `${plural(missing, "message")} missing${codes === "" ? "" : ` (${codes})`}`;
  const [first] = failures;
  return first && `${printable(first.reason)} (${codes})`;
}
