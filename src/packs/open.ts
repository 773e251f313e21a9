import { stat } from "node:fs/promises";
import { readArchive } from "../storage/archive.ts";
import type { ReadableArchive } from "../storage/readable.ts";

/** Opens the folder of an archive, or a pack of one, for reading only. The caller disposes of it. */
export async function openReadable(path: string): Promise<ReadableArchive> {
  return (await isFile(path)) ? (await import("./read-pack.ts")).readPack(path) : readArchive(path);
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isFile(),
    () => false,
  );
}
