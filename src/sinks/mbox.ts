// mbox files (RFC 4155, mboxrd quoting), appended to a batch at a time. The checkpoint is `{length, tailDigest}`: what
// lies beyond it was never committed and is moved aside; a file that does not reach it, or ends differently there, was
// changed by somebody else and is left alone.
//
// Where the disk can't hold a larger file, the mbox goes on in a further one, between two messages (formats/mbox-parts.ts).
// The checkpoint is then of the last part, and has the ends of those before it: they are complete, and as they were, or
// changed by somebody else. A part behind the checkpoint's was never committed.

import { lstat } from "node:fs/promises";
import { dirname } from "node:path";
import { codeOf, MailferryError } from "../errors.ts";
import { mostParts, partPath } from "../formats/mbox-parts.ts";
import { printable } from "../formats/printable.ts";
import { formatSize } from "../formats/sizes.ts";
import type { Commit, Failure, Message, Stored } from "../message.ts";
import { diskError } from "../storage/disk-error.ts";
import {
  closeFile,
  makeDirectory,
  openForWriting,
  removeFile,
  sizeOf,
  sync,
  syncDirectory,
  takeBack,
  truncate,
} from "../storage/durable.ts";
import { largestFile } from "../storage/file-limit.ts";
import { type FileEnd, faultOfClosed, formatEnd, noEnd, partsBehind, readEnd, sizeAt } from "../storage/mbox-end.ts";
import { digestTail } from "../storage/mbox-tail.ts";
import { type BatchStore, createBatchWriter, type Pending } from "./batch-writer.ts";
import { FileIsFull, Output, type OutputFile } from "./mbox-output.ts";
import { lockForReaders, movePartsAside, moveTailAside } from "./mbox-surplus.ts";
import type { MailboxWriter, Since } from "./sink.ts";
import { unheardOf } from "./unheard-of.ts";

export interface MboxOptions {
  /** Octets that no file is to exceed; what the file system tells, if not given. */
  readonly fileLimit?: number | undefined;
  /** Resolves when there may be a second file. */
  readonly admitParts?: (() => Promise<void>) | undefined;
}

/** Opens the mbox whose first file is at `path` for appending, creating it and the directories above it. */
export async function openMboxWriter(path: string, since?: Since, options: MboxOptions = {}): Promise<MailboxWriter> {
  const { part, length, tailDigest, closed } =
    (since === undefined ? { ...noEnd, part: 1, closed: [] } : readEnd(since.checkpoint)) ??
    fail(changed(path, "its ledger is not that of an mbox"));
  const fault = await faultOfClosed(path, closed);
  if (fault !== undefined) throw changed(fault.path, fault.how);
  const last = partPath(path, part);
  if (length > 0 && (await sizeAt(last)) === undefined) throw changed(last, "it is missing");
  const behind = await partsBehind(path, part);
  await makeDirectory(dirname(path));
  const handle = await openForWriting(last);
  try {
    const size = await sizeOf(handle, last);
    if (since === undefined && size > 0) throw unheardOf(last, "file");
    for (const other of behind) await checkBehind(partPath(path, other), since);
    if (size < length) throw changed(last, "it is shorter than it was");
    if (since !== undefined && (await digestTail(handle, last, length)) !== tailDigest) {
      throw changed(last, "its end is not what was written");
    }
    await movePartsAside(path, behind);
    if (size > length) await moveTailAside(handle, last, length);
    if (part > 1) await options.admitParts?.();
    if (size === 0) await syncDirectory(dirname(path));
    const limit = options.fileLimit ?? largestFile(dirname(path));
    return createBatchWriter(new MboxStore(path, { part, path: last, handle, length }, closed, limit, options));
  } catch (error) {
    await closeFile(handle);
    throw error;
  }
}

/** What lies there is mail of ours that was never committed, but for what an archive without a ledger has. */
async function checkBehind(path: string, since: Since | undefined): Promise<void> {
  if (since === undefined && ((await sizeAt(path)) ?? 0) > 0) throw unheardOf(path, "file");
}

/** A file of the mbox, open. */
interface Part extends OutputFile {
  /** All up to here is committed. */
  readonly length: number;
}

/** So often may a disk surprise with a smaller limit, within one batch. */
const mostSurprises = 5;

class MboxStore implements BatchStore {
  readonly spoolDirectory: string;
  readonly #path: string;
  #part: Part;
  #closed: readonly FileEnd[];
  /** Octets. Where the file system does not tell, it becomes known by the write that fails. */
  #limit: number;
  readonly #options: MboxOptions;
  readonly #output = new Output();

  constructor(path: string, part: Part, closed: readonly FileEnd[], limit: number, options: MboxOptions) {
    this.spoolDirectory = dirname(path);
    this.#path = path;
    this.#part = part;
    this.#closed = closed;
    this.#limit = limit;
    this.#options = options;
  }

  async store(pending: readonly Pending[]): Promise<Commit> {
    const { stored, failed } = pending.length === 0 ? { stored: [], failed: [] } : await this.#write(pending);
    const { part, length } = this.#part;
    const tailDigest = await digestOfEnd(this.#part);
    return { checkpoint: formatEnd({ part, length, tailDigest, closed: this.#closed }), stored, failed };
  }

  release(): Promise<void> {
    this.#output.free();
    return closeFile(this.#part.handle);
  }

  /** Mail readers honour the dot lock; what they did since the last commit shows in the length. */
  async #write(pending: readonly Pending[]): Promise<Pick<Commit, "stored" | "failed">> {
    await using _dotLock = await lockForReaders(this.#part.path);
    await this.#refuseIfChanged();
    for (let surprises = 0; ; surprises++) {
      try {
        return await this.#writeAll(pending);
      } catch (error) {
        if (!(error instanceof FileIsFull)) throw error;
        // Where it is not less each time, no splitting helps.
        const isNews = error.octets > 0 && error.octets < this.#limit && surprises < mostSurprises;
        if (!isNews) throw error.cause;
        this.#limit = error.octets;
        await truncate(this.#part.handle, this.#part.path, this.#part.length);
      }
    }
  }

  /** All of them in a part or more, and durable; or nothing of them, and a part that was new is gone again. */
  async #writeAll(pending: readonly Pending[]): Promise<Pick<Commit, "stored" | "failed">> {
    const output = this.#output;
    const first = this.#part;
    /** Those with octets of this batch; the last is the one that is written to. */
    const parts: Part[] = [first];
    const stored: Stored[] = [];
    const failed: Failure[] = [];
    output.begin(first, first.length);
    try {
      for (const { message, spooled } of pending) {
        const last = parts.at(-1) ?? first;
        let appended = await output.append(message, spooled, this.#limit);
        if ("length" in appended && appended.length <= this.#limit) {
          await output.flush();
          parts[parts.length - 1] = { ...last, length: output.position };
          const next = await this.#beginPart(last.part + 1);
          parts.push(next);
          output.begin(next, 0);
          appended = await output.append(message, spooled, this.#limit);
        }
        if ("length" in appended) failed.push(tooLarge(message, appended.length, this.#limit));
        else stored.push(appended);
      }
      await output.flush();
      for (const { handle, path } of parts) await sync(handle, path);
      const closed = [];
      for (const part of parts.slice(0, -1)) {
        closed.push({ length: part.length, tailDigest: await digestOfEnd(part) });
      }
      this.#closed = [...this.#closed, ...closed];
      this.#part = { ...(parts.at(-1) ?? first), length: output.position };
      for (const { handle } of parts.slice(0, -1)) await closeFile(handle);
      return { stored, failed };
    } catch (error) {
      // Whatever of it is on the disk lies beyond the checkpoint; giving the room back now is a courtesy.
      await takeBack(first.handle, first.length);
      for (const { handle, path } of parts.slice(1)) {
        await takeBack(handle, 0);
        await closeFile(handle);
        await removeFile(path).catch(() => undefined);
      }
      throw error;
    }
  }

  /** Nobody knows of it yet, so there is no dot lock for it; whatever is there was not when the mailbox was opened. */
  async #beginPart(part: number): Promise<Part> {
    const path = partPath(this.#path, part);
    if (part > mostParts) throw tooManyParts(this.#path);
    await this.#options.admitParts?.();
    const handle = await openForWriting(path);
    try {
      if ((await sizeOf(handle, path)) > 0) throw changed(path, "another program made it during this run");
      // Before there is another one: without a gap they are found.
      await syncDirectory(dirname(path));
      return { part, path, handle, length: 0 };
    } catch (error) {
      await closeFile(handle);
      throw error;
    }
  }

  async #refuseIfChanged(): Promise<void> {
    const { path, handle, length } = this.#part;
    try {
      const { size, ino, dev } = await handle.stat();
      const named = await lstat(path).catch(unlessMissing);
      if (size === length && named?.ino === ino && named.dev === dev) return;
    } catch (error) {
      throw diskError(error, path);
    }
    throw changed(path, "another program changed it during this run");
  }
}

function digestOfEnd({ handle, path, length }: Part): Promise<string> {
  return digestTail(handle, path, length, () => changed(path, "it became shorter"));
}

function tooLarge({ key }: Message, octets: number, limit: number): Failure {
  const reason = `it takes ${formatSize(octets)}, and no file on this disk can be larger than ${formatSize(limit)}`;
  // On another disk it may fit.
  return { key, code: "D503", reason, final: false };
}

function tooManyParts(path: string): MailferryError {
  return new MailferryError("D503", `${printable(path)} has ${mostParts} parts, and the next message fits in none`, {
    scope: "mailbox",
    retry: "never",
    remedy: "Move the archive to a disk whose file system holds larger files, such as exFAT, NTFS or ext4.",
  });
}

function unlessMissing(error: unknown): undefined {
  if (codeOf(error) !== "ENOENT") throw error;
}

function fail(error: MailferryError): never {
  throw error;
}

function changed(path: string, how: string): MailferryError {
  return new MailferryError("V901", `${printable(path)} was not touched: ${how}`, {
    scope: "mailbox",
    retry: "never",
    remedy:
      "mailferry verify ARCHIVE --repair mends it, and keeps aside what was there. Or put it back as it was, or move both it and its ledger out of the archive; then run again.",
  });
}
