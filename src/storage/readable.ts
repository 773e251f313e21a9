// An archive that is only read, whatever it lies in: its folder, or a pack of it.

import type { MailferryError } from "../errors.ts";
import type { Mailbox } from "../message.ts";
import type { Marker } from "./archive.ts";
import type { Whereabouts } from "./intact.ts";
import type { LedgerContents } from "./ledger-contents.ts";
import type { StoredMail } from "./stored-mail.ts";

export interface ReadableArchive extends AsyncDisposable {
  readonly marker: Marker;
  /** The packing of a pack. */
  readonly pack?: "zip" | "tar.gz" | undefined;
  /** Of ledgers that do not even tell of which mailbox they are. */
  readonly damaged: readonly MailferryError[];
  /** The mailboxes that have a ledger, INBOX first. Mail is read fastest in this order, and in that of the ledger. */
  mailboxes(): Mailbox[];
  /** The caller disposes of it. */
  readLedger(mailbox: Mailbox): Promise<LedgerContents | undefined>;
  /** The caller disposes of it. */
  openMail(mailbox: Mailbox): StoredMail;
  /** Of a pack: looks at every entry that nobody has asked for. Throws V902 at one that does not belong there. */
  lookThrough?(): Promise<void>;
  /** Where its mail can be read without this. */
  whereabouts?(mailbox: Mailbox): Whereabouts;
}
