// mailferry status: how every job stands, from what is remembered of its runs. Nobody is asked, nothing is changed.

import { type ExitName, exitCodes } from "../errors.ts";
import { jsonText } from "../formats/json-text.ts";
import type { Verdict } from "../jobs/events.ts";
import { loadJobFile } from "../jobs/load.ts";
import { durationPattern, parseDuration } from "../jobs/quantities.ts";
import type { Language } from "../language/language.ts";
import { type JobStatus, statusOf } from "../schedule/job-status.ts";
import { UsageError } from "./errors.ts";
import type { Invocation } from "./invocation.ts";
import { chooseJobs, findJobFile, stateDirectory } from "./job-file.ts";
import { sameJobFile } from "./names.ts";
import { formatStatus } from "./status-text.ts";
import { statusTexts } from "./texts/status.ts";

export interface StatusFlags {
  /** Such as `36h`. */
  readonly staleAfter?: string;
}

export async function status(names: readonly string[], flags: StatusFlags, invocation: Invocation): Promise<number> {
  const { options, screen, env, language } = invocation;
  const staleAfterMs = flags.staleAfter === undefined ? undefined : toDuration(flags.staleAfter, language);
  const file = await loadJobFile(await findJobFile(invocation), env);
  const jobs = chooseJobs(file.jobs, names, names.length === 0, language);
  const now = invocation.clock();
  const state = stateDirectory(invocation);
  const found: JobStatus[] = [];
  for (const job of jobs) found.push(await statusOf(job, { stateDirectory: state, now, staleAfterMs }));
  const name: ExitName = found.some(({ overdue }) => overdue) ? "overdue" : "ok";
  if (options.json) {
    const exit = { code: exitCodes[name], name };
    const head = { v: 1, command: "status", verdict: verdictOf(found), exit };
    await screen.out(`${jsonText({ ...head, jobs: found.map(describe) })}\n`);
  } else if (!options.quiet || name !== "ok") {
    const view = { now, language, paint: screen.outPaint, mailferry: sameJobFile(options) };
    await screen.out(formatStatus(found, view));
  }
  return exitCodes[name];
}

function toDuration(text: string, language: Language): number {
  if (!durationPattern.test(text)) throw new UsageError(statusTexts.in(language)("not-a-duration", { text }));
  return parseDuration(text);
}

/** The worst of the last runs; a job that should have run and didn't is not safe. */
function verdictOf(found: readonly JobStatus[]): Verdict {
  const verdicts = found.flatMap(({ lastRun, overdue }): Verdict[] => [
    ...(lastRun === undefined ? [] : [lastRun.verdict]),
    ...(overdue ? (["incomplete"] as const) : []),
  ]);
  const order: readonly Verdict[] = ["failed", "incomplete", "skipped", "rehearsal", "safe"];
  return order.find((verdict) => verdicts.includes(verdict)) ?? "safe";
}

/** JSON-ready; null for what is not known. */
function describe(one: JobStatus): Record<string, unknown> {
  const { job, lastRun, lastSuccess } = one;
  return {
    name: job.name,
    lastRun: lastRun === undefined ? null : { ...lastRun, mailboxes: undefined },
    lastSuccess: lastSuccess?.startedAt ?? null,
    ageSeconds: one.ageSeconds ?? null,
    overdue: one.overdue,
    overdueSince: one.overdueSince?.toISOString() ?? null,
    running: one.isRunning,
    nextRun: one.nextRun?.toISOString() ?? null,
    messages: one.messages ?? null,
    new: lastRun?.totals.new ?? null,
    octets: one.octets ?? null,
    warnings: one.warnings,
  };
}
