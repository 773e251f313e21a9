// What a batch writes to an mbox: entries one behind the other, gathered into large writes.

import type { FileHandle } from "node:fs/promises";
import { codeOf, MailferryError } from "../errors.ts";
import { giveBack } from "../formats/give-back.ts";
import { partMember } from "../formats/mbox-parts.ts";
import { type EntryForm, entryForm, entryFrame, formatEntry, writeEntry } from "../formats/mboxrd.ts";
import type { Message, Place, Stored } from "../message.ts";
import { sizeOf, writeAll } from "../storage/durable.ts";
import type { Spooled } from "../storage/spool.ts";

const writeOctets = 1024 * 1024;

/** Where octets go: a file of an mbox, by its number. */
export interface OutputFile {
  readonly part: number;
  readonly path: string;
  readonly handle: FileHandle;
}

/** An entry that was not written, since the file would become longer than it may: octets. */
export type TooLong = { readonly length: number };

/** The disk can't hold more than so many octets in one file. */
export class FileIsFull extends Error {
  readonly octets: number;

  constructor(octets: number, cause: MailferryError) {
    super("the file is full", { cause });
    this.octets = octets;
  }
}

export class Output {
  position = 0;
  #file: OutputFile | undefined;
  #gathered = Buffer.allocUnsafeSlow(writeOctets);
  #length = 0;

  begin(file: OutputFile, position: number): void {
    this.#file = file;
    this.position = position;
    this.#length = 0;
  }

  free(): void {
    giveBack(this.#gathered);
  }

  /** Adds the entry of a message, or nothing of it if the file would reach beyond `limit`. */
  async append(message: Message, spooled: Spooled, limit: number): Promise<Stored | TooLong> {
    const { key, flags, internalDate } = message;
    const { size, sha256, octets, survey } = spooled;
    const offset = this.position;
    const form = entryForm(survey);
    const room = octets === undefined ? undefined : await this.#room(octets.length + entryFrame);
    const length = octets && room && writeEntry(room, octets, form, internalDate);
    if (length !== undefined) {
      if (offset + length > limit) return { length };
      this.#advance(length);
    } else {
      // Quotes make it longer, by less than a half.
      if (offset + 2 * size + entryFrame > limit) {
        const length = await lengthOf(message, spooled, form);
        if (offset + length > limit) return { length };
      }
      for await (const chunk of formatEntry(spooled.chunks(), form, internalDate)) await this.#write(chunk);
    }
    const place: Place = {
      ...partMember(this.#file?.part ?? 1),
      offset,
      length: this.position - offset,
      ...(form.verbatim ? { verbatim: true } : {}),
      ...(form.addedNewline ? { addedNewline: true } : {}),
    };
    return { key, size, sha256, place, flags, internalDate };
  }

  async flush(): Promise<void> {
    if (this.#file === undefined) return;
    const octets = this.#gathered.subarray(0, this.#length);
    this.#length = 0;
    const { handle, path } = this.#file;
    try {
      await writeAll(handle, path, octets, this.position - octets.length);
    } catch (error) {
      if (!(error instanceof MailferryError) || codeOf(error.cause) !== "EFBIG") throw error;
      // What was taken before the disk refused is there until it is taken back.
      throw new FileIsFull(await sizeOf(handle, path), error);
    }
  }

  async #write(octets: Uint8Array): Promise<void> {
    (await this.#room(octets.length)).set(octets);
    this.#advance(octets.length);
  }

  /** Where the next octets go: at least so many fit. Good until the next call. */
  async #room(octets: number): Promise<Buffer> {
    if (octets > this.#gathered.length - this.#length) await this.flush();
    if (octets > this.#gathered.length) this.#gathered = Buffer.allocUnsafeSlow(octets);
    return this.#gathered.subarray(this.#length);
  }

  /** So many octets were put there. */
  #advance(octets: number): void {
    this.#length += octets;
    this.position += octets;
  }
}

async function lengthOf({ internalDate }: Message, spooled: Spooled, form: EntryForm): Promise<number> {
  let length = 0;
  for await (const chunk of formatEntry(spooled.chunks(), form, internalDate)) length += chunk.length;
  return length;
}
