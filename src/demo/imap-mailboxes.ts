// Commands about mailboxes: which there are, how full they are, opening them. RFC 9051 section 6.3.

import { applySelectParameters, highestModSeqOf } from "./imap-modseq.ts";
import { formatName, matchesPattern, parseName, quote } from "./imap-names.ts";
import { type Command, Refusal, textOf, textsOf, type Value } from "./imap-parser.ts";
import type { Handler, ImapSession } from "./imap-session.ts";
import { announcedFlags } from "./imap-traits.ts";
import type { StoredMailbox } from "./mail-store.ts";

export const mailboxCommands: [string, Handler][] = [
  ["NAMESPACE", namespace],
  ["LIST", (session, { args }) => list(session, "LIST", args)],
  ["LSUB", (session, { args }) => list(session, "LSUB", args)],
  ["STATUS", status],
  ["SELECT", (session, { args }) => select(session, args, false)],
  ["EXAMINE", (session, { args }) => select(session, args, true)],
];

async function namespace(session: ImapSession): Promise<string> {
  const { prefix } = session.service.naming;
  await session.untagged(`NAMESPACE ((${quote(prefix)} ${delimiterOf(session)})) NIL NIL`);
  return "NAMESPACE done";
}

function delimiterOf(session: ImapSession): string {
  const { delimiter } = session.service.naming;
  return delimiter === "" ? "NIL" : quote(delimiter);
}

async function list(session: ImapSession, verb: "LIST" | "LSUB", args: readonly Value[]): Promise<string> {
  const { naming, store, caseInsensitiveNames: ignoreCase = false } = session.service;
  const reference = textOf(args[0]);
  const patterns = textsOf(args[1]).map((pattern) => reference + pattern);
  const { options, items } = returnOptions(session, args[3]);
  if (patterns.join("") === "") {
    await session.untagged(`${verb} (\\Noselect) ${delimiterOf(session)} ""`);
    return `${verb} done`;
  }
  const mailboxes = new Map<string, StoredMailbox | undefined>();
  for (const mailbox of store.mailboxes) {
    for (let depth = 1; depth < mailbox.path.length; depth += 1) {
      const parent = formatName(mailbox.path.slice(0, depth), naming);
      if (!mailboxes.has(parent)) mailboxes.set(parent, undefined);
    }
    mailboxes.set(formatName(mailbox.path, naming), mailbox);
  }
  const names = [...mailboxes.keys()];
  for (const [name, mailbox] of mailboxes) {
    if (!patterns.some((pattern) => matchesPattern(name, pattern, naming, ignoreCase))) continue;
    if (verb === "LSUB" && (mailbox === undefined || mailbox.subscribed === false)) continue;
    const isParent = naming.delimiter !== "" && names.some((other) => other.startsWith(name + naming.delimiter));
    const attributes = attributesOf(session, mailbox, isParent, options.has("SUBSCRIBED"));
    await session.untagged(`${verb} (${attributes.join(" ")}) ${delimiterOf(session)} ${quote(name)}`);
    if (mailbox !== undefined && items !== undefined) await tellStatus(session, mailbox, items);
  }
  return `${verb} done`;
}

/** The names after RETURN, and the items of STATUS (RFC 5819) if that is among them. */
function returnOptions(
  session: ImapSession,
  value: Value | undefined,
): { readonly options: ReadonlySet<string>; readonly items: Value | undefined } {
  const values = value === undefined ? [] : Array.isArray(value) ? value : [value];
  const options = new Set(values.flatMap((one) => (Array.isArray(one) ? [] : textOf(one).toUpperCase())));
  const items = values.find(Array.isArray);
  if ((items !== undefined) !== options.has("STATUS") || (items !== undefined && !session.offers("LIST-STATUS"))) {
    throw new Refusal("BAD", "This server does not know that option");
  }
  return { options, items };
}

/** A parent that is no mailbox itself is `\NonExistent` for clients of LIST-EXTENDED, `\Noselect` for all others. */
function attributesOf(
  session: ImapSession,
  mailbox: StoredMailbox | undefined,
  isParent: boolean,
  tellSubscribed: boolean,
): string[] {
  const offers = new Set(session.capabilities);
  const attributes = [isParent ? "\\HasChildren" : "\\HasNoChildren"];
  if (mailbox === undefined) attributes.push(offers.has("LIST-EXTENDED") ? "\\NonExistent" : "\\Noselect");
  else if (tellSubscribed && mailbox.subscribed !== false) attributes.push("\\Subscribed");
  if (mailbox?.specialUse !== undefined && offers.has("SPECIAL-USE")) attributes.push(mailbox.specialUse);
  return attributes;
}

/** @throws Refusal if there is none of this name. */
export function mailboxOf(session: ImapSession, name: Value | undefined, code = "NONEXISTENT"): StoredMailbox {
  const path = parseName(textOf(name), session.service.naming);
  const mailbox = path === undefined ? undefined : session.findMailbox(path);
  if (mailbox === undefined) throw new Refusal("NO", `[${code}] No such mailbox`);
  return mailbox;
}

const statusItems = new Map<string, (mailbox: StoredMailbox) => number>([
  ["MESSAGES", (mailbox) => mailbox.messages.length],
  ["RECENT", () => 0],
  ["UIDNEXT", (mailbox) => mailbox.uidNext],
  ["UIDVALIDITY", (mailbox) => mailbox.uidValidity],
  ["UNSEEN", (mailbox) => mailbox.messages.filter((message) => !message.flags.includes("\\Seen")).length],
  ["DELETED", (mailbox) => mailbox.messages.filter((message) => message.flags.includes("\\Deleted")).length],
  ["SIZE", (mailbox) => mailbox.messages.reduce((sum, message) => sum + message.bytes.length, 0)],
  ["HIGHESTMODSEQ", highestModSeqOf],
]);

async function status(session: ImapSession, { args }: Command): Promise<string> {
  await tellStatus(session, mailboxOf(session, args[0]), args[1]);
  return "STATUS done";
}

async function tellStatus(session: ImapSession, mailbox: StoredMailbox, items: Value | undefined): Promise<void> {
  const values = textsOf(items).map((text) => {
    const item = text.toUpperCase();
    const value = item === "HIGHESTMODSEQ" && !session.offers("CONDSTORE") ? undefined : statusItems.get(item);
    if (value === undefined) throw new Refusal("BAD", "Unknown STATUS item");
    if (item === "HIGHESTMODSEQ") session.condstore = true;
    return `${item} ${value(mailbox)}`;
  });
  await session.untagged(`STATUS ${quote(formatName(mailbox.path, session.service.naming))} (${values.join(" ")})`);
}

async function select(session: ImapSession, args: readonly Value[], readOnly: boolean): Promise<string> {
  session.selected = undefined;
  applySelectParameters(session, args[1]);
  const mailbox = mailboxOf(session, args[0]);
  const flags = announcedFlags(session.service, mailbox);
  await session.untagged(`FLAGS (${flags.all})`);
  const lies = session.service.script().onSelect?.(mailbox);
  const { exists, uidValidity, uidNext } = {
    exists: mailbox.messages.length,
    uidValidity: mailbox.uidValidity,
    uidNext: mailbox.uidNext,
    ...lies,
  };
  if (exists !== null) await session.untagged(`${exists} EXISTS`);
  await session.untagged("0 RECENT");
  await session.untagged(`OK [PERMANENTFLAGS (${readOnly ? "" : flags.kept})] What can be changed`);
  if (uidValidity !== null) await session.untagged(`OK [UIDVALIDITY ${uidValidity}] UIDs are valid`);
  if (uidNext !== null) await session.untagged(`OK [UIDNEXT ${uidNext}] Predicted next UID`);
  if (session.offers("CONDSTORE")) await session.untagged(`OK [HIGHESTMODSEQ ${highestModSeqOf(mailbox)}] Highest`);
  session.selected = { mailbox, readOnly, view: [...mailbox.messages] };
  return readOnly ? "[READ-ONLY] EXAMINE done" : "[READ-WRITE] SELECT done";
}
