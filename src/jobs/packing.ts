// The packs of a job at the end of its run, while the archive is still locked: one is written if it is due, and then those
// go that the rules don't keep. In that order: nothing is removed before the new pack lies there, read back whole.

import { join } from "node:path";
import type { MailferryError } from "../errors.ts";
import { faultOf } from "../packs/pack-fault.ts";
import {
  holdPacks,
  type KnownOwner,
  lookForPacks,
  type PackFolder,
  proveThere,
  rememberPacks,
  removePacks,
} from "../packs/pack-folder.ts";
import type { RememberedPack } from "../packs/pack-memory.ts";
import { parsePackName } from "../packs/pack-name.ts";
import { freeName, judgePacks, notDueUntil, type PackRules } from "../packs/pack-plan.ts";
import { readMarker } from "../storage/archive.ts";
import type { PackReport, Reporter } from "./events.ts";
import type { Job, PackPlan } from "./job.ts";
import { checkPacksStillThere, rememberPackFolder } from "./known-packs.ts";

export interface PackContext {
  /** When the run began: packs are dated by it. */
  readonly startedAt: Date;
  readonly dryRun: boolean;
  readonly stateDirectory: string | undefined;
  readonly signal: AbortSignal;
  readonly report: Reporter;
  /** Why no pack is to be made of the archive as it is, as a clause; undefined if nothing speaks against it. */
  readonly obstacle: string | undefined;
}

export interface PackOutcome {
  readonly report: PackReport;
  /** What went wrong with the packs. The mail is as safe as it was. */
  readonly error: unknown;
}

/** A job that writes to an archive. */
export type ArchiveJob = Pick<Job, "name" | "timeZone" | "retention"> & { readonly to: { readonly archive: string } };

/** Packs and prunes, or says what it would do. Never rejects: what went wrong is in the outcome. */
export async function packArchive(job: ArchiveJob, plan: PackPlan, context: PackContext): Promise<PackOutcome> {
  const course: Course = { report: { to: plan.to, kept: [], removed: [] } };
  let error: unknown;
  try {
    error = await follow(job, plan, context, course);
  } catch (failure) {
    error = failure;
  }
  // A run that is told to stop in the middle of a pack has no pack, and nothing else has gone wrong.
  return { report: course.report, error: context.signal.aborted ? undefined : error };
}

interface Course {
  report: PackReport;
}

/** Resolves to what is wrong with packs of earlier runs, if anything is. */
async function follow(
  job: ArchiveJob,
  plan: PackPlan,
  context: PackContext,
  course: Course,
): Promise<MailferryError | undefined> {
  const { startedAt, dryRun, obstacle, stateDirectory } = context;
  const archive = (await readMarker(job.to.archive))?.id;
  const rules = { every: plan.every, keep: job.retention, timeZone: job.timeZone };
  const folder = await lookForPacks(plan.to, { job: job.name, archive });
  await checkPacksStillThere(stateDirectory, folder);
  const until = notDueUntil(folder.packs, startedAt, rules);
  if (dryRun && until === undefined && obstacle === undefined) course.report = rehearse(folder, plan, startedAt, rules);
  else course.report = { to: plan.to, ...standing(folder, startedAt, rules), removed: [] };
  if (until !== undefined) course.report = { ...course.report, notDueUntil: until };
  else if (obstacle !== undefined) course.report = { ...course.report, heldBack: obstacle };
  else if (!dryRun) return write(job, plan, context, course, { job: job.name, archive: archive ?? "" }, rules);
  // A run that died when it had written its pack has not come to remove what that makes needless.
  if (until !== undefined && !dryRun && obstacle === undefined && archive !== undefined && hasUnknown(folder)) {
    const { stem = "" } = folder;
    await using _lock = await holdPacks(plan.to, stem);
    return await prune(plan, startedAt, stem, { job: job.name, archive }, rules, course);
  }
  return faultOf(folder);
}

/** True if a pack is there that is not remembered: whoever packs remembers it, and what stays, before anything goes. */
function hasUnknown({ memory, packs }: PackFolder): boolean {
  if (memory === undefined) return false;
  const known = new Set(memory.packs.map(({ file }) => file));
  return packs.some(({ file, fault }) => fault === undefined && !known.has(file));
}

/** The packs that are there: all of them stay until a new one is written. */
function standing(folder: PackFolder, at: Date, rules: PackRules): Pick<PackReport, "kept"> {
  return { kept: judgePacks(folder.packs, at, { ...rules, keep: undefined }).kept };
}

function rehearse(folder: PackFolder, { to, as }: PackPlan, startedAt: Date, rules: PackRules): PackReport {
  const { stem, packs } = folder;
  if (stem === undefined) return { to, planned: "", kept: [], removed: [] };
  const planned = freeName(packs, stem, startedAt, as);
  const at = parsePackName(planned, stem)?.at ?? startedAt;
  return { to, planned, ...judgePacks([...packs, { file: planned, at, fault: undefined }], at, rules) };
}

async function write(
  job: ArchiveJob,
  plan: PackPlan,
  context: PackContext,
  course: Course,
  owner: KnownOwner,
  rules: PackRules,
): Promise<MailferryError | undefined> {
  const { startedAt, signal, report, stateDirectory } = context;
  const { to, as } = plan;
  const { stem = "" } = await lookForPacks(to, owner);
  await using _lock = await holdPacks(to, stem);
  const before = await lookForPacks(to, owner);
  // Another archive's job of the same name has taken the stem meanwhile.
  if (before.stem !== stem) return write(job, plan, context, course, owner, rules);
  const { writePack } = await loadWriter();
  // Said before there is a pack, so that no other archive's job takes it for its own.
  await rememberPacks(before, stem, owner);
  await rememberPackFolder(stateDirectory, before);

  const file = freeName(before.packs, stem, startedAt, as);
  report({ type: "packing", job: job.name, file });
  const { octets, messages, sha256 } = await writePack({ archive: job.to.archive, to: join(to, file), as, signal });
  const at = parsePackName(file, stem)?.at ?? startedAt;
  const written = { file, octets, sha256 };
  course.report = { ...course.report, written: { ...written, messages } };
  return await prune(plan, at, stem, owner, rules, course, written);
}

/** Removes what the rules don't keep of the packs that are there; `written` is one of them that this run has written. */
async function prune(
  { to }: PackPlan,
  at: Date,
  stem: string,
  owner: KnownOwner,
  rules: PackRules,
  course: Course,
  written?: RememberedPack,
): Promise<MailferryError | undefined> {
  const after = await lookForPacks(to, owner);
  const { kept, removed } = judgePacks(after.packs, at, rules);
  const goes = new Set(removed.map((each) => each.file));
  const stays = after.packs.filter((each) => !goes.has(each.file));
  await rememberPacks({ ...after, packs: stays }, stem, owner, written);
  course.report = { ...course.report, ...standing(after, at, rules), removed: [] };

  if (written !== undefined) await proveThere(to, written);
  // The oldest first: whenever this ends, what is there is what an earlier run would have left, or more.
  try {
    await removePacks(to, [...goes].reverse());
    course.report = { ...course.report, kept, removed };
  } catch (error) {
    const left = await lookForPacks(to, owner);
    const isGone = ({ file: name }: { readonly file: string }) => left.packs.every((each) => each.file !== name);
    course.report = { ...course.report, ...standing(left, at, rules), removed: removed.filter(isGone) };
    throw error;
  }
  return faultOf(after);
}

/** By itself: in a function with `await using`, tsc 6.0.3 leaves the name of what is imported as it is. */
function loadWriter(): Promise<typeof import("../packs/write-pack.ts")> {
  return import("../packs/write-pack.ts");
}
