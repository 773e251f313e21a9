// FETCH: rows of facts and octets, and what a script does to them. RFC 9051 sections 6.4.5 and 7.5.2.

import { identityItems } from "./imap-gmail.ts";
import { changedSinceOf, modSeqItems, modSeqOf } from "./imap-modseq.ts";
import { type Command, Refusal, textOf, textsOf } from "./imap-parser.ts";
import { type Row, rowsOf } from "./imap-rows.ts";
import type { FetchFault } from "./imap-script.ts";
import type { Handler, ImapSession, Selected } from "./imap-session.ts";
import { findMessage, type StoredMailbox, type StoredMessage, setFlags } from "./mail-store.ts";

export const fetchCommands: [string, Handler][] = [
  ["FETCH", fetch],
  ["UID FETCH", fetch],
];

/** A fact about a message. */
export interface FetchItem {
  readonly name: string;
  /** The capability without which it is unknown. */
  readonly needs?: string;
  /** What stands behind the name. */
  format(message: StoredMessage, mailbox: StoredMailbox): string;
}

/** `BODY[section]<offset.length>`; RFC822 and its kin are BODY[] under an older name. */
interface BodyItem {
  readonly name: string;
  readonly section: "" | "HEADER" | "TEXT";
  readonly peek: boolean;
  readonly offset: number | undefined;
  readonly length: number | undefined;
}

const facts = new Map<string, FetchItem>(
  [
    { name: "UID", format: ({ uid }: StoredMessage) => `${uid}` },
    { name: "FLAGS", format: ({ flags }: StoredMessage) => `(${flags.join(" ")})` },
    { name: "INTERNALDATE", format: ({ internalDate }: StoredMessage) => `"${formatDate(internalDate)}"` },
    { name: "RFC822.SIZE", format: ({ bytes }: StoredMessage) => `${bytes.length}` },
    ...modSeqItems,
    ...identityItems,
  ].map((item) => [item.name, item]),
);

function parseItem(session: ImapSession, text: string): FetchItem | BodyItem {
  const name = text.toUpperCase();
  const fact = facts.get(name);
  if (fact !== undefined && (fact.needs === undefined || session.offers(fact.needs))) return fact;
  if (name === "RFC822") return { name, section: "", peek: false, offset: undefined, length: undefined };
  const match = /^BODY(\.PEEK)?\[(|HEADER|TEXT)\](?:<(\d{1,10})\.(\d{1,10})>)?$/.exec(name);
  if (match === null) throw new Refusal("BAD", "This server does not know that FETCH item");
  const section = match[2] === "HEADER" ? "HEADER" : match[2] === "TEXT" ? "TEXT" : "";
  const offset = match[3] === undefined ? undefined : Number(match[3]);
  const length = match[4] === undefined ? undefined : Number(match[4]);
  const label = `BODY[${section}]${offset === undefined ? "" : `<${offset}>`}`;
  return { name: label, section, peek: match[1] !== undefined, offset, length };
}

async function fetch(session: ImapSession, command: Command): Promise<string> {
  const selected = session.requireSelected();
  const since = changedSinceOf(session, command.args[2]);
  const names = textsOf(command.args[1]);
  const has = (name: string) => names.some((other) => other.toUpperCase() === name);
  if (command.name === "UID FETCH" && !has("UID")) names.unshift("UID");
  // RFC 7162 section 3.1.4.1: CHANGEDSINCE asks for MODSEQ too.
  if (since !== undefined && !has("MODSEQ")) names.push("MODSEQ");
  const items = names.map((name) => parseItem(session, name));
  if (has("MODSEQ")) session.condstore = true;
  const body = items.some((item) => "section" in item);
  for (const row of arranged(session, command, rowsOf(selected, command, textOf(command.args[0])))) {
    if (findMessage(selected.mailbox, row.message.uid) !== row.message) continue;
    if (since !== undefined && modSeqOf(row.message) <= since) continue;
    const asked = { uid: row.message.uid, mailbox: selected.mailbox, body, connection: session.wire.connection };
    const fault = await session.service.script().onFetch?.(asked);
    if (fault === "omit") continue;
    if (fault === "no") throw new Refusal("NO", "[SERVERBUG] The message can't be read");
    await sendRow(session, selected, row, items, fault);
    await session.service.script().afterFetchRow?.(asked);
  }
  return `${command.name} done`;
}

function arranged(session: ImapSession, { line }: Command, rows: readonly Row[]): readonly Row[] {
  const { arrangeRows } = session.service.script();
  if (arrangeRows === undefined) return rows;
  const byUid = new Map(rows.map((row) => [row.message.uid, row]));
  return arrangeRows([...byUid.keys()], line).flatMap((uid) => byUid.get(uid) ?? []);
}

async function sendRow(
  session: ImapSession,
  selected: Selected,
  { sequence, message }: Row,
  items: readonly (FetchItem | BodyItem)[],
  fault: Exclude<FetchFault, "omit" | "no"> | undefined,
): Promise<void> {
  const altered = typeof fault === "object" ? fault : {};
  const told = items.filter(({ name }) => altered.items?.[name] !== null);
  let text = `* ${sequence} FETCH (`;
  for (const [index, item] of told.entries()) {
    if (index > 0) text += " ";
    const words = altered.items?.[item.name];
    if (typeof words === "string") text += `${item.name} ${words}`;
    else if (item.name === "RFC822.SIZE" && altered.size !== undefined) text += `RFC822.SIZE ${altered.size}`;
    else if (!("section" in item)) text += `${item.name} ${item.format(message, selected.mailbox)}`;
    else if (fault === "nil") text += `${item.name} NIL`;
    else {
      const octets = sectionOf(altered.bytes ?? message.bytes, item);
      await session.wire.send(`${text}${item.name} {${octets.length}}\r\n`);
      text = "";
      await sendOctets(session, octets, item, altered.cutAfter ?? altered.stallAfter);
      if (altered.cutAfter !== undefined) await session.wire.cut();
      if (altered.stallAfter !== undefined) await session.wire.stall();
      if (!item.peek && !selected.readOnly) setFlags(selected.mailbox, message, [...message.flags, "\\Seen"]);
    }
  }
  await session.wire.send(`${text})\r\n`);
}

async function sendOctets(session: ImapSession, octets: Buffer, item: BodyItem, end = Infinity): Promise<void> {
  await session.wire.send(octets.subarray(0, end), item.section === "" ? "body" : "protocol");
  if (end !== Infinity && end > octets.length) await session.wire.send(")\r\n".slice(0, end - octets.length));
}

function sectionOf(bytes: Buffer, { section, offset = 0, length = Infinity }: BodyItem): Buffer {
  const blank = bytes.indexOf("\r\n\r\n");
  const bodyAt = blank < 0 ? bytes.length : blank + 4;
  const whole = section === "" ? bytes : section === "HEADER" ? bytes.subarray(0, bodyAt) : bytes.subarray(bodyAt);
  return whole.subarray(offset, offset + length);
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** RFC 9051 `date-time`, in UTC. */
function formatDate(date: Date): string {
  const day = String(date.getUTCDate()).padStart(2, " ");
  const time = date.toISOString().slice(11, 19);
  return `${day}-${months[date.getUTCMonth()]}-${date.getUTCFullYear()} ${time} +0000`;
}
