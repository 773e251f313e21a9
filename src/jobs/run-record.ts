// One line of a job's memory for each run: what status, notifications and metrics are made from. It may have been changed
// since, by anybody: what comes out of here has the shape of a record; its texts are not fit to print yet.

import { z } from "zod";
import { addRun, readRuns } from "../storage/job-memory.ts";
import type { JobReport } from "./events.ts";
import { moveIdentity } from "./identity.ts";
import type { Job } from "./job.ts";

/** Who started a run: a person who may be watching, or a schedule. */
export type Trigger = "person" | "schedule";

const count = z.int().nonnegative();

const runRecord = z.object({
  trigger: z.enum(["person", "schedule"]),
  startedAt: z.iso.datetime(),
  seconds: z.number().nonnegative(),
  verdict: z.enum(["safe", "incomplete", "failed", "rehearsal", "skipped"]),
  exit: z.object({ code: z.int().min(0).max(255), name: z.string().max(20) }),
  /** Over all mailboxes, as in a MailboxReport. */
  totals: z.object({ onServer: count, inArchive: count, new: count, missing: count, kept: count }),
  /** Of message bodies that were brought. */
  octets: count,
  /** Messages on the server, by path. */
  mailboxes: z.array(z.tuple([z.array(z.string()).min(1), count])),
  /** Of what stopped the run, or of its first failure. */
  code: z.string().max(8).optional(),
});

export type RunRecord = z.output<typeof runRecord>;

/** Remembers a run of this job; durable when it resolves. */
export async function recordRun(job: Job, report: JobReport, trigger: Trigger, stateDirectory: string): Promise<void> {
  await addRun(stateDirectory, moveIdentity(job), toRecord(report, trigger));
}

/** The runs that are remembered of this job, the oldest first. */
export async function runsOf(job: Pick<Job, "name" | "from" | "to">, stateDirectory: string): Promise<RunRecord[]> {
  return (await readRuns(stateDirectory, moveIdentity(job))).flatMap((line) => {
    const parsed = runRecord.safeParse(line);
    return parsed.success ? [parsed.data] : [];
  });
}

export function toRecord(report: JobReport, trigger: Trigger): RunRecord {
  const { startedAt, seconds, verdict, exit, mailboxes, octets, error, failures, pack } = report;
  const total = (key: "onServer" | "inArchive" | "new" | "missing" | "kept") =>
    mailboxes.reduce((sum, mailbox) => sum + mailbox[key], 0);
  const code = error?.code ?? failures[0]?.code ?? pack?.error?.code;
  return {
    trigger,
    startedAt,
    seconds,
    verdict,
    exit,
    totals: {
      onServer: total("onServer"),
      inArchive: total("inArchive"),
      new: total("new"),
      missing: total("missing"),
      kept: total("kept"),
    },
    octets,
    mailboxes: mailboxes.map(({ path, onServer }) => [[...path], onServer]),
    ...(code === undefined ? {} : { code }),
  };
}
