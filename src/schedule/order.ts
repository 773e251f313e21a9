// What a scheduler of the system is told to run: all jobs with the same schedule as one command, so that they share the
// limits of the job file.

import { createHash } from "node:crypto";
import type { Job } from "../jobs/job.ts";

export interface Order {
  /** Of its files: `mailferry-nightly-1a2b3c`, safe in a file name. */
  readonly name: string;
  /** Names of jobs. */
  readonly jobs: readonly string[];
  readonly schedule: string;
  readonly timeZone: string | undefined;
  /** A program, by its whole path, and its arguments. */
  readonly command: readonly string[];
  /** Variables without which the command would look elsewhere; none is secret. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A file that a scheduler reads. */
export interface ScheduleFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

/** What one scheduler makes of orders: files, or why it can't run one of them, as the end of a sentence. */
export type Written = { readonly files: readonly ScheduleFile[] } | { readonly refused: string; readonly order: Order };

export interface OrderOptions {
  /** Absolute. */
  readonly jobFile: string;
  /** How this program is called: absolute. */
  readonly executable: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

export function ordersOf(jobs: readonly Job[], { jobFile, executable, environment }: OrderOptions): readonly Order[] {
  const groups = new Map<string, Job[]>();
  for (const job of jobs) {
    if (job.schedule === undefined) continue;
    const key = JSON.stringify([job.schedule.trim().split(/\s+/), job.timeZone]);
    groups.set(key, [...(groups.get(key) ?? []), job]);
  }
  return [...groups.values()].map((group) => {
    const names = group.map(({ name }) => name);
    return {
      name: nameOf(names, jobFile),
      jobs: names,
      schedule: (group[0]?.schedule ?? "").trim().split(/\s+/).join(" "),
      timeZone: group[0]?.timeZone,
      command: [...executable, "run", ...names, "--scheduled", "-c", jobFile],
      environment,
    };
  });
}

function nameOf(jobs: readonly string[], jobFile: string): string {
  const [first = ""] = jobs;
  const more = jobs.length > 1 ? `-and-${jobs.length - 1}-more` : "";
  return `mailferry-${first.replaceAll(/[^A-Za-z0-9_-]/g, "_").slice(0, 40)}${more}-${digestOf([jobFile, first])}`;
}

/** Six characters that tell things of the same name apart. */
export function digestOf(words: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(words)).digest("hex").slice(0, 6);
}
