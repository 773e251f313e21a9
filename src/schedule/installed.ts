// What was installed for a job file, so that exactly that can be removed.
//
//   STATE/schedule/installed-DIGEST.json

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { makeDirectory, removeFile, replaceFile } from "../storage/durable.ts";
import { readText } from "../storage/read-text.ts";
import { digestOf, type ScheduleFile } from "./order.ts";

export const schedulers = ["systemd", "launchd", "cron"] as const;
export type Scheduler = (typeof schedulers)[number];

const installed = z.object({
  v: z.literal(1),
  jobFile: z.string(),
  scheduler: z.enum(schedulers),
  files: z.array(z.object({ path: z.string().startsWith("/"), sha256: z.string() })),
});

export type Installed = z.output<typeof installed>;

/** Undefined if nothing is, or nothing that can be understood. */
export async function readInstalled(stateDirectory: string, jobFile: string): Promise<Installed | undefined> {
  try {
    return installed.parse(JSON.parse(await readFile(pathOf(stateDirectory, jobFile), "utf8")));
  } catch {
    return undefined;
  }
}

/**
 * Writes the files. What they are is remembered first, beside what was there before: nothing that was written is ever
 * unknown. Returns the files of before that are not among them; the caller removes these, then calls `keepOnly`.
 */
export async function installFiles(
  stateDirectory: string,
  jobFile: string,
  scheduler: Scheduler,
  files: readonly ScheduleFile[],
): Promise<Installed["files"]> {
  const before = (await readInstalled(stateDirectory, jobFile))?.files ?? [];
  const written = files.map(({ path, text }) => ({ path, sha256: sha256(text) }));
  const others = before.filter(({ path }) => !written.some((file) => file.path === path));
  await remember(stateDirectory, { v: 1, jobFile, scheduler, files: [...written, ...others] });
  for (const { path, text } of files) {
    await makeDirectory(dirname(path));
    await replaceFile(path, text);
  }
  return others;
}

export async function keepOnly(
  stateDirectory: string,
  jobFile: string,
  scheduler: Scheduler,
  files: readonly ScheduleFile[],
): Promise<void> {
  const written = files.map(({ path, text }) => ({ path, sha256: sha256(text) }));
  await remember(stateDirectory, { v: 1, jobFile, scheduler, files: written });
}

/** Removes those that are as they were written. Returns those that somebody has changed since: they are left. */
export async function removeFiles(files: Installed["files"]): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const { path, sha256: wanted } of files) {
    const text = await readText(path);
    if (text === undefined) continue;
    if (sha256(text) === wanted) await removeFile(path);
    else changed.push(path);
  }
  return changed;
}

export function forgetInstalled(stateDirectory: string, jobFile: string): Promise<void> {
  return removeFile(pathOf(stateDirectory, jobFile));
}

async function remember(stateDirectory: string, what: Installed): Promise<void> {
  const path = pathOf(stateDirectory, what.jobFile);
  await makeDirectory(dirname(path));
  await replaceFile(path, `${JSON.stringify(what, null, 2)}\n`);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function pathOf(stateDirectory: string, jobFile: string): string {
  return join(stateDirectory, "schedule", `installed-${digestOf([jobFile])}.json`);
}
