// Jobs run for a command: what is said while they run, and the summary, the document or the events at the end.

import { exitCodes } from "../errors.ts";
import { jsonText } from "../formats/json-text.ts";
import type { JobEvent, JobReport, Reporter, RunReport } from "../jobs/events.ts";
import type { Job, JobFile } from "../jobs/job.ts";
import { runJobs } from "../jobs/run.ts";
import type { Trigger } from "../jobs/run-record.ts";
import { createEventLines } from "./events.ts";
import { announce, followUp } from "./follow-up.ts";
import { type Invocation, Stopped } from "./invocation.ts";
import { stateDirectory } from "./job-file.ts";
import { formatRunSummary, type SummaryOptions } from "./summary.ts";
import { openTalk } from "./talk.ts";
import { progressTexts } from "./texts/progress.ts";

export interface RunOrder {
  /** As the report names it. */
  readonly command: string;
  readonly jobs: readonly Job[];
  /** Most mailboxes at work at once, over all jobs. */
  readonly concurrency: number;
  /** Who starts the run, and the job file that says what else is done with its report; undefined where nothing is. */
  readonly following?: { readonly trigger: Trigger; readonly file: JobFile } | undefined;
  /** As the summary has it. */
  readonly accountOf?: SummaryOptions["accountOf"];
  /** Where another than the usual one. */
  readonly stateDirectory?: string | undefined;
  /** What is found out when the jobs have ended, before anything is told of them. */
  readonly conclude?: ((report: RunReport) => Promise<Conclusion>) | undefined;
}

export interface Conclusion {
  readonly report: RunReport;
  /** What stands in the document beside the report. */
  readonly document?: object | undefined;
  /** What stands in the summary beside what it always has. */
  readonly summary?: Pick<SummaryOptions, "findings" | "closing"> | undefined;
}

/** Runs the jobs as the global options ask. Returns the exit code; what a run may meet is in its report. */
export async function performRun(order: RunOrder, invocation: Invocation): Promise<number> {
  const { options, screen, signal, language } = invocation;
  // With --json stdout belongs to the one document.
  const writeEvent = (text: string) => void (options.json ? screen.err(text) : screen.out(text));
  const talk = await openTalk(invocation);
  const octetsToCopy = new Map<string, number>();
  const reporters: Reporter[] = [talk.report, (event) => countOctets(octetsToCopy, event)];
  if (options.events) reporters.push(createEventLines(writeEvent, invocation.now));
  signal.addEventListener("abort", () => talk.say(progressTexts.in(language)("stopping")));
  const following = options.dryRun ? undefined : order.following;
  const announced = following && announce(following, invocation);

  const finished = await runJobs(order.jobs, {
    concurrency: order.concurrency,
    dryRun: options.dryRun === true,
    signal,
    report: (event) => {
      for (const report of reporters) report(event);
    },
    stateDirectory: order.stateDirectory ?? stateDirectory(invocation),
    trigger: order.following?.trigger,
    confirmed: isStartedByPerson(order, invocation),
    clock: invocation.clock,
  }).finally(() => talk.stop());
  const named = nameTheSignal({ ...finished, command: order.command }, signal);
  const { report, document, summary: more }: Conclusion = (await order.conclude?.(named)) ?? { report: named };

  if (options.events) writeEvent(`${jsonText({ type: "run-finished", ...report, ...document })}\n`);
  if (options.json) await screen.out(`${jsonText({ ...report, ...document })}\n`);
  if (!options.events && !options.json && !(options.quiet && report.exit.code === 0)) {
    const sameFile = options.config === undefined ? [] : ["-c", options.config];
    const summary = {
      language,
      cwd: invocation.cwd,
      paint: screen.outPaint,
      verbose: options.verbose === true,
      octetsToCopy,
      ...(order.command === "run" ? { reportWith: ["mailferry", ...sameFile] } : {}),
      ...(order.accountOf === undefined ? {} : { accountOf: order.accountOf }),
      ...more,
    };
    if (order.conclude !== undefined && !options.quiet) screen.err("\n");
    await screen.out(formatRunSummary(report, summary));
  }
  await announced;
  if (following !== undefined) await followUp({ report, ...following }, invocation);
  return report.exit.code;
}

/** For a report of jobs that have ended already, and of which nothing else is to be done. */
export async function tellReport(report: RunReport, invocation: Invocation): Promise<number> {
  const { options, screen } = invocation;
  if (options.events) {
    const line = `${jsonText({ type: "run-finished", ...report })}\n`;
    if (options.json) screen.err(line);
    else await screen.out(line);
  }
  if (options.json) await screen.out(`${jsonText(report)}\n`);
  if (!options.events && !options.json) {
    const view = { cwd: invocation.cwd, paint: screen.outPaint, verbose: options.verbose === true };
    await screen.out(formatRunSummary(report, { ...view, language: invocation.language }));
  }
  return report.exit.code;
}

/** `--yes` says that a person has started it, though there is no terminal. */
function isStartedByPerson({ following }: RunOrder, { atTerminal, options }: Invocation): boolean {
  return following?.trigger !== "schedule" && (options.yes === true || atTerminal === true);
}

function countOctets(octetsToCopy: Map<string, number>, event: JobEvent): void {
  if (event.type !== "mailbox-listed") return;
  octetsToCopy.set(event.job, (octetsToCopy.get(event.job) ?? 0) + event.octets);
}

/** The engine only knows that it was to stop; callers of the program tell SIGINT and SIGTERM apart. */
function nameTheSignal(report: RunReport, { reason }: AbortSignal): RunReport {
  if (!(reason instanceof Stopped) || reason.exit === "interrupted") return report;
  const exit = { code: exitCodes[reason.exit], name: reason.exit };
  const rename = <T extends RunReport | JobReport>(one: T): T =>
    one.exit.name === "interrupted" ? { ...one, exit } : one;
  return { ...rename(report), jobs: report.jobs.map(rename) };
}
