// Maildir (https://cr.yp.to/proto/maildir.html) with Dovecot's keywords and sizes. A file's id is derived from its key, so
// that a repeat after a crash meets what is already there, whatever its flags are now. INTERNALDATE is the file's mtime.

import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join, relative } from "node:path";
import { giveBack } from "../formats/give-back.ts";
import {
  formatInfo,
  formatUniqueName,
  type KeywordTable,
  keywordLetter,
  parseUniqueName,
  uniqueId,
} from "../formats/maildir.ts";
import { convertStream, crlfToLf, writeAsLf } from "../formats/octets.ts";
import type { Commit, FlagChange, Message, Place, Stored } from "../message.ts";
import { diskError } from "../storage/disk-error.ts";
import {
  closeFile,
  createFile,
  isTemporaryName,
  listDirectory,
  makeDirectory,
  removeFile,
  renameFile,
  replaceFile,
  setTimes,
  sync,
  syncDirectory,
  writeAll,
} from "../storage/durable.ts";
import { readRange } from "../storage/read-range.ts";
import type { Spooled } from "../storage/spool.ts";
import { type BatchStore, createBatchWriter, type Pending } from "./batch-writer.ts";
import { MaildirFlags } from "./maildir-flags.ts";
import { provideLetters } from "./maildir-keywords.ts";
import { OurFiles } from "./maildir-names.ts";
import type { MailboxWriter, Since } from "./sink.ts";

/** Files written and synced at the same time. */
const filesAtOnce = 16;
/** Larger messages are converted in memory of their own. */
const scratchOctets = 128 * 1024;

/** Opens the Maildir in `directory`, creating it. `isRoot` is false for a Maildir++ folder, which carries a marker. */
export async function openMaildirWriter(directory: string, isRoot: boolean, since?: Since): Promise<MailboxWriter> {
  for (const name of ["", "tmp", "new", "cur"]) await makeDirectory(join(directory, name));
  await removeLeftovers(directory);
  if (!isRoot && since === undefined) await replaceFile(join(directory, "maildirfolder"), "");
  return createBatchWriter(new MaildirStore(directory, since));
}

class MaildirStore implements BatchStore {
  readonly spoolDirectory: string;
  readonly #directory: string;
  readonly #since: Since | undefined;
  readonly #flags: MaildirFlags;
  #keywords: KeywordTable = [];
  /** One for each lane. */
  readonly #scratch: Buffer[] = [];
  /** Unique names of our files by id; read when the first message comes, since most nights bring none. */
  #names: OurFiles | undefined;

  constructor(directory: string, since: Since | undefined) {
    this.spoolDirectory = join(directory, "tmp");
    this.#directory = directory;
    this.#since = since;
    this.#flags = new MaildirFlags(directory);
  }

  async prepare(): Promise<void> {
    this.#names ??= await this.#readNames();
  }

  async store(pending: readonly Pending[]): Promise<Commit> {
    const stored = pending.length === 0 ? [] : await this.#storeAll(pending);
    return { checkpoint: { maildir: 1 }, stored, failed: [] };
  }

  async release(): Promise<void> {
    for (const scratch of this.#scratch) giveBack(scratch);
  }

  async setFlags(changes: readonly FlagChange[]): Promise<void> {
    for (const [unique, path] of await this.#flags.change(changes)) {
      const { id = "" } = parseUniqueName(unique);
      const known = this.#names?.get(id);
      if (known?.unique !== unique || known.path === undefined) continue;
      this.#names?.set(id, { unique, path: relative(this.#directory, path) });
    }
  }

  async #storeAll(pending: readonly Pending[]): Promise<Stored[]> {
    this.#keywords = await provideLetters(
      this.#directory,
      pending.flatMap(({ message }) => message.flags),
    );
    const stored = new Array<Stored>(pending.length);
    const rest = pending.entries();
    const lane = async (_: unknown, number: number) => {
      this.#scratch[number] ??= Buffer.allocUnsafeSlow(scratchOctets);
      const scratch = this.#scratch[number];
      for (const [index, { message, spooled }] of rest) stored[index] = await this.#store(message, spooled, scratch);
    };
    const lanes = await Promise.allSettled(Array.from({ length: Math.min(filesAtOnce, pending.length) }, lane));
    for (const result of lanes) if (result.status === "rejected") throw result.reason;
    await syncDirectory(join(this.#directory, "cur"));
    return stored;
  }

  /** Files are in `tmp` until they are complete and synced; `cur` is synced once for the batch. */
  async #store(message: Message, spooled: Spooled, scratch: Buffer): Promise<Stored> {
    const { key, flags, internalDate } = message;
    const { size, sha256, survey } = spooled;
    const form = survey.stored;
    const names = this.#names ?? new OurFiles();
    for (let attempt = 0; ; attempt++) {
      const id = uniqueId(key, attempt);
      const there = names.get(id);
      const unique =
        there?.unique ??
        formatUniqueName({ seconds: secondsOf(internalDate), id, size: form.size, virtualSize: form.virtualSize });
      const place: Place = form.verbatim ? { file: unique, verbatim: true } : { file: unique };
      const stored: Stored = { key, size, sha256, place, flags, internalDate };
      if (there === undefined) {
        names.set(id, { unique, path: undefined });
        await this.#write(unique, message, spooled, scratch);
        return stored;
      }
      if (!this.#holds(unique) && (await this.#isSame(there.path, spooled))) return stored;
    }
  }

  /** True if a recorded message is in this file, whatever its line ends were. */
  #holds(file: string): boolean {
    return this.#since?.holds({ file }) === true || this.#since?.holds({ file, verbatim: true }) === true;
  }

  async #write(unique: string, message: Message, spooled: Spooled, scratch: Buffer): Promise<void> {
    const temporary = join(this.#directory, "tmp", unique);
    const handle = await createFile(temporary);
    try {
      let position = 0;
      const whole = asStoredWhole(spooled, scratch);
      if (whole !== undefined) await writeAll(handle, temporary, whole, 0);
      else {
        for await (const chunk of asStored(spooled)) {
          await writeAll(handle, temporary, chunk, position);
          position += chunk.length;
        }
      }
      const { internalDate } = message;
      if (internalDate !== undefined && !Number.isNaN(internalDate.getTime())) {
        await setTimes(handle, temporary, internalDate);
      }
      await sync(handle, temporary);
    } catch (error) {
      await closeFile(handle);
      await removeFile(temporary).catch(() => undefined);
      throw diskError(error, temporary);
    }
    await closeFile(handle);
    const info = formatInfo(message.flags, (keyword) => keywordLetter(this.#keywords, keyword));
    await renameFile(temporary, join(this.#directory, "cur", `${unique}${info}`));
  }

  /** True if the file holds what would be written now: it is the trace of a run that died before its commit. */
  async #isSame(found: string | undefined, spooled: Spooled): Promise<boolean> {
    if (found === undefined) return false;
    const path = join(this.#directory, found);
    const wanted = createHash("sha256");
    for await (const chunk of asStored(spooled)) wanted.update(chunk);
    const there = createHash("sha256");
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
      throw diskError(error, path);
    });
    try {
      for await (const chunk of readRange(handle, path, 0)) there.update(chunk);
    } finally {
      await closeFile(handle);
    }
    return wanted.digest("hex") === there.digest("hex");
  }

  async #readNames(): Promise<OurFiles> {
    const names = new OurFiles();
    for (const folder of ["cur", "new"]) {
      for (const name of await listDirectory(join(this.#directory, folder))) {
        const { id, unique } = parseUniqueName(name);
        if (id !== undefined) names.set(id, { unique, path: `${folder}/${name}` });
      }
    }
    return names;
  }
}

/** Halves of a run that died: the archive's lock is ours, so nobody is writing them. */
async function removeLeftovers(directory: string): Promise<void> {
  for (const folder of [directory, join(directory, "tmp")]) {
    for (const name of await listDirectory(folder)) {
      const ours = parseUniqueName(name).id !== undefined || isTemporaryName(name);
      if (ours) await removeFile(join(folder, name));
    }
  }
}

/** The octets for the disk, where they are in memory and fit; made in `scratch`. */
function asStoredWhole({ octets, survey }: Spooled, scratch: Buffer): Buffer | undefined {
  if (octets === undefined || survey.stored.verbatim) return octets;
  return octets.length > scratch.length ? undefined : scratch.subarray(0, writeAsLf(octets, scratch));
}

function asStored(spooled: Spooled): AsyncIterable<Uint8Array> {
  return spooled.survey.stored.verbatim ? spooled.chunks() : convertStream(spooled.chunks(), crlfToLf());
}

function secondsOf(date: Date | undefined): number {
  const time = date?.getTime() ?? Date.now();
  return Number.isNaN(time) || time < 0 ? 0 : Math.floor(time / 1000);
}
