// The account behind the demo servers: mailboxes and messages in memory, shared by IMAP and POP3.

import { normalizeFlags } from "../flags.ts";

export interface StoredMessage {
  uid: number;
  flags: string[];
  internalDate: Date;
  bytes: Buffer;
  /** RFC 1939 section 7: 1 to 70 characters from 0x21 to 0x7E, never used again in this mailbox. */
  uidl: string;
}

export interface StoredMailbox {
  /** Decoded, without prefix and delimiter: `["Projets", "2026"]`. */
  path: string[];
  uidValidity: number;
  /** Greater than every UID given so far, also to messages that are gone. */
  uidNext: number;
  /** In ascending order of UID: the index is the sequence number less one. */
  messages: StoredMessage[];
  /** RFC 6154 attribute with its backslash, such as `\Sent`. */
  specialUse?: string;
  /** Absent means yes. */
  subscribed?: boolean;
}

export interface MailStore {
  user: string;
  password: string;
  mailboxes: StoredMailbox[];
}

/** An account with one empty mailbox, INBOX. */
export function createMailStore(user: string, password: string): MailStore {
  const store: MailStore = { user, password, mailboxes: [] };
  addMailbox(store, ["INBOX"]);
  return store;
}

/** Adds an empty mailbox, or returns the one that has this path already. */
export function addMailbox(store: MailStore, path: readonly string[], specialUse?: string): StoredMailbox {
  const existing = findMailbox(store, path);
  if (existing !== undefined) return existing;
  const mailbox: StoredMailbox = {
    path: [...path],
    uidValidity: 1_760_000_001 + store.mailboxes.length,
    uidNext: 1,
    messages: [],
    ...(specialUse === undefined ? {} : { specialUse }),
  };
  store.mailboxes.push(mailbox);
  return mailbox;
}

/** The mailbox with this path; INBOX is found in any case (RFC 9051 section 5.1). */
export function findMailbox(store: MailStore, path: readonly string[]): StoredMailbox | undefined {
  const wanted = identity(path);
  return store.mailboxes.find((mailbox) => identity(mailbox.path) === wanted);
}

function identity(path: readonly string[]): string {
  return JSON.stringify(path.map((name, level) => (level === 0 && name.toUpperCase() === "INBOX" ? "INBOX" : name)));
}

export function findMessage(mailbox: StoredMailbox, uid: number): StoredMessage | undefined {
  let from = 0;
  let to = mailbox.messages.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((mailbox.messages[middle]?.uid ?? Infinity) < uid) from = middle + 1;
    else to = middle;
  }
  const message = mailbox.messages[from];
  return message?.uid === uid ? message : undefined;
}

export interface NewMessage {
  flags?: readonly string[];
  internalDate?: Date;
}

/** Appends a message under the next UID. Without a date it gets one that depends on its UID alone. */
export function addMessage(
  mailbox: StoredMailbox,
  bytes: Uint8Array | string,
  details: NewMessage = {},
): StoredMessage {
  const uid = mailbox.uidNext;
  mailbox.uidNext += 1;
  const message: StoredMessage = {
    uid,
    flags: normalizeFlags(details.flags ?? []),
    internalDate: details.internalDate ?? new Date(Date.UTC(2026, 0, 1, 8, 0, uid)),
    bytes: typeof bytes === "string" ? Buffer.from(bytes, "utf8") : Buffer.from(bytes),
    uidl: `${mailbox.uidValidity.toString(16)}.${uid.toString(16).padStart(8, "0")}`,
  };
  mailbox.messages.push(message);
  return message;
}
