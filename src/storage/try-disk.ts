// Whether a disk does what an archive asks of it, tried in a folder of our own that is gone again afterwards.

import { dirname, join } from "node:path";
import {
  createFile,
  exists,
  makeDirectory,
  removeDirectory,
  removeFile,
  renameFile,
  replaceFile,
  syncDirectory,
  temporaryName,
} from "./durable.ts";

export interface DiskTrial {
  /** `a` and `A` are one file. */
  readonly foldsCase: boolean;
  /** Names of Maildir files, such as `1.a:2,S`, are taken as they are. */
  readonly takesColons: boolean;
  /** Names of 255 octets are. */
  readonly takesLongNames: boolean;
}

/**
 * Writes, syncs, renames, looks and removes in a new folder in `directory`, which is there. Rejects with what the disk
 * refused of what no archive can do without.
 */
export async function tryDisk(directory: string): Promise<DiskTrial> {
  const folder = join(directory, temporaryName());
  await makeDirectory(folder);
  const made = new Set<string>();
  const make = async (name: string) => {
    const path = join(folder, name);
    const handle = await createFile(path);
    await handle.close();
    made.add(path);
    return exists(path);
  };
  const takes = (name: string) => make(name).catch(() => false);
  try {
    const path = join(folder, "first");
    made.add(path);
    await replaceFile(path, "mailferry doctor\n");
    await renameFile(path, join(folder, "second"));
    made.add(join(folder, "second"));
    await syncDirectory(folder);
    return {
      foldsCase: await exists(join(folder, "SECOND")),
      takesColons: await takes("1.a:2,S"),
      takesLongNames: await takes("n".repeat(255)),
    };
  } finally {
    for (const path of made) await removeFile(path).catch(() => undefined);
    await removeDirectory(folder).catch(() => undefined);
    await syncDirectory(dirname(folder)).catch(() => undefined);
  }
}
