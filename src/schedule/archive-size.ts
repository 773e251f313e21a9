// How large a job's archive is: the octets of its messages, added up from its ledgers once after each run that brought
// something, and remembered, so that it is known at once and with the disk unplugged.
//
//   STATE/jobs/NAME-DIGEST/
//     size.json             octets, and the run after which they were counted

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { moveIdentity } from "../jobs/identity.ts";
import type { Job } from "../jobs/job.ts";
import { listArchive } from "../jobs/listing.ts";
import type { RunRecord } from "../jobs/run-record.ts";
import { replaceFile } from "../storage/durable.ts";
import { memoryOf } from "../storage/job-memory.ts";
import { hasListed } from "./warnings.ts";

const remembered = z.object({ v: z.literal(1), run: z.string(), octets: z.int().nonnegative() });

/** As it was after the newest run that is known; undefined where there is no archive, or it can't be read and never was. */
export async function archiveSize(
  job: Pick<Job, "name" | "from" | "to">,
  runs: readonly RunRecord[],
  stateDirectory: string,
): Promise<number | undefined> {
  if (!("archive" in job.to)) return undefined;
  // Where none brought anything, all of it was there before the first.
  const run = (runs.findLast(({ totals }) => totals.new > 0) ?? runs.find(hasListed))?.startedAt;
  if (run === undefined) return undefined;
  const path = join(memoryOf(stateDirectory, moveIdentity(job)), "size.json");
  const known = await readSize(path);
  if (known?.run === run) return known.octets;
  // Unplugged, or damaged: what was known is better than nothing, and whether it is damaged, verify says.
  const listing = await listArchive(job.to.archive).catch(() => undefined);
  if (listing === undefined) return known?.octets;
  const octets = listing.mailboxes.reduce((sum, mailbox) => sum + mailbox.octets, 0);
  // It can be counted again.
  await replaceFile(path, `${JSON.stringify({ v: 1, run, octets })}\n`).catch(() => undefined);
  return octets;
}

async function readSize(path: string): Promise<z.output<typeof remembered> | undefined> {
  try {
    return remembered.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return undefined;
  }
}
