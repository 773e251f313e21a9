// The report of the newest run of a job, as it was kept. It may have been changed since, by anybody: what comes out of
// here has the shape of a report; its texts are not fit to print yet.

import { z } from "zod";
import { MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import { readMarker } from "../storage/archive.ts";
import { moveDirectory, readLastReport } from "../storage/move-book.ts";
import type { JobReport } from "./events.ts";
import { moveIdentity } from "./identity.ts";
import type { Job } from "./job.ts";
import { checkStillThere } from "./known-archives.ts";

export interface KeptReport {
  /** As it was stored. */
  readonly document: unknown;
  readonly report: JobReport;
}

/** Of the job's newest run that wrote something; undefined if there was none. Rejects with V901 if it can't be understood. */
export async function lastReportOf(
  job: Pick<Job, "name" | "from" | "to">,
  stateDirectory: string,
): Promise<KeptReport | undefined> {
  const { to } = job;
  if (!("archive" in to)) return readReport(moveDirectory(stateDirectory, moveIdentity(job)));
  await checkStillThere(stateDirectory, to.archive);
  return readReport(to.archive);
}

/** Of the newest run into this archive. Rejects with D506 if the folder is none. */
export async function lastReportIn(directory: string): Promise<KeptReport | undefined> {
  if ((await readMarker(directory)) === undefined) {
    throw new MailferryError("D506", `${printable(directory)} is not a mailferry archive`, {
      scope: "session",
      retry: "never",
      remedy: "Name a job of the job file, or the folder of an archive.",
    });
  }
  return readReport(directory);
}

async function readReport(directory: string): Promise<KeptReport | undefined> {
  const document = await readLastReport(directory);
  if (document === undefined) return undefined;
  const parsed = jobReport.safeParse(document);
  if (parsed.success) return { document, report: parsed.data };
  const [issue] = parsed.error.issues;
  const place = issue === undefined ? "" : ` (at ${printable(issue.path.join(".")).slice(0, 80)})`;
  throw new MailferryError("V901", `the newest report in ${printable(directory)} is not what mailferry wrote${place}`, {
    scope: "session",
    retry: "never",
    remedy: "Run the job again: that writes a new one.",
  });
}

const most = 1_000_000;
const text = z.string().transform((whole) => whole.slice(0, 2_000));
const count = z.int().nonnegative();
const code = z.string().regex(/^[A-Za-z0-9]{1,8}$/);
const path = z.array(text).max(1_000);
const exit = z.object({ code: z.int().min(0).max(255), name: z.string().max(20) });

const mailbox = z.object({
  path: path.min(1),
  onServer: count,
  inArchive: count,
  new: count,
  missing: count,
  kept: count,
  filtered: count,
  placed: count.optional(),
  source: path.min(1).optional(),
  altered: count.optional(),
  unkept: count.optional(),
  reflagged: count.optional(),
  twins: count.optional(),
});

const failure = z.object({ code, mailbox: path, key: text.optional(), reason: text });

const mapped = z.object({
  from: path,
  to: path,
  why: z.enum(["same", "map", "special-use", "name", "before", "renamed"]),
  exists: z.boolean(),
});

const error = z.object({
  code,
  message: text,
  remedy: text.optional(),
  trace: z.array(text).max(1_000).optional(),
});

const day = z.string().regex(/^\d{4}-\d\d-\d\d$/);

const pack = z.object({
  to: text,
  written: z.object({ file: text, octets: count, messages: count, sha256: text }).optional(),
  planned: text.optional(),
  notDueUntil: day.optional(),
  heldBack: text.optional(),
  kept: z.array(z.object({ file: text, why: z.array(text).max(10) })).max(most),
  removed: z.array(z.object({ file: text, why: text })).max(most),
  error: error.optional(),
});

/** Loose: what other versions add is left aside. Texts are cut, numbers are such as can be shown. */
const jobReport = z.object({
  name: text,
  verdict: z.enum(["safe", "incomplete", "failed", "rehearsal", "skipped"]),
  exit,
  from: text,
  to: text,
  startedAt: z.iso.datetime(),
  seconds: z.number().nonnegative().max(1e9),
  mailboxes: z.array(mailbox).max(most),
  messages: z.object({ copied: count, settled: count, failed: count }),
  octets: count,
  verified: z.object({ checked: count, intact: count }).optional(),
  failures: z.array(failure).max(most),
  notices: z.array(failure).max(most).optional(),
  mapping: z.array(mapped).max(most).optional(),
  pack: pack.optional(),
  error: error.optional(),
}) satisfies z.ZodType<JobReport>;
