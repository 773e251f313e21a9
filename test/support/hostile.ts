// What the program's output is searched for and read with.

import type { JobReport, RunReport } from "../../src/jobs/events.ts";
import { parseDocument } from "./desk.ts";

export { hostile, steersTerminals } from "./steering.ts";

/** Without the line breaks that only fit a text to the screen. */
export function unwrapped(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

/** The only job of what `run --json` printed. */
export function onlyJob(stdout: string): JobReport {
  const { jobs }: RunReport = parseDocument(stdout);
  const [job] = jobs;
  if (job === undefined || jobs.length > 1) throw new Error(`not one job: ${stdout}`);
  return job;
}
