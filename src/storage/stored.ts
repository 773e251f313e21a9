// The stored messages of an archive, read back by the places that its ledgers name.

import type { Mailbox, Place } from "../message.ts";
import type { Whereabouts } from "./intact.ts";
import type { StoredMail } from "./stored-mail.ts";
import { openStoredMaildir } from "./stored-maildir.ts";
import { openStoredMbox } from "./stored-mbox.ts";

/** The messages that are stored there. */
export function openStoredAt({ format, path }: Whereabouts): StoredMail {
  return format === "mbox" ? openStoredMbox(path) : openStoredMaildir(path);
}

/** As many stay open: each has a file open, or the names of all its files in memory. */
const mostOpen = 8;

/** The same for many mailboxes: each is opened when it is read, and the last few stay open until all are closed. */
export class StoredMailboxes implements AsyncDisposable {
  readonly #open: (mailbox: Mailbox) => StoredMail;
  /** The one that was read last comes last. */
  readonly #opened = new Map<string, { readonly mail: StoredMail; readers: number }>();

  constructor(open: (mailbox: Mailbox) => StoredMail) {
    this.#open = open;
  }

  async *read(mailbox: Mailbox, place: Place): AsyncGenerator<Uint8Array, void, undefined> {
    const key = JSON.stringify(mailbox.path);
    const opened = this.#opened.get(key) ?? { mail: this.#open(mailbox), readers: 0 };
    this.#opened.delete(key);
    this.#opened.set(key, opened);
    opened.readers++;
    try {
      yield* opened.mail.read(place);
    } finally {
      opened.readers--;
      await this.#closeSome();
    }
  }

  async #closeSome(): Promise<void> {
    for (const [key, { mail, readers }] of this.#opened) {
      if (this.#opened.size <= mostOpen) return;
      if (readers > 0) continue;
      this.#opened.delete(key);
      await mail[Symbol.asyncDispose]();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const all = [...this.#opened.values()];
    this.#opened.clear();
    for (const { mail } of all) await mail[Symbol.asyncDispose]();
  }
}
