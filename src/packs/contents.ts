// What of an archive goes into a pack, in the order in which a reader asks for it: the marker, the ledgers, then the mail of
// one mailbox after the other, as its ledger has it; last what others have put into the Maildirs. Not the reports of runs,
// nor what is only there for a while: locks, temporary files, `tmp`, tails that were moved aside.

import { join } from "node:path";
import { MailferryError } from "../errors.ts";
import { ledgerName } from "../formats/mailbox-names.ts";
import { printable } from "../formats/printable.ts";
import { type Archive, brokenEnd } from "../storage/archive.ts";
import { ledgerFolder, markerEntry } from "./entry-names.ts";
import { maildirContents } from "./maildir-contents.ts";
import { mboxContents } from "./mbox-contents.ts";
import { fileEntry, type PackEntry } from "./pack-entry.ts";

/** Throws a MailferryError, V901 among them, where the archive can't be packed as a whole. */
export async function* packContents(archive: Archive): AsyncGenerator<PackEntry, void, undefined> {
  if (archive.damaged[0] !== undefined) throw archive.damaged[0];
  const created = new Date(archive.marker.created);
  const contents = { archive, date: Number.isNaN(created.getTime()) ? new Date(0) : created };
  yield* fileEntry(join(archive.directory, markerEntry), markerEntry, contents.date);
  for (const mailbox of archive.mailboxes()) {
    const name = ledgerFolder + ledgerName(mailbox.path, archive.variantOf(mailbox));
    yield* fileEntry(join(archive.directory, name), name, contents.date);
  }
  yield* archive.marker.mail === "mbox" ? mboxContents(contents) : maildirContents(contents);
}

/** How many messages that are; throws V901 where a ledger can't tell. */
export async function countMessages(archive: Archive): Promise<number> {
  let messages = 0;
  for (const mailbox of archive.mailboxes()) {
    await using ledger = await archive.readLedger(mailbox);
    if (ledger?.hasBrokenEnd === true) {
      const name = printable(mailbox.path.join("/"));
      throw new MailferryError("V901", `${name}: ${brokenEnd}`, { scope: "session", retry: "never" });
    }
    messages += ledger?.size ?? 0;
  }
  return messages;
}
