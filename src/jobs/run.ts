// Several jobs at once, within limits: so many mailboxes overall, so many per host.

import PQueue from "p-queue";
import { type ExitName, exitCodes, worstExit } from "../errors.ts";
import type { JobReport, Reporter, RunReport, Verdict } from "./events.ts";
import type { Job } from "./job.ts";
import { runJob } from "./run-job.ts";

export interface RunOptions {
  /** Most mailboxes at work at once, over all jobs. */
  readonly concurrency: number;
  /** Log in, list and count, but write nothing. */
  readonly dryRun?: boolean | undefined;
  /** Aborting ends the run at a point from which the next run goes on. */
  readonly signal?: AbortSignal | undefined;
  readonly report?: Reporter | undefined;
  /** Where it is remembered which archives exist, so that an unplugged disk is not taken for a new archive. */
  readonly stateDirectory?: string | undefined;
}

/** Runs jobs. Never rejects for what a run may meet: it is in the report. */
export async function runJobs(jobs: readonly Job[], options: RunOptions): Promise<RunReport> {
  const overall = new PQueue({ concurrency: options.concurrency });
  const hosts = new Map<string, PQueue>();
  const hostQueue = ({ from }: Job) => {
    const name = `${from.host.toLowerCase()}:${from.port}`;
    const queue = hosts.get(name) ?? new PQueue({ concurrency: from.connections });
    hosts.set(name, queue);
    return queue;
  };
  const context = {
    report: options.report ?? (() => undefined),
    signal: options.signal ?? new AbortController().signal,
    dryRun: options.dryRun ?? false,
    stateDirectory: options.stateDirectory,
    enqueue: <T>(job: Job, task: () => Promise<T>) => hostQueue(job).add(() => overall.add(task)),
  };

  // Jobs that share an archive take turns: each needs its lock.
  const turns = new Map<string, Promise<unknown>>();
  const reports = await Promise.all(
    jobs.map((job) => {
      const turn = (turns.get(job.to.archive) ?? Promise.resolve()).then(() => runJob(job, context));
      turns.set(job.to.archive, turn);
      return turn;
    }),
  );
  const exit = worstExit(reports.map((report) => report.exit.name as ExitName));
  return {
    v: 1,
    command: "run",
    verdict: worstVerdict(reports),
    exit: { code: exitCodes[exit], name: exit },
    jobs: reports,
  };
}

function worstVerdict(reports: readonly JobReport[]): Verdict {
  const order: readonly Verdict[] = ["failed", "incomplete", "skipped", "rehearsal", "safe"];
  return order.find((verdict) => reports.some((report) => report.verdict === verdict)) ?? "safe";
}
