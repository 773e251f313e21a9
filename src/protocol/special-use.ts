// Which mailbox is Sent, Trash, Junk: the server's word (RFC 6154), or a name that leaves no doubt.

import type { ListResponse } from "imapflow";

// Names that imapflow's own table does not know; compared folded, without the namespace prefix.
const names = new Map(
  Object.entries({
    "\\Sent": ["Envoyé", "Objets envoyés", "Courrier envoyé", "Postausgang", "OUTBOX", "보낸편지함"],
    "\\Trash": ["Messages supprimés"],
    "\\Junk": ["Spamverdacht", "Spam-Verdacht", "Unbekannt", "Bulk", "INDESIRABLES", "QUARANTAINE"],
    "\\Drafts": ["Entwurf"],
    "\\All": ["All Mail", "Tous les messages", "Alle Nachrichten"],
    "\\Flagged": ["Starred", "Suivis"],
  }).flatMap(([use, list]) => list.map((name): [string, string] => [fold(name), use])),
);

/** The RFC 6154 attribute of a listed mailbox, with its backslash. INBOX has none. */
export function specialUseOf(entry: ListResponse, prefix: string): string | undefined {
  if (entry.specialUse !== undefined) return entry.specialUse === "\\Inbox" ? undefined : entry.specialUse;
  const name = entry.path.startsWith(prefix) ? entry.path.slice(prefix.length) : entry.path;
  return names.get(fold(name.replace(/^\[(Gmail|Google Mail)\]\//, "")));
}

function fold(name: string): string {
  return name.normalize("NFC").toLowerCase();
}
