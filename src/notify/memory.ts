// What was told of a job last, and when, so that it is told once and then once a day, whatever restarts.
//
//   STATE/jobs/NAME-DIGEST/notify.json
//
// It may have been changed since, by anybody, or be gone: then something is told once more.

import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { codeOf } from "../errors.ts";
import { moveIdentity } from "../jobs/identity.ts";
import type { Job } from "../jobs/job.ts";
import { diskError } from "../storage/disk-error.ts";
import { makeDirectory, replaceFile } from "../storage/durable.ts";
import { memoryOf } from "../storage/job-memory.ts";
import { troubles } from "./news.ts";

const instant = z.iso.datetime();

const told = z.object({
  /** The worst that was told. */
  trouble: z.enum(troubles),
  at: instant,
  /** When a reminder is due. */
  next: instant,
});

const memory = z.object({
  /** When the trouble began. */
  since: instant.optional(),
  /** By channel; those to whom nothing is owed are not in it. */
  told: z.record(z.string().max(20), told),
});

export type Told = z.output<typeof told>;
export type Memory = z.output<typeof memory>;

const nothing: Memory = { told: {} };
const longest = 64 * 1024;

type Identity = Pick<Job, "name" | "from" | "to">;

function pathOf(job: Identity, stateDirectory: string): string {
  return join(memoryOf(stateDirectory, moveIdentity(job)), "notify.json");
}

export async function readMemory(job: Identity, stateDirectory: string): Promise<Memory> {
  const path = pathOf(job, stateDirectory);
  try {
    const text = await readFile(path, "utf8");
    const parsed = memory.safeParse(text.length > longest ? undefined : JSON.parse(text));
    return parsed.success ? parsed.data : nothing;
  } catch (error) {
    if (codeOf(error) === "ENOENT" || error instanceof SyntaxError) return nothing;
    throw diskError(error, path);
  }
}

/** Durable when it resolves. What is the same as before is not written. */
export async function writeMemory(job: Identity, before: Memory, after: Memory, stateDirectory: string): Promise<void> {
  const text = (one: Memory) => `${JSON.stringify({ v: 1, ...one }, null, 2)}\n`;
  if (text(before) === text(after)) return;
  const path = pathOf(job, stateDirectory);
  await makeDirectory(dirname(path));
  await replaceFile(path, text(after));
}
