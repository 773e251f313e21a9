// Commands about the messages of the selected mailbox. RFC 9051 sections 6.4 and 7.5.2.

import { normalizeFlags } from "../flags.ts";
import { type Command, Refusal, selectNumbers, textOf, textsOf, type Value } from "./imap-parser.ts";
import type { FetchFault } from "./imap-script.ts";
import type { Handler, ImapSession, Selected } from "./imap-session.ts";
import { findMessage, type StoredMessage } from "./mail-store.ts";

export const messageCommands: [string, Handler][] = [
  ["FETCH", fetch],
  ["UID FETCH", fetch],
  ["SEARCH", search],
  ["UID SEARCH", search],
  ["STORE", store],
  ["UID STORE", store],
  ["EXPUNGE", (session) => expunge(session, undefined)],
  ["UID EXPUNGE", (session, { args }) => expunge(session, textOf(args[0]))],
  ["CLOSE", close],
  ["UNSELECT", unselect],
];

interface Row {
  readonly sequence: number;
  readonly message: StoredMessage;
}

/** The messages a set names, by UID or by sequence number, of those that still exist. */
function rowsOf(selected: Selected, command: Command, set: string): Row[] {
  const byUid = command.name.startsWith("UID ");
  const numbers = selected.view.map((message, index) => (byUid ? message.uid : index + 1));
  const wanted = selectNumbers(set, numbers);
  const rows = selected.view.map((message, index) => ({ sequence: index + 1, message }));
  return rows.filter(({ sequence, message }) => wanted.has(byUid ? message.uid : sequence));
}

/** `BODY[section]<offset.length>`; RFC822 and its kin are BODY[] under an older name. */
interface BodyItem {
  readonly label: string;
  readonly section: "" | "HEADER" | "TEXT";
  readonly peek: boolean;
  readonly offset: number | undefined;
  readonly length: number | undefined;
}

const plainItems = new Set(["UID", "FLAGS", "INTERNALDATE", "RFC822.SIZE"]);

function parseItem(text: string): string | BodyItem {
  const item = text.toUpperCase();
  if (plainItems.has(item)) return item;
  if (item === "RFC822") return { label: item, section: "", peek: false, offset: undefined, length: undefined };
  const match = /^BODY(\.PEEK)?\[(|HEADER|TEXT)\](?:<(\d{1,10})\.(\d{1,10})>)?$/.exec(item);
  if (match === null) throw new Refusal("BAD", "This server does not know that FETCH item");
  const section = match[2] === "HEADER" ? "HEADER" : match[2] === "TEXT" ? "TEXT" : "";
  const offset = match[3] === undefined ? undefined : Number(match[3]);
  const length = match[4] === undefined ? undefined : Number(match[4]);
  const label = `BODY[${section}]${offset === undefined ? "" : `<${offset}>`}`;
  return { label, section, peek: match[1] !== undefined, offset, length };
}

async function fetch(session: ImapSession, command: Command): Promise<string> {
  const selected = session.requireSelected();
  const items = textsOf(command.args[1]).map(parseItem);
  if (command.name === "UID FETCH" && !items.includes("UID")) items.unshift("UID");
  const body = items.some((item) => typeof item !== "string");
  for (const row of rowsOf(selected, command, textOf(command.args[0]))) {
    if (findMessage(selected.mailbox, row.message.uid) !== row.message) continue;
    const asked = { uid: row.message.uid, mailbox: selected.mailbox, body, connection: session.wire.connection };
    const fault = await session.service.script().onFetch?.(asked);
    if (fault === "omit") continue;
    if (fault === "no") throw new Refusal("NO", "[SERVERBUG] The message can't be read");
    await sendRow(session, selected, row, items, fault);
    await session.service.script().afterFetchRow?.(asked);
  }
  return `${command.name} done`;
}

async function sendRow(
  session: ImapSession,
  selected: Selected,
  { sequence, message }: Row,
  items: readonly (string | BodyItem)[],
  fault: Exclude<FetchFault, "omit" | "no"> | undefined,
): Promise<void> {
  const altered = typeof fault === "object" ? fault : {};
  let text = `* ${sequence} FETCH (`;
  for (const [index, item] of items.entries()) {
    if (index > 0) text += " ";
    if (item === "UID") text += `UID ${message.uid}`;
    else if (item === "FLAGS") text += `FLAGS (${message.flags.join(" ")})`;
    else if (item === "INTERNALDATE") text += `INTERNALDATE "${formatDate(message.internalDate)}"`;
    else if (typeof item === "string") text += `RFC822.SIZE ${altered.size ?? message.bytes.length}`;
    else if (fault === "nil") text += `${item.label} NIL`;
    else {
      const octets = sectionOf(altered.bytes ?? message.bytes, item);
      await session.wire.send(`${text}${item.label} {${octets.length}}\r\n`);
      text = "";
      await sendOctets(session, octets, item, altered.cutAfter ?? altered.stallAfter);
      if (altered.cutAfter !== undefined) await session.wire.cut();
      if (altered.stallAfter !== undefined) await session.wire.stall();
      if (!item.peek && !selected.readOnly) message.flags = normalizeFlags([...message.flags, "\\Seen"]);
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

const flagCriteria = ["Answered", "Deleted", "Draft", "Flagged", "Seen"];

/** ALL, UID and sequence sets, and flags such as SEEN and UNSEEN; all that are given must hold. */
async function search(session: ImapSession, command: Command): Promise<string> {
  const selected = session.requireSelected();
  let found = rowsOf(selected, command, "1:*");
  const words = command.args.map(textOf);
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const upper = word.toUpperCase();
    const flag = flagCriteria.find((name) => upper === name.toUpperCase() || upper === `UN${name.toUpperCase()}`);
    if (upper === "ALL") continue;
    if (flag !== undefined) {
      const wanted = upper === flag.toUpperCase();
      found = found.filter(({ message }) => message.flags.includes(`\\${flag}`) === wanted);
    } else {
      const name = upper === "UID" ? "UID SEARCH" : "SEARCH";
      const rows = rowsOf(selected, { ...command, name }, upper === "UID" ? (words.shift() ?? "") : word);
      const named = new Set(rows.map(({ message }) => message));
      found = found.filter(({ message }) => named.has(message));
    }
  }
  const numbers = found.map(({ sequence, message }) => (command.name === "UID SEARCH" ? message.uid : sequence));
  await session.untagged(["SEARCH", ...numbers].join(" "));
  return `${command.name} done`;
}

async function store(session: ImapSession, command: Command): Promise<string> {
  const selected = session.requireSelected();
  if (selected.readOnly) throw new Refusal("NO", "The mailbox is open for reading only");
  const [set, verb, ...flags] = command.args;
  const match = /^([+-]?)FLAGS(\.SILENT)?$/i.exec(textOf(verb));
  if (match === null) throw new Refusal("BAD", "STORE needs FLAGS");
  const given = normalizeFlags(flags.flatMap((value: Value) => textsOf(value)));
  for (const { sequence, message } of rowsOf(selected, command, textOf(set))) {
    if (match[1] === "+") message.flags = normalizeFlags([...message.flags, ...given]);
    else if (match[1] === "-") message.flags = message.flags.filter((flag) => !given.includes(flag));
    else message.flags = [...given];
    const uid = command.name === "UID STORE" ? `UID ${message.uid} ` : "";
    if (match[2] === undefined) await session.untagged(`${sequence} FETCH (${uid}FLAGS (${message.flags.join(" ")}))`);
  }
  return `${command.name} done`;
}

/** Removes what is marked \Deleted, of a set of UIDs or of all; the session then tells its client. */
function expunge(session: ImapSession, uids: string | undefined): string {
  const { mailbox, readOnly } = session.requireSelected();
  if (readOnly) throw new Refusal("NO", "The mailbox is open for reading only");
  const numbers = mailbox.messages.map((message) => message.uid);
  const chosen = uids === undefined ? new Set(numbers) : selectNumbers(uids, numbers);
  mailbox.messages = mailbox.messages.filter(
    (message) => !chosen.has(message.uid) || !message.flags.includes("\\Deleted"),
  );
  return "EXPUNGE done";
}

function close(session: ImapSession): string {
  if (!session.requireSelected().readOnly) expunge(session, undefined);
  session.selected = undefined;
  return "CLOSE done";
}

function unselect(session: ImapSession): string {
  session.requireSelected();
  session.selected = undefined;
  return "UNSELECT done";
}
