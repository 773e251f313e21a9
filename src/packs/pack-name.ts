// What a pack is called: `nightly-2026-11-22T023000Z.tar.gz`, the job's stem and the instant its run began, in UTC. Names
// say all that decides about a pack, so that nothing is lost with whatever else is remembered of it. They are plain ASCII
// without a colon, for every file system.

import { createHash } from "node:crypto";

import type { PackFormat } from "./format.ts";

export interface PackName {
  /** Of the job; see `stemOf`. */
  readonly stem: string;
  /** To the second. */
  readonly at: Date;
  readonly as: PackFormat;
}

const longestStem = 64;
const plain = /^[a-z0-9_][a-z0-9._@+-]*$/;

/**
 * The beginning of the names of a job's packs, the job's own name where that will do. Any other name becomes one that will,
 * with a digest of it behind a `~`, which no plain name has: two jobs never have the same stem, even where upper and lower
 * case are one.
 */
export function stemOf(job: string): string {
  return job.length <= longestStem && plain.test(job) ? job : `${slugOf(job)}~${shortDigest(job)}`;
}

/** The stem of a job whose usual one is taken in this folder, by a job of the same name that packs another archive. */
export function otherStemOf(job: string, archive: string): string {
  return `${slugOf(job)}~${shortDigest(JSON.stringify([job, archive]))}`;
}

function slugOf(job: string): string {
  const ascii = job.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  const slug = ascii.replaceAll(/[^a-z0-9._@+-]+/g, "_").slice(0, longestStem);
  return plain.test(slug) ? slug : `_${slug}`;
}

function shortDigest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

export function formatPackName({ stem, at, as }: PackName): string {
  const instant = at.toISOString().replace(/\.\d+Z$/, "Z");
  return `${stem}-${instant.replaceAll(/(?<=T.*):/g, "")}.${as}`;
}

/** Undefined for what is no pack with this stem: nothing else is ever counted or removed. */
export function parsePackName(name: string, stem: string): PackName | undefined {
  if (!name.startsWith(`${stem}-`)) return undefined;
  const rest = name.slice(stem.length + 1);
  const [, day, hour, minute, second, as] = /^(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)(\d\d)Z\.(zip|tar\.gz)$/.exec(rest) ?? [];
  const at = new Date(`${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(at.getTime())) return undefined;
  const parsed = { stem, at, as: as as PackFormat };
  // 30 February and 24:00 are instants to Date, under other names.
  return formatPackName(parsed) === name ? parsed : undefined;
}
