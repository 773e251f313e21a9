// Commands that change the messages of the selected mailbox or leave it. RFC 9051 section 6.4.

import { normalizeFlags } from "../flags.ts";
import { modSeqOf } from "./imap-modseq.ts";
import { type Command, Refusal, textOf, textsOf, type Value } from "./imap-parser.ts";
import { rowsOf } from "./imap-rows.ts";
import type { Handler, ImapSession } from "./imap-session.ts";
import { selectNumbers } from "./imap-sets.ts";
import { keptFlags } from "./imap-traits.ts";
import { removeMessages, setFlags } from "./mail-store.ts";

export const messageCommands: [string, Handler][] = [
  ["STORE", store],
  ["UID STORE", store],
  ["EXPUNGE", (session) => expunge(session, undefined)],
  ["UID EXPUNGE", (session, { args }) => expunge(session, textOf(args[0]))],
  ["CLOSE", close],
  ["UNSELECT", unselect],
];

async function store(session: ImapSession, command: Command): Promise<string> {
  const selected = session.requireSelected();
  if (selected.readOnly) throw new Refusal("NO", "The mailbox is open for reading only");
  const [set, verb, ...flags] = command.args;
  const match = /^([+-]?)FLAGS(\.SILENT)?$/i.exec(textOf(verb));
  if (match === null) throw new Refusal("BAD", "STORE needs FLAGS");
  const all = normalizeFlags(flags.flatMap((value: Value) => textsOf(value)));
  const given = keptFlags(session.service, all);
  for (const { sequence, message } of rowsOf(selected, command, textOf(set))) {
    const { flags: before } = message;
    const kept = match[1] === "-" ? before.filter((flag) => !all.includes(flag)) : match[1] === "+" ? before : [];
    setFlags(selected.mailbox, message, match[1] === "-" ? kept : [...kept, ...given]);
    const facts = match[2] === undefined ? [`FLAGS (${message.flags.join(" ")})`] : [];
    // RFC 7162 section 3.1.3: told even where FLAGS are not.
    if (session.condstore) facts.push(`MODSEQ (${modSeqOf(message)})`);
    if (facts.length === 0) continue;
    if (command.name === "UID STORE") facts.unshift(`UID ${message.uid}`);
    await session.untagged(`${sequence} FETCH (${facts.join(" ")})`);
  }
  return `${command.name} done`;
}

/** Removes what is marked \Deleted, of a set of UIDs or of all; the session then tells its client. */
function expunge(session: ImapSession, uids: string | undefined): string {
  const { mailbox, readOnly } = session.requireSelected();
  if (readOnly) throw new Refusal("NO", "The mailbox is open for reading only");
  const numbers = mailbox.messages.map((message) => message.uid);
  const chosen = uids === undefined ? new Set(numbers) : selectNumbers(uids, numbers);
  removeMessages(mailbox, (message) => chosen.has(message.uid) && message.flags.includes("\\Deleted"));
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
