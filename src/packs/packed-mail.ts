// The stored messages of a mailbox, read back from a pack by the places that its ledger names.

import { MailferryError } from "../errors.ts";
import { partOf, partPath } from "../formats/mbox-parts.ts";
import { parseEntry } from "../formats/mboxrd.ts";
import { convertStream, lfToCrlf } from "../formats/octets.ts";
import { printable } from "../formats/printable.ts";
import type { Place } from "../message.ts";
import type { StoredMail } from "../storage/stored-mail.ts";
import type { Cursor } from "./container.ts";
import { messageKey } from "./entry-names.ts";

/** `folder` is that of the Maildir in the pack, with its slash. Takes the cursor over. */
export function openPackedMaildir(cursor: Cursor, folder: string): StoredMail {
  return {
    async *read({ file, verbatim }) {
      const found = await cursor.find(messageKey(folder, String(file)));
      if (found === undefined) throw lost(`${folder}cur/${file} is missing in the pack`);
      const octets = found.octets();
      yield* verbatim === true ? octets : convertStream(octets, lfToCrlf());
    },
    [Symbol.asyncDispose]: () => cursor[Symbol.asyncDispose](),
  };
}

/** `name` is that of its first file in the pack. Takes the cursor over. Messages in the order in which they lie in the file cost least. */
export function openPackedMbox(cursor: Cursor, name: string): StoredMail {
  let opened = { part: 1, file: new ForwardFile(cursor, name) };
  return {
    async *read(place: Place) {
      const { offset, length, verbatim, addedNewline } = place;
      const part = partOf(place);
      if (typeof offset !== "number" || typeof length !== "number" || part === undefined)
        throw lost(`${name}: the ledger names no place in it`);
      if (part !== opened.part) {
        await opened.file.close();
        opened = { part, file: new ForwardFile(cursor, partPath(name, part)) };
      }
      const form = { verbatim: verbatim === true, addedNewline: addedNewline === true };
      yield* parseEntry(opened.file.read(offset, length), form);
    },
    async [Symbol.asyncDispose]() {
      await opened.file.close();
      await cursor[Symbol.asyncDispose]();
    },
  };
}

/** An entry that is read from one offset to the next; one that lies behind makes it begin again. */
class ForwardFile {
  readonly #cursor: Cursor;
  readonly #name: string;
  #chunks: AsyncIterator<Buffer> | undefined;
  /** Read, and not yet passed on. */
  #rest: Buffer = Buffer.alloc(0);
  /** Of the first octet of the rest. */
  #position = 0;
  /** Where reading has failed: nobody gets further. */
  #failure: { readonly at: number; readonly error: unknown } | undefined;

  constructor(cursor: Cursor, name: string) {
    this.#cursor = cursor;
    this.#name = name;
  }

  async *read(offset: number, length: number): AsyncGenerator<Buffer, void, undefined> {
    const { at = Number.POSITIVE_INFINITY, error } = this.#failure ?? {};
    if (offset + length > at) throw error;
    if (this.#chunks === undefined || offset < this.#position) await this.#begin();
    while (this.#position < offset) {
      const skipped = await this.#take(offset - this.#position);
      if (skipped === undefined) throw this.#short();
    }
    for (let done = 0; done < length; ) {
      const part = await this.#take(length - done);
      if (part === undefined) throw this.#short();
      done += part.length;
      yield part;
    }
  }

  async close(): Promise<void> {
    const chunks = this.#chunks;
    this.#chunks = undefined;
    await chunks?.return?.();
  }

  async #begin(): Promise<void> {
    await this.close();
    const found = await this.#cursor.find(this.#name);
    if (found === undefined) throw lost(`${this.#name}: it is missing in the pack`);
    this.#chunks = found.octets()[Symbol.asyncIterator]();
    this.#rest = Buffer.alloc(0);
    this.#position = 0;
  }

  /** Up to so many octets; undefined at the end. */
  async #take(most: number): Promise<Buffer | undefined> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks?.next().catch((error: unknown) => {
        this.#failure ??= { at: this.#position, error };
        this.#chunks = undefined;
        throw error;
      });
      if (next === undefined || next.done === true) return undefined;
      this.#rest = next.value;
    }
    const part = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(part.length);
    this.#position += part.length;
    return part;
  }

  #short(): MailferryError {
    return lost(`${this.#name}: it ends at octet ${this.#position}, within the message`);
  }
}

function lost(what: string): MailferryError {
  return new MailferryError("V901", printable(what), { scope: "message", retry: "later" });
}
