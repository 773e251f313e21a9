// The same message in several mailboxes, as Gmail's labels have it: its octets travel once. The server names content by
// EMAILID (RFC 8474 section 5) or X-GM-MSGID; what is stored in one mailbox is read from there for the next.

import { NameTable, PackedNames } from "../formats/packed-names.ts";
import type { Mailbox, MessageRef, Place, Stored } from "../message.ts";
import type { LedgerFolder } from "../storage/ledger-folder.ts";

/** Mailboxes that show what lies in others too (RFC 6154, RFC 8457); the first has it all. */
const views = ["\\All", "\\Flagged", "\\Important"];

export function isView(mailbox: Mailbox): boolean {
  return viewRank(mailbox) >= 0;
}

/** Mailboxes that hold messages of their own, then those that show them: in this order each knows what the others have. */
export function viewsLast<Route extends { readonly mailbox: Mailbox }>(routes: readonly Route[]): Route[] {
  return [...routes].sort((a, b) => viewRank(a.mailbox) - viewRank(b.mailbox));
}

function viewRank({ specialUse = "" }: Mailbox): number {
  return views.indexOf(specialUse);
}

/** Octets that lie in the target already. */
export interface StoredContent {
  readonly mailbox: Mailbox;
  readonly place: Place;
  readonly sha256: string;
}

/** What one run knows of content by its name. */
export class SharedContent {
  readonly #book: LedgerFolder | undefined;
  readonly #listed = new NameTable();
  #stored: Promise<StoredContents> | undefined;

  constructor(book: LedgerFolder | undefined) {
    this.#book = book;
  }

  /** These are in a mailbox of their own, on the server, now. */
  note(refs: Iterable<MessageRef>): void {
    for (const { emailId } of refs) {
      if (emailId !== undefined && !this.#listed.has(emailId)) this.#listed.push(emailId);
    }
  }

  /** True if the message is in a mailbox that was noted before. */
  isListed({ emailId }: MessageRef): boolean {
    return emailId !== undefined && this.#listed.has(emailId);
  }

  /** Where the octets of this message are stored already; what the server says of its size has to fit. */
  async find({ emailId, size }: MessageRef): Promise<StoredContent | undefined> {
    if (emailId === undefined || size === undefined) return undefined;
    this.#stored ??= readAll(this.#book);
    return (await this.#stored).find(emailId, size);
  }

  async add(mailbox: Mailbox, stored: Iterable<Stored>): Promise<void> {
    const known = await this.#stored;
    for (const one of stored) known?.add(mailbox, one);
  }
}

/** By the name of their content; the last one counts. */
class StoredContents {
  readonly #names = new NameTable();
  /** What is known of each, as JSON: an account's worth of it would be too many objects. */
  readonly #known = new PackedNames();
  readonly #mailboxes: Mailbox[] = [];

  add(mailbox: Mailbox, { emailId, size, sha256, place, altered }: Stored): void {
    if (emailId === undefined) return;
    if (this.#mailboxes.at(-1) !== mailbox) this.#mailboxes.push(mailbox);
    const known: Known = { at: this.#mailboxes.length - 1, size, sha256, place, isAltered: altered !== undefined };
    this.#names.push(emailId);
    this.#known.push(JSON.stringify(known));
  }

  find(emailId: string, wanted: number): StoredContent | undefined {
    const row = this.#names.find(emailId);
    if (row < 0) return undefined;
    const { at, size, sha256, place, isAltered } = JSON.parse(this.#known.at(row)) as Known;
    const mailbox = this.#mailboxes[at];
    return isAltered || size !== wanted || mailbox === undefined ? undefined : { mailbox, place, sha256 };
  }
}

interface Known {
  /** The number of its mailbox. */
  readonly at: number;
  readonly size: number;
  readonly sha256: string;
  readonly place: Place;
  readonly isAltered: boolean;
}

async function readAll(book: LedgerFolder | undefined): Promise<StoredContents> {
  const all = new StoredContents();
  for (const mailbox of book?.mailboxes() ?? []) {
    await using ledger = await book?.readLedger(mailbox);
    for (const stored of ledger?.all() ?? []) all.add(mailbox, stored);
  }
  return all;
}
