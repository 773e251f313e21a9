// mailferry run: the jobs of the job file, now.

import { exitCodes } from "../errors.ts";
import type { JobEvent, JobReport, Reporter, RunReport } from "../jobs/events.ts";
import { loadJobFile } from "../jobs/load.ts";
import { runJobs } from "../jobs/run.ts";
import { createEventLines } from "./events.ts";
import { type Invocation, Stopped } from "./invocation.ts";
import { chooseJobs, findJobFile, stateDirectory } from "./job-file.ts";
import { formatJson } from "./json.ts";
import { formatRunSummary } from "./summary.ts";
import { openTalk } from "./talk.ts";

export async function run(names: readonly string[], all: boolean, invocation: Invocation): Promise<number> {
  const { options, screen, signal, env } = invocation;
  const file = await loadJobFile(await findJobFile(invocation), env);
  const jobs = chooseJobs(file.jobs, names, all);

  // With --json stdout belongs to the one document.
  const writeEvent = (text: string) => void (options.json ? screen.err(text) : screen.out(text));
  const talk = await openTalk(invocation);
  const octetsToCopy = new Map<string, number>();
  const reporters: Reporter[] = [talk.report, (event) => countOctets(octetsToCopy, event)];
  if (options.events) reporters.push(createEventLines(writeEvent, invocation.now));
  signal.addEventListener("abort", () =>
    talk.say("Stopping; what has arrived whole is kept. Once more to leave at once."),
  );

  const finished = await runJobs(jobs, {
    concurrency: file.concurrency,
    dryRun: options.dryRun === true,
    signal,
    report: (event) => {
      for (const report of reporters) report(event);
    },
    stateDirectory: stateDirectory(invocation),
  }).finally(() => talk.stop());
  const report = nameTheSignal(finished, signal);

  if (options.events) writeEvent(`${formatJson({ type: "run-finished", ...report })}\n`);
  if (options.json) await screen.out(`${formatJson(report)}\n`);
  if (!options.events && !options.json && !(options.quiet && report.exit.code === 0)) {
    const summary = { cwd: invocation.cwd, paint: screen.outPaint, verbose: options.verbose === true, octetsToCopy };
    await screen.out(formatRunSummary(report, summary));
  }
  return report.exit.code;
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
