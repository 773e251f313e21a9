// The packs of one job in the folder where its packs lie, and what is remembered of them there:
//
//   VAULT/
//     nightly-2026-11-22T023000Z.tar.gz
//     nightly.packs.json    of which archive they are, and the size of each when it was written
//     nightly.packs.lock    while a run packs
//
// A file has the name of a pack only once it was read back whole, so a pack that nothing is remembered of, since a crash
// came between or somebody removed the memory, is as good as the others. Files with other names are none of ours.

import { lstat, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import { diskError } from "../storage/disk-error.ts";
import {
  isTemporaryName,
  listDirectory,
  makeDirectory,
  removeFile,
  replaceFile,
  syncDirectory,
} from "../storage/durable.ts";
import { acquireLock, type Lock } from "../storage/lock.ts";
import { namesIn } from "../storage/read-folder.ts";
import { type PackMemory, parsePackMemory, type RememberedPack } from "./pack-memory.ts";
import { otherStemOf, type PackName, parsePackName, stemOf } from "./pack-name.ts";

export interface FoundPack extends PackName {
  readonly file: string;
  readonly octets: number;
  /** Why it can't be counted as a pack, as the end of a sentence; undefined if it is as it was written. */
  readonly fault: string | undefined;
}

/** Whose packs: the job's name, and the `id` in the marker of its archive; undefined where there is none yet. */
export interface PackOwner {
  readonly job: string;
  readonly archive: string | undefined;
}

/** Of an archive that is there. */
export interface KnownOwner extends PackOwner {
  readonly archive: string;
}

export interface PackFolder {
  readonly directory: string;
  readonly owner: PackOwner;
  /** Undefined if it can't be told before the archive is made. */
  readonly stem: string | undefined;
  readonly memory: PackMemory | undefined;
  /** In no order. */
  readonly packs: readonly FoundPack[];
}

/** Looks for the packs of a job and changes nothing. A folder that is missing has none. */
export async function lookForPacks(directory: string, owner: PackOwner): Promise<PackFolder> {
  const { stem, memory } = await findStem(directory, owner);
  const folder = { directory, owner, stem, memory, packs: [] };
  if (stem === undefined) return folder;
  const remembered = new Map(memory?.packs.map((pack) => [pack.file, pack]));
  const packs: FoundPack[] = [];
  for (const file of await namesIn(directory)) {
    const name = parsePackName(file, stem);
    if (name === undefined) continue;
    const found = await examine(join(directory, file), remembered.get(file));
    if (found !== undefined) packs.push({ ...name, file, ...found });
  }
  return { ...folder, packs };
}

/** The usual stem, or where a job of the same name packs another archive into this folder, one that is this job's alone. */
async function findStem(directory: string, { job, archive }: PackOwner): Promise<Pick<PackFolder, "stem" | "memory">> {
  if (archive !== undefined) {
    const stem = otherStemOf(job, archive);
    const memory = await readMemory(directory, stem);
    if (memory !== undefined) return { stem, memory };
  }
  const stem = stemOf(job);
  const memory = await readMemory(directory, stem);
  if (memory === undefined || memory.archive === archive) return { stem, memory };
  return { stem: archive === undefined ? undefined : otherStemOf(job, archive), memory: undefined };
}

async function examine(
  path: string,
  remembered: RememberedPack | undefined,
): Promise<Pick<FoundPack, "octets" | "fault"> | undefined> {
  try {
    const found = await lstat(path);
    const octets = found.size;
    if (!found.isFile()) return { octets, fault: "is not a file" };
    if (octets === 0) return { octets, fault: "is empty" };
    if (remembered === undefined || remembered.octets === octets) return { octets, fault: undefined };
    return { octets, fault: `has ${octets} octets now and had ${remembered.octets} when it was written` };
  } catch (error) {
    // Somebody took it away meanwhile.
    if (codeOf(error) === "ENOENT") return undefined;
    throw diskError(error, path);
  }
}

const memoryPath = (directory: string, stem: string) => join(directory, `${stem}.packs.json`);
const lockEnd = ".packs.lock";
const mostOctets = 64 * 1024 * 1024;

async function readMemory(directory: string, stem: string): Promise<PackMemory | undefined> {
  const path = memoryPath(directory, stem);
  let text: string;
  try {
    text = (await stat(path)).size > mostOctets ? "" : await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw diskError(error, path);
  }
  const memory = parsePackMemory(text);
  if (memory !== undefined) return memory;
  throw new MailferryError("V902", `${printable(path)} is not what mailferry wrote`, {
    scope: "session",
    retry: "never",
    remedy: "Put it back from a copy, or remove it: it is written anew from the packs that are there.",
  });
}

/**
 * Makes the folder if it is missing, and takes the job's packs in it for this run alone. Rejects with L801 where another
 * run has them. What runs that died have left half-written is removed.
 */
export async function holdPacks(directory: string, stem: string): Promise<Lock> {
  await makeDirectory(directory);
  const lock = await acquireLock(join(directory, stem + lockEnd));
  try {
    await removeLeftovers(directory, stem);
    return lock;
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

/** Temporary files don't say whose they are: they stay while any other job packs into the folder, or died in it. */
async function removeLeftovers(directory: string, stem: string): Promise<void> {
  const leftovers = (await listDirectory(directory)).filter(isTemporaryName);
  if (leftovers.length === 0) return;
  // Looked at later than the files: whoever made one of them held a lock before, and holds it still or has no file.
  const others = (await listDirectory(directory)).filter((name) => name.endsWith(lockEnd) && name !== stem + lockEnd);
  if (others.length > 0) return;
  for (const name of leftovers) await removeFile(join(directory, name));
}

/**
 * Remembers that the packs are this owner's, and how large each is; `written` is one of them that this run has just written.
 * Durable when it resolves. The lock must be held.
 */
export async function rememberPacks(
  { directory, memory, packs }: PackFolder,
  stem: string,
  owner: KnownOwner,
  written?: RememberedPack,
): Promise<void> {
  const known = new Map(
    [...(memory?.packs ?? []), ...(written === undefined ? [] : [written])].map((pack) => [pack.file, pack]),
  );
  const remembered = packs.flatMap(
    ({ file, octets, fault }) => known.get(file) ?? (fault === undefined ? [{ file, octets }] : []),
  );
  const next: PackMemory = { ...owner, packs: remembered.toSorted((a, b) => (a.file < b.file ? -1 : 1)) };
  if (JSON.stringify(next) === JSON.stringify(memory)) return;
  await replaceFile(memoryPath(directory, stem), `${JSON.stringify(next, null, 1)}\n`);
}

/** Rejects with V902 unless the file is there and as large as it was when it was written. */
export async function proveThere(
  directory: string,
  { file, octets }: Pick<RememberedPack, "file" | "octets">,
): Promise<void> {
  const path = join(directory, file);
  const found = await examine(path, { file, octets });
  if (found?.fault === undefined && found !== undefined) return;
  throw new MailferryError("V902", `${printable(path)}, just written, ${found?.fault ?? "is gone"}`, {
    scope: "session",
    retry: "later",
    remedy: "Check the disk, and that nothing else changes this folder. No other pack was removed.",
  });
}

/** Removes packs, the first first; durable when it resolves. The lock must be held. */
export async function removePacks(directory: string, files: readonly string[]): Promise<void> {
  for (const file of files) await removeFile(join(directory, file));
  if (files.length > 0) await syncDirectory(directory);
}
