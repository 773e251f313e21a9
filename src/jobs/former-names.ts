// A mailbox that is called otherwise at the source than before is a new one to the archive: what was stored of it under its
// former name stays there. It is known by its UIDVALIDITY and its messages, and said.

import { printable } from "../formats/printable.ts";
import type { Mailbox } from "../message.ts";
import type { LedgerFolder } from "../storage/ledger-folder.ts";
import type { RefTable } from "./ref-table.ts";
import { isSame } from "./tally.ts";

export class FormerNames {
  readonly #book: LedgerFolder;
  readonly #gone: readonly Mailbox[];

  /** `present`: what the book is to have of the source as it is. To be made before a ledger is opened. */
  constructor(book: LedgerFolder, present: Iterable<readonly string[]>) {
    const names = new Set([...present].map((path) => JSON.stringify(path)));
    this.#book = book;
    this.#gone = book.mailboxes().filter(({ path }) => !names.has(JSON.stringify(path)));
  }

  /** Of a mailbox that is new to the book, one line; undefined if it is new to the source too. */
  async whatIsSaid(validity: string, refs: RefTable): Promise<string | undefined> {
    const name = await this.#find(validity, refs);
    if (name === undefined) return undefined;
    return `it was called ${printable(name.join("/"))}; what is stored under that name stays, and is here once more`;
  }

  /** Under what name the book has the messages of this mailbox. */
  async #find(validity: string, refs: RefTable): Promise<readonly string[] | undefined> {
    if (refs.size === 0) return undefined;
    for (const mailbox of this.#gone) {
      await using ledger = await this.#book.readLedger(mailbox);
      // Behind a blank follows where it came from.
      if (ledger?.validity?.split(" ", 1)[0] !== validity) continue;
      let same = 0;
      let others = 0;
      for (const entry of ledger.entries("current")) {
        const ref = refs.find(entry.key);
        if (ref === undefined) continue;
        if (isSame(entry, ref)) same += 1;
        else others += 1;
      }
      if (same > 0 && others === 0) return mailbox.path;
    }
    return undefined;
  }
}
