// mailferry daemon: stays, and runs the jobs that have a schedule when they are due.

import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { exitCodes, MailferryError } from "../errors.ts";
import { jsonText } from "../formats/json-text.ts";
import { printable } from "../formats/printable.ts";
import type { JobEvent } from "../jobs/events.ts";
import type { Job, LoadedJobFile } from "../jobs/job.ts";
import { loadJobFile } from "../jobs/load.ts";
import { openRunner, runReportOf } from "../jobs/run.ts";
import { translate } from "../language/sentences.ts";
import { type DaemonEvent, keepSchedule } from "../schedule/daemon.ts";
import { acquireDaemonLock } from "../schedule/daemon-lock.ts";
import { planOf } from "../schedule/plan.ts";
import { createDaemonLines } from "./daemon-lines.ts";
import { UsageError } from "./errors.ts";
import { createEventLines } from "./events.ts";
import { announce, followUp, lookForOverdue } from "./follow-up.ts";
import type { Invocation } from "./invocation.ts";
import { findJobFile, stateDirectory } from "./job-file.ts";
import { daemonTexts } from "./texts/daemon.ts";

/**
 * Resolves with 0 when it was asked to stop and what it ran has ended: that is what systemd and whoever pressed Ctrl-C
 * asked for. Which jobs there are, and when they are due, is read once: a restart reads it again, and costs nothing.
 */
export async function daemon(invocation: Invocation): Promise<number> {
  const { options, cwd, env, clock, language, signal, wait = sleep } = invocation;
  if (options.dryRun) throw new UsageError(daemonTexts.in(language)("no-dry-run"));
  const path = await findJobFile(invocation);
  const file = await loadJobFile(path, env);
  const state = stateDirectory(invocation);
  await using _lock = await acquireDaemonLock(state, resolve(cwd, path));
  const plan = await planOf(file.jobs, state, clock());
  if (plan.length === 0) throw nothingScheduled(path);

  const say = openVoice(file, invocation);
  const runner = openRunner({
    concurrency: file.concurrency,
    signal,
    report: say,
    stateDirectory: state,
    trigger: "schedule",
    clock,
  });
  const follow = inTurn();
  const look = hourly(clock, () => void follow(() => lookForOverdue(file, invocation)));
  const current = rereading(path, file, invocation);
  await keepSchedule(plan, {
    clock,
    wait: (ms, stop) => {
      look();
      return wait(ms, stop);
    },
    signal,
    report: say,
    run: async ({ name }) => {
      const { job, file: asItIs, release } = await current(name);
      const run = { file: asItIs, trigger: "schedule" } as const;
      try {
        const announced = announce(run, invocation);
        const report = await runner.run(job);
        await announced;
        await follow(() => followUp({ report: runReportOf([report]), ...run }, invocation));
        return report;
      } finally {
        release();
      }
    },
  });
  return exitCodes.ok;
}

/** JSON lines with `--json`, with all that happens in between with `--events`; else text. */
function openVoice(file: LoadedJobFile, { options, screen, cwd, clock, language, now }: Invocation) {
  const write = (text: string) => void screen.out(`${text}\n`);
  if (options.events) {
    const lines = createEventLines((text) => void screen.out(text), now);
    return (event: DaemonEvent | JobEvent) => (isOurs(event) ? write(jsonText(event)) : lines(event));
  }
  if (options.json) return (event: DaemonEvent | JobEvent) => (isOurs(event) ? write(jsonText(event)) : undefined);
  const lines = createDaemonLines({
    cwd,
    language,
    paint: screen.outPaint,
    quiet: options.quiet === true,
    verbose: options.verbose === true,
    clock,
    timeZone: file.jobs[0]?.timeZone,
  });
  return (event: DaemonEvent | JobEvent) => {
    for (const line of lines(event)) write(line);
  };
}

const ours: ReadonlySet<string> = new Set([
  "daemon-started",
  "run-due",
  "run-skipped",
  "run-ended",
  "run-broken",
  "daemon-stopping",
  "daemon-stopped",
] satisfies DaemonEvent["type"][]);

function isOurs(event: DaemonEvent | JobEvent): event is DaemonEvent {
  return ours.has(event.type);
}

interface Current {
  readonly job: Job;
  readonly file: LoadedJobFile;
  /** The run has ended. */
  release(): void;
}

/**
 * The job as the job file has it now. Passwords are remembered with the file, so it is read again for a run before which
 * nothing was at work; those that begin meanwhile ask no password store again. When a job is due is settled at the start.
 */
function rereading(path: string, first: LoadedJobFile, { env, screen, language }: Invocation) {
  let atWork = 0;
  let file = Promise.resolve(first);
  const reread = async (before: LoadedJobFile) => {
    try {
      return await loadJobFile(path, env);
    } catch (error) {
      const reason = error instanceof Error ? printable(translate(error.message, language)) : String(error);
      screen.err(`${daemonTexts.in(language)("not-reread", { path: printable(path), reason })}\n`);
      return before;
    }
  };
  return async (name: string): Promise<Current> => {
    if (atWork === 0) file = file.then(reread);
    atWork += 1;
    const read = await file;
    const job = read.jobs.find((each) => each.name === name) ?? first.jobs.find((each) => each.name === name);
    if (job === undefined) throw new Error(`the job ${name} was there at the start and is not any more`);
    return {
      job,
      file: read,
      release: () => {
        atWork -= 1;
      },
    };
  };
}

/** Runs that end at the same time follow up one after the other: what comes of it is written to the same files. */
function inTurn(): (task: () => Promise<void>) => Promise<void> {
  let last = Promise.resolve();
  return (task) => {
    last = last.then(task);
    return last;
  };
}

/** Not at once: what was missed while nobody ran it is being caught up then. */
function hourly(clock: () => Date, task: () => void): () => void {
  let last = clock().getTime();
  return () => {
    const now = clock().getTime();
    // A clock that was put back begins anew.
    if (now >= last && now - last < hourMs) return;
    if (now >= last) task();
    last = now;
  };
}

const hourMs = 3_600_000;

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal }).catch(() => undefined);
}

function nothingScheduled(path: string): MailferryError {
  return new MailferryError("C701", `no job of ${printable(path)} has a schedule, so there is nothing to stay for`, {
    scope: "session",
    retry: "never",
    remedy: 'Give a job one: schedule: "30 2 * * *" runs it each night at 02:30.',
  });
}
