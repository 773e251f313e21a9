// Words that try to steer a terminal, and what the program's output is searched for and read with.

import type { JobReport, RunReport } from "../../src/jobs/events.ts";
import { parseDocument } from "./desk.ts";

/** Clears the screen, names the window, turns text around, colours with a C1 control, breaks lines. */
export const hostile = "\x1b[2J\x1b]0;owned\x07\u202edrowssap\u2066\x9b31m\u2028";

/** Controls but for the line feed, C1 controls, DEL, bidirectional overrides and isolates, line separators. */
export const steersTerminals = /[\0-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/;

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
