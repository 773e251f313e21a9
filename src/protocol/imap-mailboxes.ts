// The mailboxes of an IMAP account: from the server's names to decoded paths, and back without a doubt.

import type { ListResponse } from "imapflow";
import { decodePath, encodePath } from "imapflow/lib/tools.js";
import type { Mailbox } from "../message.ts";
import type { ImapSession } from "./imap-session.ts";
import { specialUseOf } from "./special-use.ts";

export interface ListedMailbox extends Mailbox {
  /** The name as imapflow takes it, prefix and delimiters included; undefined if it can't be sent back as it came. */
  readonly name: string | undefined;
}

/**
 * The mailboxes that can hold messages, INBOX first. Paths are unique: without the prefix of the personal namespace
 * where that is clear. A name that is not proper modified UTF-7 (RFC 3501 section 5.1.3), or a line of the listing
 * that could not be read, comes all the same, under the server's own spelling and without a `name`.
 */
export async function listMailboxes(session: ImapSession): Promise<ListedMailbox[]> {
  const { client } = session;
  session.skipped.length = 0;
  const entries = await client.list();
  const mailboxes = new Map<string, ListedMailbox>();
  /** The first of these paths that is not taken. */
  const add = (paths: readonly (readonly string[])[], details: Omit<ListedMailbox, "path">) => {
    const path = paths.find((candidate) => !mailboxes.has(JSON.stringify(candidate)));
    if (path !== undefined) mailboxes.set(JSON.stringify(path), { ...details, path });
  };

  // Names outside of the personal namespace first: they have no other path to go to.
  const [own, foreign] = [new Map<string, ListResponse>(), new Map<string, ListResponse>()];
  for (const entry of entries) {
    if (entry.flags.has("\\Noselect") || entry.flags.has("\\NonExistent")) continue;
    const isOwn = session.prefix !== "" && entry.pathAsListed.startsWith(session.prefix);
    (isOwn ? own : foreign).set(entry.pathAsListed, entry);
  }
  for (const [raw, entry] of [...foreign, ...own]) {
    if (isInbox(raw)) {
      add([inbox], { name: "INBOX" });
      continue;
    }
    const decoded = decodePath(client, raw);
    const name = raw !== "" && encodePath(client, decoded) === raw ? decoded : undefined;
    const shown = name ?? raw;
    const whole = split(shown, entry.delimiter);
    const stripped = own.has(raw) ? split(shown.slice(session.prefix.length), entry.delimiter) : whole;
    const specialUse = specialUseOf(entry, session.prefix);
    const paths = [stripped, whole, [raw]].filter((path) => path.length > 1 || !isInbox(path[0] ?? ""));
    add(paths, { name, ...(specialUse === undefined ? {} : { specialUse }) });
  }
  for (const line of session.skipped.splice(0)) {
    if (/^"\* X?LIST /i.test(line)) add([[line]], { name: undefined });
  }
  const found = [...mailboxes.values()];
  return [...found.filter(({ name }) => name === "INBOX"), ...found.filter(({ name }) => name !== "INBOX")];
}

const inbox = ["INBOX"];

/** RFC 9051 section 5.1: in any mixture of cases. */
function isInbox(name: string): boolean {
  return name.toUpperCase() === "INBOX";
}

function split(name: string, delimiter: string | null | undefined): string[] {
  return delimiter ? name.split(delimiter) : [name];
}
