// The same message in several mailboxes, as Gmail's labels have it: its octets travel once. The server names content by
// EMAILID (RFC 8474 section 5) or X-GM-MSGID; what is stored in one mailbox is read from there for the next.

import type { Mailbox, MessageRef, Stored } from "../message.ts";
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

export interface StoredContent {
  readonly mailbox: Mailbox;
  readonly stored: Stored;
}

/** What one run knows of content by its name. */
export class SharedContent {
  readonly #book: LedgerFolder | undefined;
  readonly #listed = new Set<string>();
  #stored: Promise<Map<string, StoredContent>> | undefined;

  constructor(book: LedgerFolder | undefined) {
    this.#book = book;
  }

  /** These are in a mailbox of their own, on the server, now. */
  note(refs: Iterable<MessageRef>): void {
    for (const { emailId } of refs) if (emailId !== undefined) this.#listed.add(emailId);
  }

  /** True if the message is in a mailbox that was noted before. */
  isListed({ emailId }: MessageRef): boolean {
    return emailId !== undefined && this.#listed.has(emailId);
  }

  /** Where the octets of this message are stored already; what the server says of its size has to fit. */
  async find({ emailId, size }: MessageRef): Promise<StoredContent | undefined> {
    if (emailId === undefined) return undefined;
    this.#stored ??= readAll(this.#book);
    const found = (await this.#stored).get(emailId);
    return found !== undefined && found.stored.altered === undefined && found.stored.size === size ? found : undefined;
  }

  async add(mailbox: Mailbox, stored: Iterable<Stored>): Promise<void> {
    const known = await this.#stored;
    for (const one of stored) if (one.emailId !== undefined) known?.set(one.emailId, { mailbox, stored: one });
  }
}

async function readAll(book: LedgerFolder | undefined): Promise<Map<string, StoredContent>> {
  const all = new Map<string, StoredContent>();
  for (const mailbox of book?.mailboxes() ?? []) {
    for (const stored of (await book?.readLedger(mailbox))?.all() ?? []) {
      if (stored.emailId !== undefined) all.set(stored.emailId, { mailbox, stored });
    }
  }
  return all;
}
