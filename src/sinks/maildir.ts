// Maildir (https://cr.yp.to/proto/maildir.html) with Dovecot's keywords and sizes. A file's id is derived from its key, so
// that a repeat after a crash meets what is already there, whatever its flags are now. INTERNALDATE is the file's mtime.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
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
  createFile,
  isTemporaryName,
  listDirectory,
  makeDirectory,
  removeFile,
  renameFile,
  replaceFile,
  sync,
  syncDirectory,
  writeAll,
} from "../storage/durable.ts";
import { refuseLinks } from "../storage/no-links.ts";
import type { Spooled } from "../storage/spool.ts";
import { type BatchStore, createBatchWriter, type Pending } from "./batch-writer.ts";
import { MaildirFlags } from "./maildir-flags.ts";
import { provideLetters } from "./maildir-keywords.ts";
import type { MailboxWriter, Since } from "./sink.ts";

/** By id: the unique name, and the path where it was found; "" if this writer made it. */
type OurFiles = Map<string, { readonly unique: string; readonly path: string }>;

/** Files written and synced at the same time. */
const filesAtOnce = 16;
/** Larger messages are converted in memory of their own. */
const scratchOctets = 128 * 1024;

/** Opens the Maildir in `directory`, creating it. `isRoot` is false for a Maildir++ folder, which carries a marker. */
export async function openMaildirWriter(directory: string, isRoot: boolean, since?: Since): Promise<MailboxWriter> {
  await refuseLinks(directory, "tmp", "new", "cur", "dovecot-keywords");
  for (const name of ["", "tmp", "new", "cur"]) await makeDirectory(join(directory, name));
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
      if (known?.unique === unique && known.path !== "") this.#names?.set(id, { unique, path });
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
    const names: OurFiles = this.#names ?? new Map();
    for (let attempt = 0; ; attempt++) {
      const id = uniqueId(key, attempt);
      const there = names.get(id);
      const unique =
        there?.unique ??
        formatUniqueName({ seconds: secondsOf(internalDate), id, size: form.size, virtualSize: form.virtualSize });
      const place: Place = form.verbatim ? { file: unique, verbatim: true } : { file: unique };
      const stored: Stored = { key, size, sha256, place, flags, internalDate };
      if (there === undefined) {
        names.set(id, { unique, path: "" });
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
        await handle.utimes(internalDate, internalDate);
      }
      await sync(handle, temporary);
    } catch (error) {
      await handle.close();
      await removeFile(temporary).catch(() => undefined);
      throw diskError(error, temporary);
    }
    await handle.close();
    const info = formatInfo(message.flags, (keyword) => keywordLetter(this.#keywords, keyword));
    await renameFile(temporary, join(this.#directory, "cur", `${unique}${info}`));
  }

  /** True if the file holds what would be written now: it is the trace of a run that died before its commit. */
  async #isSame(path: string, spooled: Spooled): Promise<boolean> {
    if (path === "") return false;
    const wanted = createHash("sha256");
    for await (const chunk of asStored(spooled)) wanted.update(chunk);
    const found = createHash("sha256");
    try {
      for await (const chunk of createReadStream(path)) found.update(chunk);
    } catch (error) {
      throw diskError(error, path);
    }
    return wanted.digest("hex") === found.digest("hex");
  }

  async #readNames(): Promise<OurFiles> {
    const names: OurFiles = new Map();
    for (const folder of ["cur", "new"]) {
      for (const name of await listDirectory(join(this.#directory, folder))) {
        const { id, unique } = parseUniqueName(name);
        if (id !== undefined) names.set(id, { unique, path: join(this.#directory, folder, name) });
      }
    }
    await this.#removeLeftovers();
    return names;
  }

  /** Halves of a run that died: the archive's lock is ours, so nobody is writing them. */
  async #removeLeftovers(): Promise<void> {
    for (const folder of [this.#directory, join(this.#directory, "tmp")]) {
      for (const name of await listDirectory(folder)) {
        const ours = parseUniqueName(name).id !== undefined || isTemporaryName(name);
        if (ours) await removeFile(join(folder, name));
      }
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
