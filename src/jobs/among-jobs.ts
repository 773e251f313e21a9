// What is wrong between the jobs of a file: names that are there twice, and folders that are for one thing only.

import type { Contradiction, GlimpsedJob, GlimpsedSource } from "./glimpse.ts";
import { quote } from "./mistakes.ts";
import { resolvePath } from "./places.ts";

/** Contradictions between jobs. Relative paths start from `baseDir`. */
export function amongJobs(jobs: readonly GlimpsedJob[], baseDir: string): Contradiction[] {
  return [...amongNames(jobs), ...amongArchives(jobs, baseDir), ...amongFolders(jobs, baseDir)];
}

function amongNames(jobs: readonly GlimpsedJob[]): Contradiction[] {
  const found: Contradiction[] = [];
  const names = new Map<string, number>();
  for (const [index, { name }] of jobs.entries()) {
    if (name === undefined) continue;
    const first = names.get(name);
    if (first === undefined) names.set(name, index);
    else {
      found.push({ path: ["jobs", index, "name"], message: `${quote(name)} is the name of jobs[${first}] already` });
    }
  }
  return found;
}

function amongArchives(jobs: readonly GlimpsedJob[], baseDir: string): Contradiction[] {
  const found: Contradiction[] = [];
  const archives = new Map<string, GlimpsedJob>();
  for (const [index, job] of jobs.entries()) {
    if (job.to?.archive === undefined) continue;
    const archive = resolvePath(baseDir, job.to.archive);
    const other = archives.get(archive);
    if (other === undefined) archives.set(archive, job);
    else if (differ(sourceOf(other.from, baseDir), sourceOf(job.from, baseDir))) {
      const what = typeof other.from === "string" && typeof job.from === "string" ? "account" : "source";
      const message = `${nameOf(other)} puts another ${what} into this archive; an archive holds one ${what}`;
      found.push({ path: ["jobs", index, "to", "archive"], message });
    } else if (differ(other.to?.format, job.to.format)) {
      const message = `${nameOf(other)} writes ${other.to?.format} into this archive; an archive has one format`;
      found.push({ path: ["jobs", index, "to", "format"], message });
    }
  }
  return found;
}

/** An archive is not begun in a folder that has files in it, and nobody expects letters among its own. */
function amongFolders(jobs: readonly GlimpsedJob[], baseDir: string): Contradiction[] {
  const archives = new Map<string, GlimpsedJob>();
  for (const job of jobs) {
    const read = typeof job.from === "object" && job.from.kind === "archive" ? job.from.path : undefined;
    for (const path of [read, job.to?.archive]) {
      if (path !== undefined) archives.set(resolvePath(baseDir, path), job);
    }
  }
  return jobs.flatMap((job, index) => {
    if (job.to?.keepRefused === undefined) return [];
    const owner = archives.get(resolvePath(baseDir, job.to.keepRefused));
    if (owner === undefined) return [];
    const message = `this is the archive of ${nameOf(owner)}; refused messages need a folder of their own`;
    return [{ path: ["jobs", index, "to", "keepRefused"], message }];
  });
}

/** The same for the same source only. */
function sourceOf(from: GlimpsedSource | undefined, baseDir: string): string | undefined {
  if (from === undefined || typeof from === "string") return from && `account ${from}`;
  return `${from.kind} ${resolvePath(baseDir, from.path)}`;
}

function nameOf({ name }: GlimpsedJob): string {
  return quote(name ?? "another job");
}

function differ(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b;
}
