// mbox files (RFC 4155, mboxrd quoting), appended to a batch at a time. The checkpoint is `{length, tailDigest}`: what
// lies beyond it was never committed and is moved aside; a file that does not reach it, or ends differently there, was
// changed by somebody else and is left alone.

import type { FileHandle } from "node:fs/promises";
import { lstat } from "node:fs/promises";
import { dirname } from "node:path";
import { codeOf, MailferryError } from "../errors.ts";
import { giveBack } from "../formats/give-back.ts";
import { entryForm, entryFrame, formatEntry, writeEntry } from "../formats/mboxrd.ts";
import { printable } from "../formats/printable.ts";
import type { Commit, Message, Place, Stored } from "../message.ts";
import { diskError } from "../storage/disk-error.ts";
import {
  closeFile,
  createFile,
  makeDirectory,
  openForWriting,
  sizeOf,
  sync,
  syncDirectory,
  takeBack,
  truncate,
  writeAll,
} from "../storage/durable.ts";
import { acquireLock } from "../storage/lock.ts";
import { digestTail } from "../storage/mbox-tail.ts";
import { readRange } from "../storage/read-range.ts";
import type { Spooled } from "../storage/spool.ts";
import { type BatchStore, createBatchWriter, type Pending } from "./batch-writer.ts";
import type { MailboxWriter, Since } from "./sink.ts";
import { unheardOf } from "./unheard-of.ts";

const writeOctets = 1024 * 1024;

/** Opens the mbox file at `path` for appending, creating it and the directories above it. */
export async function openMboxWriter(path: string, since?: Since): Promise<MailboxWriter> {
  const { length, tailDigest } = since?.checkpoint ?? { length: 0 };
  if (typeof length !== "number") throw changed(path, "its ledger is not that of an mbox");
  if (length > 0 && !(await exists(path))) throw changed(path, "it is missing");
  await makeDirectory(dirname(path));
  const handle = await openForWriting(path);
  try {
    const size = await sizeOf(handle, path);
    if (since === undefined && size > 0) throw unheardOf(path, "file");
    if (size < length) throw changed(path, "it is shorter than it was");
    if (since !== undefined && (await digestTail(handle, path, length)) !== tailDigest) {
      throw changed(path, "its end is not what was written");
    }
    if (size > length) await moveAside(handle, path, length);
    if (size === 0) await syncDirectory(dirname(path));
    return createBatchWriter(new MboxStore(path, handle, length));
  } catch (error) {
    await closeFile(handle);
    throw error;
  }
}

class MboxStore implements BatchStore {
  readonly spoolDirectory: string;
  readonly #path: string;
  readonly #handle: FileHandle;
  /** All up to here is committed. */
  #length: number;
  readonly #output: Output;

  constructor(path: string, handle: FileHandle, length: number) {
    this.spoolDirectory = dirname(path);
    this.#path = path;
    this.#handle = handle;
    this.#length = length;
    this.#output = new Output(handle, path);
  }

  async store(pending: readonly Pending[]): Promise<Commit> {
    const stored = pending.length === 0 ? [] : await this.#write(pending);
    const tailDigest = await digestTail(this.#handle, this.#path, this.#length, () =>
      changed(this.#path, "it became shorter"),
    );
    return { checkpoint: { length: this.#length, tailDigest }, stored, failed: [] };
  }

  release(): Promise<void> {
    this.#output.free();
    return closeFile(this.#handle);
  }

  /** Mail readers honour the dot lock; what they did since the last commit shows in the length. */
  async #write(pending: readonly Pending[]): Promise<Stored[]> {
    await using _dotLock = await lockForReaders(this.#path);
    await this.#refuseIfChanged();
    const output = this.#output;
    output.begin(this.#length);
    try {
      const stored: Stored[] = [];
      for (const { message, spooled } of pending) stored.push(await appendEntry(output, message, spooled));
      await output.flush();
      await sync(this.#handle, this.#path);
      this.#length = output.position;
      return stored;
    } catch (error) {
      // Whatever of it is on the disk lies beyond the checkpoint; giving the room back now is a courtesy.
      await takeBack(this.#handle, this.#length);
      throw error;
    }
  }

  async #refuseIfChanged(): Promise<void> {
    try {
      const { size, ino, dev } = await this.#handle.stat();
      const named = await lstat(this.#path).catch(unlessMissing);
      if (size === this.#length && named?.ino === ino && named.dev === dev) return;
    } catch (error) {
      throw diskError(error, this.#path);
    }
    throw changed(this.#path, "another program changed it during this run");
  }
}

async function appendEntry(output: Output, message: Message, spooled: Spooled): Promise<Stored> {
  const { key, flags, internalDate } = message;
  const { size, sha256, octets, survey } = spooled;
  const offset = output.position;
  const form = entryForm(survey);
  const room = octets === undefined ? undefined : await output.room(octets.length + entryFrame);
  const length = octets && room && writeEntry(room, octets, form, internalDate);
  if (length !== undefined) output.advance(length);
  else for await (const chunk of formatEntry(spooled.chunks(), form, internalDate)) await output.write(chunk);
  const place: Place = {
    offset,
    length: output.position - offset,
    ...(form.verbatim ? { verbatim: true } : {}),
    ...(form.addedNewline ? { addedNewline: true } : {}),
  };
  return { key, size, sha256, place, flags, internalDate };
}

/** Gathers small writes into large ones. */
class Output {
  position = 0;
  readonly #handle: FileHandle;
  readonly #path: string;
  #gathered = Buffer.allocUnsafeSlow(writeOctets);
  #length = 0;

  constructor(handle: FileHandle, path: string) {
    this.#handle = handle;
    this.#path = path;
  }

  begin(position: number): void {
    this.position = position;
    this.#length = 0;
  }

  free(): void {
    giveBack(this.#gathered);
  }

  async write(octets: Uint8Array): Promise<void> {
    (await this.room(octets.length)).set(octets);
    this.advance(octets.length);
  }

  /** Where the next octets go: at least so many fit. Good until the next call. */
  async room(octets: number): Promise<Buffer> {
    if (octets > this.#gathered.length - this.#length) await this.flush();
    if (octets > this.#gathered.length) this.#gathered = Buffer.allocUnsafeSlow(octets);
    return this.#gathered.subarray(this.#length);
  }

  /** So many octets were put there. */
  advance(octets: number): void {
    this.#length += octets;
    this.position += octets;
  }

  async flush(): Promise<void> {
    const octets = this.#gathered.subarray(0, this.#length);
    this.#length = 0;
    await writeAll(this.#handle, this.#path, octets, this.position - octets.length);
  }
}

/** Keeps the octets beyond the checkpoint in a file of their own and cuts them off. */
async function moveAside(handle: FileHandle, path: string, length: number): Promise<void> {
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

async function freeName(path: string): Promise<string> {
  for (let number = 1; ; number++) {
    const name = `${path}.tail-${number}`;
    if (!(await exists(name))) return name;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await lstat(path).catch(unlessMissing)) !== undefined;
  } catch (error) {
    throw diskError(error, path);
  }
}

function unlessMissing(error: unknown): undefined {
  if (codeOf(error) !== "ENOENT") throw error;
}

async function lockForReaders(path: string): Promise<AsyncDisposable> {
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

function changed(path: string, how: string): MailferryError {
  return new MailferryError("V901", `${printable(path)} was not touched: ${how}`, {
    scope: "mailbox",
    retry: "never",
    remedy:
      "mailferry verify ARCHIVE --repair mends it, and keeps aside what was there. Or put it back as it was, or move both it and its ledger out of the archive; then run again.",
  });
}
