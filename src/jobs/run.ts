// Several jobs at once, within limits: so many mailboxes overall, so many per host.

import PQueue from "p-queue";
import type { Account } from "../account.ts";
import { type ExitName, exitCodes, worstExit } from "../errors.ts";
import type { JobReport, Reporter, RunReport, Verdict } from "./events.ts";
import { executeJob } from "./execute.ts";
import { accountKey, describeDestination, isAccount } from "./identity.ts";
import type { Job } from "./job.ts";
import { Limits } from "./limits.ts";
import { LogIns } from "./log-ins.ts";
import type { Trigger } from "./run-record.ts";

export interface RunOptions {
  /** Most mailboxes at work at once, over all jobs. */
  readonly concurrency: number;
  /** Log in, list and count, but write nothing. */
  readonly dryRun?: boolean | undefined;
  /** Aborting ends the run at a point from which the next run goes on. */
  readonly signal?: AbortSignal | undefined;
  readonly report?: Reporter | undefined;
  /** Who starts the run. Given, it is remembered with the job, for status; left out, it is not. Needs a state directory. */
  readonly trigger?: Trigger | undefined;
  /** A person has started the run, and wants an account tried once more that was refused in several runs. */
  readonly confirmed?: boolean | undefined;
  /** The time of day; the system's if not given. */
  readonly clock?: (() => Date) | undefined;
  /** Where it is remembered which archives exist, so that an unplugged disk is not taken for a new archive. */
  readonly stateDirectory?: string | undefined;
  /** Of the accounts, where several runs of one process share them; this run's own if not given. */
  readonly limits?: Limits | undefined;
}

export interface Runner {
  /**
   * Runs one job when there is room for it: whatever else this runner is at work on counts. Two jobs that write to the
   * same place, or read the same maildrop, take turns in the order in which they came. Never rejects for what a run may
   * meet: it is in the report.
   */
  run(job: Job): Promise<JobReport>;
}

/** Runs jobs. Never rejects for what a run may meet: it is in the report. */
export async function runJobs(jobs: readonly Job[], options: RunOptions): Promise<RunReport> {
  const runner = openRunner(options);
  return runReportOf(await Promise.all(jobs.map((job) => runner.run(job))));
}

/** What jobs that run at the same time share: the limits, whose turn it is, and which log-in was refused. */
export function openRunner(options: RunOptions): Runner {
  // An IMAP mailbox is read, or written, over two connections: one looks, the other carries.
  const enqueue = openRoom(options.concurrency, ({ protocol, connections }) =>
    protocol === "imap" ? Math.max(1, Math.floor(connections / 2)) : connections,
  );
  // A job that waits for its mailboxes has an open connection to show for it.
  const admit = openRoom(Math.max(mostJobs, options.concurrency), ({ connections }) => connections);
  const clock = options.clock ?? (() => new Date());
  const limits = options.limits ?? new Limits({ stateDirectory: options.stateDirectory, clock });
  const logIns = new LogIns({
    stateDirectory: options.stateDirectory,
    clock,
    isConfirmed: options.confirmed ?? false,
  });
  const ownSignal = ownSignals(options.signal);
  const shared = {
    report: options.report ?? (() => undefined),
    dryRun: options.dryRun ?? false,
    stateDirectory: options.stateDirectory,
    trigger: options.trigger,
    clock,
    limits,
    enqueue,
    logIns,
  };
  const turns = new Map<string, Promise<unknown>>();
  return {
    async run(job) {
      const forget = logIns.expect(sidesOf(job).map(({ account }) => account));
      const { signal, release } = ownSignal();
      const keys = turnsOf(job);
      const turn = Promise.all(keys.map((key) => turns.get(key))).then(() =>
        admit(job, () => executeJob(job, { ...shared, signal })),
      );
      for (const key of keys) turns.set(key, turn);
      try {
        return await turn;
      } finally {
        for (const key of keys) if (turns.get(key) === turn) turns.delete(key);
        release();
        forget();
      }
    },
  };
}

/** One report of all of them, in this order. */
export function runReportOf(reports: readonly JobReport[]): RunReport {
  const exit = worstExit(reports.map((report) => report.exit.name as ExitName));
  return {
    v: 1,
    command: "run",
    verdict: worstVerdict(reports),
    exit: { code: exitCodes[exit], name: exit },
    jobs: reports,
  };
}

/**
 * A signal for each run, that aborts with the other. What a run hangs on to a signal (listeners, AbortSignal.any) stays
 * for as long as the signal: a daemon's would gather that of every run.
 */
function ownSignals(outer: AbortSignal | undefined): () => { readonly signal: AbortSignal; release(): void } {
  const running = new Set<AbortController>();
  const stop = () => {
    for (const controller of running) controller.abort(outer?.reason);
  };
  return () => {
    const own = new AbortController();
    if (outer?.aborted) own.abort(outer.reason);
    if (running.size === 0) outer?.addEventListener("abort", stop);
    running.add(own);
    return {
      signal: own.signal,
      release() {
        running.delete(own);
        if (running.size === 0) outer?.removeEventListener("abort", stop);
      },
    };
  };
}

/** Jobs under way at once: more than there are mailboxes at work, so that none of these waits for a log-in. */
const mostJobs = 16;

type Room = <T>(job: Job, task: () => Promise<T>) => Promise<T>;

/** So many tasks at once overall, and so many for each host of a source and each of a target. */
function openRoom(most: number, mostAt: (account: Account) => number): Room {
  const overall = new PQueue({ concurrency: most });
  const hosts = new Map<string, PQueue>();
  const hostQueue = ({ role, account }: Side): readonly [name: string, queue: PQueue] => {
    const name = `${account.host.toLowerCase()}:${account.port} ${role}`;
    const queue = hosts.get(name) ?? new PQueue({ concurrency: mostAt(account) });
    hosts.set(name, queue);
    return [name, queue];
  };
  // A move waits for room at both hosts: always in the same order, so that no two wait for each other.
  return (job, task) => {
    const queues = new Map(
      sidesOf(job)
        .map(hostQueue)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
    return [...queues.values()].reduceRight<typeof task>(
      (inner, queue) => () => queue.add(inner),
      () => overall.add(task),
    )();
  };
}

interface Side {
  readonly role: "source" | "target";
  readonly account: Account;
}

function sidesOf({ from, to }: Job): Side[] {
  const source: Side[] = isAccount(from) ? [{ role: "source", account: from }] : [];
  return "account" in to ? [...source, { role: "target", account: to.account }] : source;
}

/** What only one job may have at a time: what it writes to, and a POP3 maildrop (RFC 1939 section 4). */
function turnsOf({ from, to }: Job): string[] {
  const target = "account" in to ? accountKey(to.account) : describeDestination(to);
  const drained = isAccount(from) && from.protocol === "pop3" ? [`maildrop ${accountKey(from)}`] : [];
  return [`target ${target}`, ...drained];
}

function worstVerdict(reports: readonly JobReport[]): Verdict {
  const order: readonly Verdict[] = ["failed", "incomplete", "skipped", "rehearsal", "safe"];
  return order.find((verdict) => reports.some((report) => report.verdict === verdict)) ?? "safe";
}
