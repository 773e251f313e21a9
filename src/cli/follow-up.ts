// What is done with the report of a run besides showing it. Whatever goes wrong here is said, and makes the run no worse.

import type { RunReport } from "../jobs/events.ts";
import type { JobFile } from "../jobs/job.ts";
import type { Trigger } from "../jobs/run-record.ts";
import { translate } from "../language/sentences.ts";
import type { Invocation } from "./invocation.ts";

export interface FinishedRun {
  readonly report: RunReport;
  readonly file: JobFile;
  readonly trigger: Trigger;
}

/** Resolves when it has been done; rejects with what could not be done. */
type Step = (run: FinishedRun, invocation: Invocation) => Promise<void>;

const steps: readonly Step[] = [
  async (run, invocation) => {
    if (run.file.notify !== undefined) await (await import("./telling.ts")).tellOfRun(run, run.file.notify, invocation);
  },
  async (run, invocation) => (await import("./written-reports.ts")).keepReadmes(run, invocation),
  async (run, invocation) => (await import("./written-reports.ts")).writePages(run, invocation),
  async (run, invocation) => (await import("./written-reports.ts")).writeFigures(run, invocation),
];

export async function followUp(run: FinishedRun, invocation: Invocation): Promise<void> {
  for (const step of steps) {
    await step(run, invocation).catch((error: unknown) => say(error, invocation));
  }
}

/** What is said of a run when it begins. It takes no time from the run; whoever ends the run waits for it first. */
export async function announce({ file, trigger }: Omit<FinishedRun, "report">, invocation: Invocation): Promise<void> {
  if (file.notify?.ping === undefined || trigger !== "schedule") return;
  await (await import("./telling.ts")).pingStart(file.notify, invocation);
}

/** Between runs: tells of jobs that should have run and did not. */
export async function lookForOverdue(file: JobFile, invocation: Invocation): Promise<void> {
  const { notify } = file;
  if (notify === undefined) return;
  const { tellOverdue } = await import("./telling.ts");
  await tellOverdue(file, notify, invocation).catch((error: unknown) => say(error, invocation));
}

function say(error: unknown, { screen, language }: Invocation): void {
  screen.err(`${translate(error instanceof Error ? error.message : String(error), language)}\n`);
}
