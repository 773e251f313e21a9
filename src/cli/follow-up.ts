// What is done with the report of a run besides showing it. Whatever goes wrong here is said, and makes the run no worse.

import type { RunReport } from "../jobs/events.ts";
import type { JobFile } from "../jobs/job.ts";
import type { Trigger } from "../jobs/run-record.ts";
import type { Invocation } from "./invocation.ts";

export interface FinishedRun {
  readonly report: RunReport;
  readonly file: JobFile;
  readonly trigger: Trigger;
}

/** Resolves when it has been done; rejects with what could not be done. */
type Step = (run: FinishedRun, invocation: Invocation) => Promise<void>;

const steps: readonly Step[] = [
  async (run) => (await import("./written-reports.ts")).keepReadmes(run),
  async (run, invocation) => (await import("./written-reports.ts")).writePages(run, invocation),
  async (run, invocation) => (await import("./written-reports.ts")).writeFigures(run, invocation),
];

export async function followUp(run: FinishedRun, invocation: Invocation): Promise<void> {
  for (const step of steps) {
    await step(run, invocation).catch((error: unknown) => {
      invocation.screen.err(`${error instanceof Error ? error.message : String(error)}\n`);
    });
  }
}
