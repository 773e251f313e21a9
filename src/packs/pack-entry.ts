// A file or a folder on its way into a pack.

import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { codeOf, MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import type { Archive } from "../storage/archive.ts";
import { diskError } from "../storage/disk-error.ts";
import { closeFile } from "../storage/durable.ts";
import { readRange } from "../storage/read-range.ts";
import { parseEntryName } from "./entry-names.ts";

/** Of a file in the pack, or of a folder: its name ends with a slash then. */
export interface PackEntry {
  readonly name: string;
  readonly date: Date;
  readonly size: number;
  /** Exactly `size` of them, or it throws. To be read before the next entry is asked for. */
  octets(): AsyncIterable<Buffer>;
}

export interface Contents {
  readonly archive: Archive;
  /** Of all that has no date of its own: when a file was written says nothing of what is in it. */
  readonly date: Date;
}

/** Nothing where there is no such file. */
export async function* fileEntry(path: string, name: string, date?: Date): AsyncGenerator<PackEntry, void, undefined> {
  const handle = await openFile(path);
  if (handle !== undefined) yield* handleEntry(handle, path, name, date);
}

/** Takes the handle over. Without a date it has the file's own. Nothing for what is no file. */
export async function* handleEntry(
  handle: FileHandle,
  path: string,
  name: string,
  date?: Date,
): AsyncGenerator<PackEntry, void, undefined> {
  try {
    const status = await handle.stat().catch((error: unknown) => {
      throw diskError(error, path);
    });
    if (!status.isFile()) return;
    if (parseEntryName(name) === undefined) throw unfit(path);
    const changed = (end: number) => shortened(path, end);
    yield {
      name,
      date: date ?? new Date(Math.floor(status.mtimeMs / 1000) * 1000),
      size: status.size,
      octets: () => readRange(handle, path, 0, status.size, changed),
    };
  } finally {
    await closeFile(handle);
  }
}

export function folderEntry(name: string, date: Date): PackEntry {
  return { name, date, size: 0, async *octets() {} };
}

/** Whatever lies there, nobody waits for a pipe. Undefined if nothing does. */
export async function openFile(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw diskError(error, path);
  }
}

function unfit(path: string): MailferryError {
  return new MailferryError("D504", `${printable(path)}: this name can't be put into a pack`, {
    scope: "session",
    retry: "never",
    remedy: "Rename the file; it is none of those that mailferry wrote.",
  });
}

function shortened(path: string, end: number): MailferryError {
  return new MailferryError("V901", `${printable(path)} ended at octet ${end} while it was packed`, {
    scope: "session",
    retry: "later",
  });
}
