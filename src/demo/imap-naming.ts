// Commands that create, rename, delete and subscribe to mailboxes. RFC 9051 sections 6.3.4 to 6.3.8.

import { mailboxOf } from "./imap-mailboxes.ts";
import { parseName } from "./imap-names.ts";
import { type Command, Refusal, textOf, type Value } from "./imap-parser.ts";
import type { Handler, ImapSession } from "./imap-session.ts";
import { addMailbox, removeMailbox, type StoredMailbox } from "./mail-store.ts";

export const namingCommands: [string, Handler][] = [
  ["CREATE", create],
  ["DELETE", remove],
  ["RENAME", rename],
  ["SUBSCRIBE", (session, { args }) => subscribe(session, args[0], true)],
  ["UNSUBSCRIBE", (session, { args }) => subscribe(session, args[0], false)],
];

function create(session: ImapSession, { args }: Command): string {
  addMailbox(session.service.store, freePath(session, args[0])).subscribed = false;
  return "CREATE done";
}

/** The mailboxes below it stay. Whoever has it open sees it as it was. */
function remove(session: ImapSession, { args }: Command): string {
  const mailbox = changeable(session, args[0]);
  removeMailbox(session.service.store, mailbox);
  if (session.selected?.mailbox === mailbox) session.selected = undefined;
  return "DELETE done";
}

/** With the mailboxes below it. UIDs and UIDVALIDITY stay. */
function rename(session: ImapSession, { args }: Command): string {
  const { path } = changeable(session, args[0]);
  const newPath = freePath(session, args[1]);
  const depth = path.length;
  const isSame = (name: string, level: number) => name === path[level];
  if (newPath.length > depth && newPath.slice(0, depth).every(isSame)) {
    throw new Refusal("NO", "[CANNOT] A mailbox can't move below itself");
  }
  for (const mailbox of session.service.store.mailboxes) {
    if (mailbox.path.length >= depth && mailbox.path.slice(0, depth).every(isSame)) {
      mailbox.path = [...newPath, ...mailbox.path.slice(depth)];
    }
  }
  return "RENAME done";
}

/** @throws Refusal if it is INBOX or does not exist. */
function changeable(session: ImapSession, name: Value | undefined): StoredMailbox {
  const mailbox = mailboxOf(session, name);
  if (mailbox.path.length === 1 && mailbox.path[0]?.toUpperCase() === "INBOX") {
    throw new Refusal("NO", "[CANNOT] INBOX stays");
  }
  return mailbox;
}

/** @throws Refusal if it can't be a name or is one already. */
function freePath(session: ImapSession, name: Value | undefined): string[] {
  const { naming } = session.service;
  const asked = textOf(name);
  const bare = naming.delimiter !== "" && asked.endsWith(naming.delimiter) ? asked.slice(0, -1) : asked;
  const path = parseName(bare, naming);
  if (path === undefined || path.includes("")) throw new Refusal("NO", "[CANNOT] No such name here");
  if (session.findMailbox(path) !== undefined) throw new Refusal("NO", "[ALREADYEXISTS] It exists");
  return path;
}

function subscribe(session: ImapSession, name: Value | undefined, subscribed: boolean): string {
  mailboxOf(session, name).subscribed = subscribed;
  return subscribed ? "SUBSCRIBE done" : "UNSUBSCRIBE done";
}
