// Which archives exist, remembered outside of them: an empty mount point where one was is a disk that isn't plugged in,
// not a new archive.

import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import { type Archive, readMarker } from "../storage/archive.ts";
import { makeDirectory, replaceFile } from "../storage/durable.ts";
import { namesIn } from "../storage/read-folder.ts";
import { readText } from "../storage/read-text.ts";

interface Memory {
  readonly directory: string;
  readonly id: string;
}

/** Rejects with D502 if an archive was here and isn't any more. */
export async function checkStillThere(stateDirectory: string | undefined, directory: string): Promise<void> {
  if (stateDirectory === undefined) return;
  const path = memoryPath(stateDirectory, directory);
  if ((await readMemory(path)) === undefined || (await readMarker(directory)) !== undefined) return;
  throw new MailferryError("D502", `${printable(directory)}: the archive that was here is gone`, {
    scope: "session",
    retry: "later",
    remedy: `Plug in or mount the disk; if you removed the archive on purpose, remove ${printable(path)} too.`,
  });
}

export async function rememberArchive(stateDirectory: string | undefined, archive: Archive): Promise<void> {
  if (stateDirectory === undefined) return;
  const path = memoryPath(stateDirectory, archive.directory);
  if ((await readMemory(path))?.id === archive.marker.id) return;
  const memory: Memory = { directory: archive.directory, id: archive.marker.id };
  await makeDirectory(join(stateDirectory, "archives"));
  await replaceFile(path, `${JSON.stringify(memory)}\n`);
}

/** The folders of all archives that are known, in no order. What can't be read there is passed over. */
export async function knownArchives(stateDirectory: string): Promise<readonly string[]> {
  const folder = join(stateDirectory, "archives");
  const names = (await namesIn(folder).catch(() => [])).filter((name) => name.endsWith(".json"));
  const memories = await Promise.all(names.map((name) => readMemory(join(folder, name)).catch(() => undefined)));
  // Anybody may have changed them.
  return memories.flatMap((memory) => (typeof memory?.directory === "string" ? [memory.directory] : []));
}

/** By what id the archive in this folder is known; undefined if none was. */
export async function recallArchive(stateDirectory: string, directory: string): Promise<string | undefined> {
  return (await readMemory(memoryPath(stateDirectory, directory)))?.id;
}

/** Undefined if there is none. Rejects if it can't be read: who knows what it says. */
async function readMemory(path: string): Promise<Memory | undefined> {
  const text = await readText(path);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Memory;
  } catch {
    return undefined;
  }
}

function memoryPath(stateDirectory: string, directory: string): string {
  const name = createHash("sha256").update(resolve(directory)).digest("hex").slice(0, 32);
  return join(stateDirectory, "archives", `${name}.json`);
}
