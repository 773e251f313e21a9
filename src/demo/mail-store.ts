// The account behind the demo servers: mailboxes and messages in memory, shared by IMAP and POP3.

import { normalizeFlags } from "../flags.ts";

export interface StoredMessage {
  uid: number;
  flags: string[];
  internalDate: Date;
  bytes: Buffer;
  /** RFC 1939 section 7: 1 to 70 characters from 0x21 to 0x7E, never used again in this mailbox. */
  uidl: string;
  /** RFC 7162: of its last change. Absent means 1. `addMessage` and `setFlags` keep it. */
  modSeq?: number;
  /** Decimal digits: the same for one message in several mailboxes. Absent: made from its octets where it is asked for. */
  emailId?: string;
  /** Of Gmail, decoded, all of them in each mailbox the message is in: `Projets/2026`, and `\Inbox` for a system label. */
  labels?: string[];
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
  /** RFC 7162 HIGHESTMODSEQ: of the last change in it, also of messages that are gone. Absent means 1. */
  highestModSeq?: number;
}

export interface MailStore {
  user: string;
  password: string;
  mailboxes: StoredMailbox[];
  /** Greater than every UIDVALIDITY given so far, also to mailboxes that are gone. */
  uidValidityNext?: number;
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
    uidValidity: Math.max(1_760_000_001 + store.mailboxes.length, store.uidValidityNext ?? 0),
    uidNext: 1,
    messages: [],
    ...(specialUse === undefined ? {} : { specialUse }),
  };
  store.mailboxes.push(mailbox);
  store.uidValidityNext = mailbox.uidValidity + 1;
  return mailbox;
}

/** Another mailbox added under its path gets a UIDVALIDITY never used before. */
export function removeMailbox(store: MailStore, mailbox: StoredMailbox): void {
  store.mailboxes = store.mailboxes.filter((other) => other !== mailbox);
  store.uidValidityNext = Math.max(store.uidValidityNext ?? 0, mailbox.uidValidity + 1);
}

/**
 * The mailbox with this path. INBOX is found in any case (RFC 9051 section 5.1); with `ignoreCase` so are all others, the
 * first added where there are several.
 */
export function findMailbox(store: MailStore, path: readonly string[], ignoreCase = false): StoredMailbox | undefined {
  const wanted = identity(path, ignoreCase);
  return store.mailboxes.find((mailbox) => identity(mailbox.path, ignoreCase) === wanted);
}

function identity(path: readonly string[], ignoreCase: boolean): string {
  const text = JSON.stringify(path.map((name, at) => (at === 0 && name.toUpperCase() === "INBOX" ? "INBOX" : name)));
  return ignoreCase ? text.toLowerCase() : text;
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
  emailId?: string;
  labels?: readonly string[];
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
    modSeq: nextModSeq(mailbox),
    ...(details.emailId === undefined ? {} : { emailId: details.emailId }),
    ...(details.labels === undefined ? {} : { labels: [...details.labels] }),
  };
  mailbox.messages.push(message);
  return message;
}

/** Sets all flags of a message; where that changes any, its mod-sequence and that of the mailbox grow. */
export function setFlags(mailbox: StoredMailbox, message: StoredMessage, flags: Iterable<string>): void {
  const wanted = normalizeFlags(flags);
  if (wanted.join(" ") === message.flags.join(" ")) return;
  message.flags = wanted;
  message.modSeq = nextModSeq(mailbox);
}

/** As EXPUNGE does: the mod-sequence of the mailbox grows if there is any such message. */
export function removeMessages(mailbox: StoredMailbox, isGone: (message: StoredMessage) => boolean): void {
  const kept = mailbox.messages.filter((message) => !isGone(message));
  if (kept.length < mailbox.messages.length) nextModSeq(mailbox);
  mailbox.messages = kept;
}

function nextModSeq(mailbox: StoredMailbox): number {
  mailbox.highestModSeq = (mailbox.highestModSeq ?? 1) + 1;
  return mailbox.highestModSeq;
}
