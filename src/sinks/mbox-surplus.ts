// What lies in an mbox beyond its checkpoint: it was never committed, and comes again. It is kept beside the mbox, under names
// that no mail reader takes for a mailbox: `INBOX.mbox.tail-1`.

import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { MailferryError } from "../errors.ts";
import { partPath } from "../formats/mbox-parts.ts";
import { closeFile, createFile, renameFile, sync, syncDirectory, truncate, writeAll } from "../storage/durable.ts";
import { acquireLock } from "../storage/lock.ts";
import { sizeAt } from "../storage/mbox-end.ts";
import { readRange } from "../storage/read-range.ts";

/** Keeps the octets beyond the checkpoint in a file of their own and cuts them off. */
export async function moveTailAside(handle: FileHandle, path: string, length: number): Promise<void> {
  await using _dotLock = await lockForReaders(path);
  const aside = await freeName(path);
  const copy = await createFile(aside);
  try {
    let position = 0;
    for await (const chunk of readRange(handle, path, length)) {
      await writeAll(copy, aside, chunk, position);
      position += chunk.length;
    }
    await sync(copy, aside);
  } finally {
    await closeFile(copy);
  }
  await syncDirectory(dirname(path));
  await truncate(handle, path, length);
}

/**
 * The last one first: whoever dies over it leaves no gap, by which those behind it would not be found. A mail reader that has
 * one open goes on with it under its new name; a dot lock would stay behind where a run dies.
 */
export async function movePartsAside(path: string, parts: readonly number[]): Promise<void> {
  for (const part of [...parts].reverse()) {
    const file = partPath(path, part);
    // An empty one holds nothing to keep, and will be written to.
    if (((await sizeAt(file)) ?? 0) === 0) continue;
    await renameFile(file, await freeName(file));
    await syncDirectory(dirname(file));
  }
}

async function freeName(path: string): Promise<string> {
  for (let number = 1; ; number++) {
    const name = `${path}.tail-${number}`;
    if ((await sizeAt(name)) === undefined) return name;
  }
}

export async function lockForReaders(path: string): Promise<AsyncDisposable> {
  try {
    return await acquireLock(`${path}.lock`);
  } catch (error) {
    if (!(error instanceof MailferryError) || error.code !== "L801") throw error;
    throw new MailferryError("L801", error.message, {
      scope: "mailbox",
      retry: "now",
      remedy: "Close the mail program that has this mailbox open; if none has, remove this file.",
      cause: error,
    });
  }
}
