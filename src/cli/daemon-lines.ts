// What the daemon says: one line when a run starts, one when it ends.

import { printable } from "../formats/printable.ts";
import type { JobEvent, JobReport } from "../jobs/events.ts";
import type { Language } from "../language/language.ts";
import { translate } from "../language/sentences.ts";
import type { DaemonEvent } from "../schedule/daemon.ts";
import { formatDue, formatMoment } from "./due-words.ts";
import { talkOf } from "./lines.ts";
import type { Paint } from "./screen.ts";
import { daemonTexts } from "./texts/daemon.ts";
import { unitsIn } from "./units.ts";
import { verdictWord } from "./verdict.ts";
import { displayWidth, padding } from "./width.ts";

export interface DaemonLineOptions {
  readonly cwd: string;
  readonly language: Language;
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
  const { clock, timeZone, quiet, verbose, cwd, language, paint } = options;
  const say = daemonTexts.in(language);
  /** Due times that were missed, of jobs whose run has not started yet. */
  const missed = new Map<string, string>();
  const view = () => ({ now: clock(), language, timeZone });
  const moment = (time: string) => formatMoment(new Date(time), view());
  const due = (time: string) => formatDue(new Date(time), view());
  const andNext = (text: string, time: string | undefined) =>
    time === undefined ? text : say("and-next", { text, due: due(time) });
  const line = (text: string) => [`${unitsIn(language).date(clock(), timeZone)}  ${text}`];
  const talk = (text: string) => (quiet ? [] : line(text));
  return (event) => {
    switch (event.type) {
      case "daemon-started": {
        if (quiet) return [];
        const width = Math.max(...event.jobs.map(({ job }) => displayWidth(printable(job))));
        return [
          ...line(say("on-schedule", { count: event.jobs.length })),
          ...event.jobs.map(({ job, nextRun }) => {
            const name = printable(job);
            return `  ${name}${padding(name, width)}   ${say("next", { due: due(nextRun) })}`;
          }),
        ];
      }
      case "run-due":
        if (event.missed) missed.set(event.job, event.due);
        return [];
      case "job-started": {
        const since = missed.get(event.job);
        missed.delete(event.job);
        const job = printable(event.job);
        return talk(
          since === undefined ? say("started", { job }) : say("started.missed", { job, moment: moment(since) }),
        );
      }
      case "run-skipped": {
        const skipped = say("skipped", { job: printable(event.job), moment: moment(event.due) });
        return line(andNext(skipped, event.nextRun));
      }
      case "run-ended": {
        if (quiet && event.report.verdict === "safe") return [];
        const end = formatEnd(event.report, paint, language);
        return line(andNext(say("ended", { job: printable(event.job), end }), event.nextRun));
      }
      case "run-broken": {
        const broken = say("broken", { job: printable(event.job), reason: printable(event.reason) });
        return line(andNext(broken, event.nextRun));
      }
      case "daemon-stopping": {
        const jobs = event.running.map(printable).join(", ");
        return talk(jobs === "" ? say("stopping") : say("stopping.running", { jobs }));
      }
      case "daemon-stopped":
        return talk(say("stopped"));
      case "job-finished":
      case "verifying":
        return [];
      default: {
        const text = quiet ? undefined : talkOf(event, { cwd, verbose, language });
        return text === undefined ? [] : line(text);
      }
    }
  };
}

/** `SAFE, 49 new messages, 11 min`; of any other verdict with the reason. */
export function formatEnd(report: JobReport, paint: Paint, language: Language): string {
  const say = daemonTexts.in(language);
  const color = report.verdict === "safe" ? paint.green : report.verdict === "failed" ? paint.red : paint.yellow;
  const end = {
    verdict: color(verdictWord(report.verdict, language)),
    messages: say("new-messages", { count: report.messages.copied }),
    duration: unitsIn(language).duration(report.seconds),
  };
  const reason = reasonOf(report, language);
  return reason === undefined ? say("end", end) : say("end.why", { ...end, reason });
}

function reasonOf({ verdict, exit, error, mailboxes, failures }: JobReport, language: Language): string | undefined {
  const say = daemonTexts.in(language);
  const told = (sentence: string) => printable(translate(sentence, language));
  if (verdict === "safe") return undefined;
  if (exit.name === "interrupted" || exit.name === "terminated") return say("why.stopped");
  if (error !== undefined) return `${told(error.message)}${error.code === "bug" ? "" : ` (MF-${error.code})`}`;
  const codes = [...new Set(failures.map(({ code }) => `MF-${printable(code)}`))].join(", ");
  const count = mailboxes.reduce((sum, mailbox) => sum + mailbox.missing, 0);
  if (count > 0) return codes === "" ? say("why.missing", { count }) : say("why.missing.codes", { count, codes });
  const [first] = failures;
  return first && `${told(first.reason)} (${codes})`;
}
