// A mailferry archive as a source: its ledgers are the listing, and no octet leaves it that is not the one that arrived.

import { createHash } from "node:crypto";
import { codeOf, MailferryError } from "../errors.ts";
import { Column } from "../formats/column.ts";
import { NameTable } from "../formats/packed-names.ts";
import { printable } from "../formats/printable.ts";
import type { Mailbox, Message, MessageRef, Stored } from "../message.ts";
import { openReadable } from "../packs/open.ts";
import { brokenEnd } from "../storage/archive.ts";
import type { LedgerContents } from "../storage/ledger-contents.ts";
import type { ReadableArchive } from "../storage/readable.ts";
import type { StoredMail } from "../storage/stored-mail.ts";
import type { MailboxReader, Source, SourceNotice } from "./source.ts";

export interface ArchiveSourceOptions {
  readonly signal?: AbortSignal | undefined;
  readonly notice?: ((notice: SourceNotice) => void) | undefined;
}

/** `directory`: or the file of a pack. Reads without a lock and changes nothing. A ledger that can't be read is noticed, and the others go on. */
export function openArchiveSource(directory: string, { signal, notice }: ArchiveSourceOptions = {}): Source {
  let opened: Promise<ReadableArchive> | undefined;
  let said = false;
  const broken = new Set<string>();
  const archive = async () => {
    signal?.throwIfAborted();
    opened ??= openReadable(directory);
    return opened.catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
  };
  return {
    async *mailboxes() {
      const one = await archive();
      for (const { code, message } of said ? [] : one.damaged) notice?.({ code, mailbox: [], reason: message });
      said = true;
      yield* one.mailboxes();
    },
    async open(mailbox) {
      const one = await archive();
      const ledger = await one.readLedger(mailbox);
      if (ledger === undefined) throw notThere(directory, mailbox);
      if (ledger.hasBrokenEnd && !broken.has(JSON.stringify(mailbox.path))) {
        broken.add(JSON.stringify(mailbox.path));
        notice?.({ code: "V901", mailbox: mailbox.path, reason: brokenEnd });
      }
      return new ArchiveReader(one.marker.id, ledger, one.openMail(mailbox), signal);
    },
    async [Symbol.asyncDispose]() {
      await (await opened?.catch(() => undefined))?.[Symbol.asyncDispose]();
    },
  };
}

class ArchiveReader implements MailboxReader {
  readonly validity: string;
  readonly keys = "stable";
  readonly #ledger: LedgerContents;
  /** Of what was listed, and for each of them what it is in the ledger. */
  readonly #names = new NameTable();
  readonly #ids = new Column();
  readonly #mail: StoredMail;
  readonly #signal: AbortSignal | undefined;

  /** Takes the ledger over, and the mail. */
  constructor(id: string, ledger: LedgerContents, mail: StoredMail, signal: AbortSignal | undefined) {
    this.validity = id;
    this.#ledger = ledger;
    this.#mail = mail;
    this.#signal = signal;
  }

  async *list(): AsyncGenerator<MessageRef> {
    for (const validity of ["current", "earlier"] as const) {
      for (const { id } of this.#ledger.entries(validity)) {
        const stored = this.#ledger.get(id);
        const key = keyOf(stored);
        if (!this.#names.has(key)) {
          this.#names.push(key);
          this.#ids.push(id);
        }
        yield refOf(key, stored);
      }
    }
  }

  async *fetch(refs: readonly MessageRef[]): AsyncGenerator<Message> {
    if (this.#ids.length === 0) for await (const _ of this.list());
    for (const { key } of refs) {
      this.#signal?.throwIfAborted();
      const row = this.#names.find(key);
      if (row < 0) continue;
      const stored = this.#ledger.get(this.#ids.get(row));
      yield { ...refOf(key, stored), flags: stored.flags, body: proven(this.#mail.read(stored.place), stored) };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#ledger[Symbol.asyncDispose]();
    await this.#mail[Symbol.asyncDispose]();
  }
}

/**
 * What names a message for good: where it lies. With its digest, since a place is used again where somebody moved a
 * mailbox and its ledger out of the archive, and the next run began anew.
 */
function keyOf({ place, sha256 }: Stored): string {
  const part = place.part === undefined ? "" : `${place.part}:`;
  return `${place.file ?? `${part}${place.offset}`} ${sha256.slice(0, 16)}`;
}

function refOf(key: string, { size, flags, internalDate, emailId }: Stored): MessageRef {
  return { key, size, flags, internalDate, ...(emailId === undefined ? {} : { emailId }) };
}

/** The octets, if they are those that arrived: the last of them come only when that is sure. */
async function* proven(body: AsyncIterable<Uint8Array>, { size, sha256 }: Stored): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  let octets = 0;
  let held: Uint8Array | undefined;
  try {
    for await (const chunk of body) {
      hash.update(chunk);
      octets += chunk.length;
      if (held !== undefined) yield held;
      held = Uint8Array.from(chunk);
    }
  } catch (error) {
    throw unreadable(error);
  }
  if (octets !== size || hash.digest("hex") !== sha256) {
    throw new MailferryError("V901", "its octets in the archive are not those that arrived", {
      scope: "message",
      retry: "later",
      remedy: "Run mailferry verify on the archive.",
    });
  }
  if (held !== undefined) yield held;
}

/** What the system says of a single file, or of a spot on the disk. */
const ofOneMessage: ReadonlySet<string | undefined> = new Set(["EIO", "EACCES", "EPERM", "EISDIR", "ELOOP"]);

function unreadable(error: unknown): unknown {
  if (!(error instanceof MailferryError) || !ofOneMessage.has(codeOf(error.cause))) return error;
  const { message, remedy } = error;
  return new MailferryError("M401", message, { scope: "message", retry: "later", remedy, cause: error });
}

function notThere(directory: string, { path }: Mailbox): MailferryError {
  return new MailferryError("D506", `${printable(directory)} has no mailbox ${printable(path.join("/"))}`, {
    scope: "mailbox",
    retry: "never",
  });
}
