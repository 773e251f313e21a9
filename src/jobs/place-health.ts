// A place that mail is written to, as it is found: nothing stays changed there.

import { platform } from "node:os";
import { dirname, join, resolve } from "node:path";
import { readMarker } from "../storage/archive.ts";
import { exists } from "../storage/durable.ts";
import { type FileSystem, fileSystemOf } from "../storage/file-system.ts";
import { type FreeSpace, freeSpace } from "../storage/free-space.ts";
import { isLeftBehind } from "../storage/lock.ts";
import { type DiskTrial, tryDisk } from "../storage/try-disk.ts";
import { checkStillThere } from "./known-archives.ts";

export { knownArchives } from "./known-archives.ts";

export interface PlaceHealth {
  /** False where the first run makes it: then all else is about the nearest folder above that is there. */
  readonly isThere: boolean;
  readonly fileSystem: FileSystem;
  readonly free: FreeSpace | undefined;
  /** Or what the disk refused: a MailferryError. */
  readonly trial: DiskTrial | { readonly error: unknown };
}

export async function placeHealth(path: string): Promise<PlaceHealth> {
  const isThere = await exists(path).catch(() => false);
  const folder = isThere ? path : await folderAbove(path);
  return {
    isThere,
    fileSystem: fileSystemOf(folder, platform() === "linux"),
    free: freeSpace(folder),
    trial: await tryDisk(folder).catch((error: unknown) => ({ error })),
  };
}

async function folderAbove(path: string): Promise<string> {
  let folder = dirname(resolve(path));
  while (dirname(folder) !== folder && !(await exists(folder).catch(() => false))) folder = dirname(folder);
  return folder;
}

export interface ArchiveHealth {
  readonly isArchive: boolean;
  /** A run has died here; the next one takes over. */
  readonly hasDeadLock: boolean;
}

/** Rejects with the error that a run would have: the archive is gone, or something else is there. */
export async function archiveHealth(directory: string, stateDirectory: string): Promise<ArchiveHealth> {
  await checkStillThere(stateDirectory, directory);
  return {
    isArchive: (await readMarker(directory)) !== undefined,
    hasDeadLock: await isLeftBehind(join(directory, "mailferry.lock")),
  };
}
