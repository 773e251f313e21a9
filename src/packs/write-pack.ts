// A dated, closed copy of a living archive. It is complete and proven before it has its name: written beside it, synced, and
// read back entry by entry.

import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { MailferryError } from "../errors.ts";
import { digestOf } from "../formats/digest.ts";
import { printable } from "../formats/printable.ts";
import { readArchive } from "../storage/archive.ts";
import { diskError } from "../storage/disk-error.ts";
import {
  closeFile,
  createFile,
  exists,
  makeDirectory,
  removeFile,
  renameFile,
  sync,
  syncDirectory,
} from "../storage/durable.ts";
import { readRange } from "../storage/read-range.ts";
import { archiveEntries } from "./archiver.ts";
import { readBack } from "./check-pack.ts";
import { countMessages, packContents } from "./contents.ts";
import type { PackFormat } from "./format.ts";
import { Manifest } from "./manifest.ts";
import type { PackEntry } from "./pack-entry.ts";
import { PackFile } from "./pack-file.ts";

export interface PackOrder {
  /** The folder of a living archive, whose lock the caller holds. */
  readonly archive: string;
  /** The file that the pack becomes. Its folder is made if it is missing. */
  readonly to: string;
  readonly as: PackFormat;
  readonly signal: AbortSignal;
}

export interface WrittenPack {
  readonly file: string;
  readonly octets: number;
  readonly messages: number;
  /** Of the whole file, in hexadecimal. */
  readonly sha256: string;
}

/**
 * The same content gives the same octets, with the same zlib. Nothing is ever replaced: where a file of this name holds the
 * same octets, it is the pack; where it holds others, D506. Throws V901 where the archive is damaged, D501 to D503 where the
 * disk can't take it; no part of it stays then.
 */
export async function writePack({ archive: directory, to, as, signal }: PackOrder): Promise<WrittenPack> {
  await using archive = await readArchive(directory);
  const messages = await countMessages(archive);
  const folder = dirname(resolve(to));
  await makeDirectory(folder);
  const temporary = join(folder, temporaryNameOf(resolve(directory)));
  await removeFile(temporary);
  try {
    const manifest = new Manifest();
    const { octets, sha256 } = await write(temporary, as, noted(packContents(archive), manifest), signal);
    await readBack(temporary, { as, sha256, manifest: manifest.digest(), messages }, signal);
    const pack = { file: to, octets, messages, sha256 };
    if (await exists(to)) {
      if ((await digestOfFile(to)) !== sha256) throw taken(to);
      await removeFile(temporary);
      // Whoever gave it its name may have died before that was on the disk.
      await syncDirectory(folder);
      return pack;
    }
    await renameFile(temporary, to);
    await syncDirectory(folder);
    return pack;
  } catch (error) {
    await removeFile(temporary).catch(() => undefined);
    throw asPackError(error);
  }
}

/**
 * The same for every pack of an archive, so that the next one clears away what a run that died has left. Only one is
 * written at a time: the archive's lock is held.
 */
function temporaryNameOf(directory: string): string {
  const digest = createHash("sha256").update(directory).digest("hex").slice(0, 16);
  return `.~${digest}.mailferry-tmp`;
}

async function* noted(entries: AsyncIterable<PackEntry>, manifest: Manifest): AsyncGenerator<PackEntry> {
  for await (const entry of entries) yield { ...entry, octets: () => manifest.take(entry.name, entry.octets()) };
}

async function write(
  path: string,
  as: PackFormat,
  entries: AsyncIterable<PackEntry>,
  signal: AbortSignal,
): Promise<{ readonly octets: number; readonly sha256: string }> {
  const handle = await createFile(path);
  try {
    const file = new PackFile(handle, path, as);
    await archiveEntries(as, entries, async (chunk) => {
      signal.throwIfAborted();
      await file.write(chunk);
    });
    const sealed = await file.seal();
    await sync(handle, path);
    return sealed;
  } finally {
    await closeFile(handle);
  }
}

async function digestOfFile(path: string): Promise<string> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    throw diskError(error, path);
  });
  try {
    return (await digestOf(readRange(handle, path, 0))).sha256;
  } finally {
    await closeFile(handle);
  }
}

function taken(to: string): MailferryError {
  return new MailferryError("D506", `${printable(to)} was not replaced: a file of this name is there already`, {
    scope: "session",
    retry: "never",
    remedy: "Give the pack another name, or move that file away.",
  });
}

/** What the remedy for a mailbox is, is none for a pack. */
function asPackError(error: unknown): unknown {
  if (!(error instanceof MailferryError) || error.code !== "D503") return error;
  const remedy = "Put the packs on a disk with another file system, such as exFAT, NTFS or ext4.";
  return new MailferryError("D503", error.message, { scope: "session", retry: "never", remedy, cause: error });
}
