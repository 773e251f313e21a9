// Metrics of every job for Prometheus's textfile collector, from the records of its runs. The text format is version 0.0.4
// (prometheus.io/docs/instrumenting/exposition_formats).

import type { Job } from "../jobs/job.ts";
import { type RunRecord, runsOf } from "../jobs/run-record.ts";
import { replaceFile } from "../storage/durable.ts";

export interface MeasuredJob {
  readonly name: string;
  readonly staleAfterMs?: number | undefined;
  /** The oldest first. */
  readonly runs: readonly RunRecord[];
}

interface Metric {
  readonly name: string;
  readonly help: string;
  /** Undefined where there is nothing to tell of this job. */
  value(job: MeasuredJob): number | undefined;
}

const last = ({ runs }: MeasuredJob) => runs.at(-1);
/** A run that could not log in has counted nothing: its zeros would say that all is well. */
const counted = ({ runs }: MeasuredJob) => runs.findLast(({ mailboxes }) => mailboxes.length > 0);

const metrics: readonly Metric[] = [
  {
    name: "mailferry_last_run_timestamp_seconds",
    help: "When the newest run of the job started.",
    value: (job) => secondsOf(last(job)),
  },
  {
    name: "mailferry_last_success_timestamp_seconds",
    help: "When the newest run of the job started that ended with exit code 0.",
    value: ({ runs }) => secondsOf(runs.findLast(({ exit }) => exit.code === 0)),
  },
  {
    name: "mailferry_last_exit_code",
    help: "Exit code of the newest run: 0 ok, 3 incomplete, 4 log-in, 5 temporary, 7 damaged, 8 locked, 9 destination, 75 skipped.",
    value: (job) => last(job)?.exit.code,
  },
  {
    name: "mailferry_last_run_seconds",
    help: "How long the newest run took.",
    value: (job) => last(job)?.seconds,
  },
  {
    name: "mailferry_last_run_octets",
    help: "Octets of message bodies that the newest run has brought.",
    value: (job) => last(job)?.octets,
  },
  {
    name: "mailferry_messages_on_server",
    help: "Messages on the server, as of the newest run that could count them.",
    value: (job) => counted(job)?.totals.onServer,
  },
  {
    name: "mailferry_messages_in_archive",
    help: "How many of these are in the archive or at the target.",
    value: (job) => counted(job)?.totals.inArchive,
  },
  {
    name: "mailferry_messages_missing",
    help: "How many of these are missing there.",
    value: (job) => counted(job)?.totals.missing,
  },
  {
    name: "mailferry_messages_new",
    help: "How many of these that run has brought.",
    value: (job) => counted(job)?.totals.new,
  },
  {
    name: "mailferry_messages_kept",
    help: "Messages that are gone from the server and kept.",
    value: (job) => counted(job)?.totals.kept,
  },
  {
    name: "mailferry_stale_after_seconds",
    help: "The job's staleAfter, where the job file sets it.",
    value: ({ staleAfterMs }) => (staleAfterMs === undefined ? undefined : staleAfterMs / 1000),
  },
];

function secondsOf(run: RunRecord | undefined): number | undefined {
  return run === undefined ? undefined : Date.parse(run.startedAt) / 1000;
}

/** Metrics without a value for any job are left out. */
export function formatMetrics(jobs: readonly MeasuredJob[]): string {
  const lines = metrics.flatMap(({ name, help, value }) => {
    const samples = jobs.flatMap((job) => {
      const found = value(job);
      return found === undefined ? [] : [`${name}{job="${escapeLabel(job.name)}"} ${found}`];
    });
    return samples.length === 0 ? [] : [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...samples];
  });
  return lines.map((line) => `${line}\n`).join("");
}

function escapeLabel(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}

/** The collector runs as another user; the file holds names of jobs and counts, nothing of an account. */
const mode = 0o644;

/** For all of these jobs; replaced as a whole, so that the collector never reads half of it. Its folder must be there. */
export async function writeMetrics(path: string, jobs: readonly Job[], stateDirectory: string): Promise<void> {
  const measured: MeasuredJob[] = [];
  for (const job of jobs) {
    const { name, staleAfterMs } = job;
    measured.push({ name, staleAfterMs, runs: await runsOf(job, stateDirectory) });
  }
  await replaceFile(path, formatMetrics(measured), mode);
}
