// One message in several mailboxes: Gmail's identities and labels (X-GM-EXT-1), and the identities of RFC 8474.

import { createHash } from "node:crypto";
import { encodeMutf7 } from "../formats/mutf7.ts";
import type { FetchItem } from "./imap-fetch.ts";
import { quote } from "./imap-names.ts";
import type { StoredMailbox, StoredMessage } from "./mail-store.ts";

/** Every message is a thread of its own. */
export const identityItems: readonly FetchItem[] = [
  { name: "X-GM-MSGID", needs: "X-GM-EXT-1", format: emailIdOf },
  { name: "X-GM-THRID", needs: "X-GM-EXT-1", format: emailIdOf },
  { name: "X-GM-LABELS", needs: "X-GM-EXT-1", format: formatLabels },
  { name: "EMAILID", needs: "OBJECTID", format: (message) => `(M${emailIdOf(message)})` },
  { name: "THREADID", needs: "OBJECTID", format: (message) => `(T${emailIdOf(message)})` },
];

/** Decimal digits of a number below 2^63. */
function emailIdOf({ emailId, bytes }: StoredMessage): string {
  return emailId ?? `${createHash("sha256").update(bytes).digest().readBigUInt64BE() >> 1n}`;
}

/** As Gmail has it, without the label that is the mailbox itself. */
function formatLabels({ labels = [] }: StoredMessage, mailbox: StoredMailbox): string {
  const others = labels.filter((label) => label !== ownLabelOf(mailbox));
  return `(${others.map((label) => quote(label.startsWith("\\") ? label : encodeMutf7(label))).join(" ")})`;
}

const labelOfUse = new Map([
  ["\\Sent", "\\Sent"],
  ["\\Drafts", "\\Draft"],
  ["\\Flagged", "\\Starred"],
  ["\\Important", "\\Important"],
  ["\\Junk", "\\Spam"],
  ["\\Trash", "\\Trash"],
]);

/** The label that a message gets by lying in this mailbox. */
function ownLabelOf({ path, specialUse = "" }: StoredMailbox): string {
  const name = path.join("/");
  return name.toUpperCase() === "INBOX" ? "\\Inbox" : (labelOfUse.get(specialUse) ?? name);
}
