// The mailboxes of an IMAP account: from the server's names to decoded paths, and back without a doubt.

import type { ListOptions, ListResponse } from "imapflow";
import { MailferryError } from "../errors.ts";
import { quoteServer } from "../formats/printable.ts";
import type { Mailbox } from "../message.ts";
import { refusalOf } from "./imap-errors.ts";
import type { ImapSession } from "./imap-session.ts";
import { listsStanding, type MailboxStanding, noteAsked, standingOf, standingQuery } from "./imap-state.ts";
import { decodePath, encodePath } from "./imapflow.ts";
import { specialUseByAttribute, specialUseByName } from "./special-use.ts";

export interface ListedMailbox extends Mailbox {
  /** The name as imapflow takes it, prefix and delimiters included; undefined if it can't be sent back as it came. */
  readonly name: string | undefined;
  /** Whether the server told the special-use, or it was concluded from the name. Set if `specialUse` is. */
  readonly specialUseSource?: "attribute" | "name" | undefined;
  /** Where it was asked for and the server told it. */
  readonly standing?: MailboxStanding | undefined;
}

/**
 * The mailboxes that can hold messages, INBOX first. Paths are unique: without the prefix of the personal namespace
 * where that is clear. A name that is not proper modified UTF-7 (RFC 3501 section 5.1.3), or a line of the listing
 * that could not be read, comes all the same, under the server's own spelling and without a `name`. A special-use is
 * concluded from a name only where the server gives it to no mailbox. With `standing` it is told how each stands, where
 * that takes no further command.
 */
export async function listMailboxes(
  session: ImapSession,
  { standing = false }: { readonly standing?: boolean } = {},
): Promise<ListedMailbox[]> {
  const { client } = session;
  const listed = standing && listsStanding(session) ? await listWithStatus(session) : await list(session);
  const entries = listed.filter(({ flags }) => !flags.has("\\Noselect") && !flags.has("\\NonExistent"));
  const told = new Set(entries.filter(({ path }) => !isInbox(path)).map(({ flags }) => specialUseByAttribute(flags)));
  const mailboxes = new Map<string, ListedMailbox>();
  /** The first of these paths that is not taken. */
  const add = (paths: readonly (readonly string[])[], details: Omit<ListedMailbox, "path">) => {
    const path = paths.find((candidate) => !mailboxes.has(JSON.stringify(candidate)));
    if (path !== undefined) mailboxes.set(JSON.stringify(path), { ...details, path });
  };

  // imapflow finds the answer by the decoded name, which two that are spelled differently may share.
  const once = new Set<string>();
  const doubled = new Set(entries.filter(({ path }) => once.size === once.add(path).size).map(({ path }) => path));
  const standingIn = ({ path, status }: ListResponse) => (doubled.has(path) ? undefined : standingOf(status));

  // Names outside of the personal namespace first: they have no other path to go to.
  const [own, foreign] = [new Map<string, ListResponse>(), new Map<string, ListResponse>()];
  for (const entry of entries) {
    const isOwn = session.prefix !== "" && entry.pathAsListed.startsWith(session.prefix);
    (isOwn ? own : foreign).set(entry.pathAsListed, entry);
  }
  for (const [raw, entry] of [...foreign, ...own]) {
    if (isInbox(raw)) {
      add([inbox], { name: "INBOX", standing: standingIn(entry) });
      continue;
    }
    const decoded = decodePath(client, raw);
    const name = raw !== "" && encodePath(client, decoded) === raw ? decoded : undefined;
    const shown = name ?? raw;
    const whole = split(shown, entry.delimiter);
    const stripped = own.has(raw) ? split(shown.slice(session.prefix.length), entry.delimiter) : whole;
    const paths = [stripped, whole, [raw]].filter((path) => path.length > 1 || !isInbox(path[0] ?? ""));
    add(paths, { name, ...specialUseOf(entry, stripped, told), standing: standingIn(entry) });
  }
  for (const line of session.skipped.splice(0)) {
    if (/^"\* X?LIST /i.test(line)) add([[line]], { name: undefined });
  }
  const found = [...mailboxes.values()];
  return [...found.filter(({ name }) => name === "INBOX"), ...found.filter(({ name }) => name !== "INBOX")];
}

function list(session: ImapSession, options?: ListOptions): Promise<ListResponse[]> {
  session.skipped.length = 0;
  return session.client.list(options);
}

/** A server that can't do both at once is asked for the mailboxes alone. */
async function listWithStatus(session: ImapSession): Promise<ListResponse[]> {
  noteAsked(session);
  try {
    return await list(session, { statusQuery: standingQuery });
  } catch (error) {
    if (session.classify(error) !== undefined || refusalOf(error) === undefined) throw error;
    return list(session);
  }
}

/** `told` are the attributes that the server gives to any mailbox: no name stands against them. */
function specialUseOf(
  { flags }: ListResponse,
  path: readonly string[],
  told: ReadonlySet<string | undefined>,
): Pick<ListedMailbox, "specialUse" | "specialUseSource"> {
  const byAttribute = specialUseByAttribute(flags);
  if (byAttribute !== undefined) return { specialUse: byAttribute, specialUseSource: "attribute" };
  const byName = specialUseByName(path);
  return byName === undefined || told.has(byName) ? {} : { specialUse: byName, specialUseSource: "name" };
}

/** What separates the levels of names in the personal namespace; empty if its names have no levels. */
export async function delimiterOf({ client, prefix }: ImapSession): Promise<string> {
  const told = client.namespace?.delimiter;
  if (told === null) return "";
  // imapflow takes "." for granted where a server answers NAMESPACE with NIL (RFC 2342 section 5).
  const isGuess = told === "." && prefix === "" && client.capabilities.has("NAMESPACE");
  if (told !== undefined && !isGuess) return told;
  const entries = await client.list();
  const listed: (string | null | undefined)[] = entries.map(({ delimiter }) => delimiter);
  return listed.find(Boolean) ?? (listed.length === 0 ? (told ?? "") : "");
}

/**
 * The name, as imapflow takes it, for a mailbox that the server does not list yet. Once made, it is listed with the same
 * path again, with one exception: where the prefix is `INBOX.`, INBOX/x becomes `INBOX.x` and not `INBOX.INBOX.x`, as
 * people and other programs expect, so it is listed as x: whoever plans where mail goes must take both for one mailbox.
 * Throws a MailferryError (D504, scope "mailbox") if a segment holds the delimiter, a control character, half a
 * character or nothing.
 */
export function formatMailboxName(session: ImapSession, path: readonly string[], delimiter: string): string {
  if (path.length === 1 && isInbox(path[0] ?? "")) return "INBOX";
  const isRepeated = isInbox(session.prefix.slice(0, -1)) && path.length > 1 && isInbox(path[0] ?? "");
  const below = isRepeated ? path.slice(1) : path;
  const name = session.prefix + below.join(delimiter);
  const holdsDelimiter = (segment: string) => delimiter !== "" && segment.includes(delimiter);
  const isUnfit = (segment: string) => segment === "" || /[\p{Cc}\p{Cs}]/u.test(segment) || holdsDelimiter(segment);
  // Dovecot takes INBOX.INBOX for INBOX.
  const isInboxAgain = below.length === 1 && isInbox(below[0] ?? "");
  const hasLevels = path.length > 1 && delimiter === "";
  const survives = decodePath(session.client, encodePath(session.client, name)) === name;
  if (path.length === 0 || path.some(isUnfit) || isInboxAgain || hasLevels || !survives) {
    throw new MailferryError("D504", `the server can't have a mailbox called ${quoteServer(path.join("/"))}`, {
      scope: "mailbox",
      retry: "never",
      remedy: "Give it another name in mailboxes.map.",
    });
  }
  return name;
}

const inbox = ["INBOX"];

/** RFC 9051 section 5.1: in any mixture of cases. */
function isInbox(name: string): boolean {
  return /^inbox$/i.test(name);
}

function split(name: string, delimiter: string | null | undefined): string[] {
  return delimiter ? name.split(delimiter) : [name];
}
