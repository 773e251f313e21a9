// The commands that go with a run: `before` it, `onFailure` of it, and `after` it.

import { MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import type { JobReport } from "./events.ts";
import type { Hooks, Job } from "./job.ts";
import { quote } from "./mistakes.ts";
import { runCommand } from "./run-command.ts";

export type HookName = keyof Hooks;

export interface HookContext {
  /** Ends a command that is under way. */
  readonly signal: AbortSignal;
  /** Told before each command is run. */
  readonly starting: (hook: HookName, program: string) => void;
}

/** A mount, a dump, a copy to another machine: some take long. */
const longestMs = 10 * 60_000;
/** Where the run was interrupted somebody waits for its end. */
const longestFarewellMs = 60_000;

/** In the order in which they are run. */
export function hookNames({ hooks = {} }: Pick<Job, "hooks">): HookName[] {
  return (["before", "onFailure", "after"] as const).filter((name) => hooks[name] !== undefined);
}

/** Rejects with C702 if the job is not to run. */
export async function runBefore(job: Job, context: HookContext): Promise<void> {
  const failure = await runHook(job, "before", {}, context, { timeoutMs: longestMs, signal: context.signal });
  if (failure === undefined) return;
  context.signal.throwIfAborted();
  throw new MailferryError("C702", `${failure}; the job was not run`, {
    scope: "session",
    retry: "later",
    remedy: "Run the command of the job file by hand, from the folder of the job file, and see what it says.",
  });
}

/**
 * What goes with the end of a run: `onFailure` if it is not safe, then `after`, whatever became of it. A run that was
 * stopped has not failed; `after` tidies up behind it all the same. Resolves with what went wrong; never rejects.
 */
export async function runEnd(job: Job, report: JobReport, context: HookContext): Promise<string[]> {
  const isStopped = context.signal.aborted;
  const facts = factsOf(report);
  // It is the signal that has ended the run: it can't end what tidies up.
  const bounds = isStopped
    ? { timeoutMs: longestFarewellMs, signal: undefined }
    : { timeoutMs: longestMs, signal: context.signal };
  const failures: string[] = [];
  if (report.verdict !== "safe" && !isStopped) {
    failures.push(...list(await runHook(job, "onFailure", facts, context, bounds)));
  }
  failures.push(...list(await runHook(job, "after", facts, context, bounds)));
  return failures;
}

function list(failure: string | undefined): string[] {
  return failure === undefined ? [] : [failure];
}

function factsOf({ verdict, exit, mailboxes }: JobReport): Readonly<Record<string, string>> {
  const sum = (key: "new" | "missing") => mailboxes.reduce((total, mailbox) => total + mailbox[key], 0);
  return {
    MAILFERRY_VERDICT: verdict,
    MAILFERRY_EXIT: `${exit.code}`,
    MAILFERRY_NEW: `${sum("new")}`,
    MAILFERRY_MISSING: `${sum("missing")}`,
  };
}

async function runHook(
  job: Job,
  name: HookName,
  facts: Readonly<Record<string, string>>,
  { starting }: HookContext,
  bounds: { readonly timeoutMs: number; readonly signal: AbortSignal | undefined },
): Promise<string | undefined> {
  const command = job.hooks?.[name];
  if (command === undefined) return undefined;
  starting(name, command[0]);
  // A name with a NUL is no fit value.
  const env = { ...job.hookEnv?.(), MAILFERRY_JOB: printable(job.name), ...facts };
  const { failure } = await runCommand(command, { cwd: job.baseDir, env, ...bounds });
  return failure === undefined ? undefined : `${name}: ${quote(command[0])} ${failure}`;
}
