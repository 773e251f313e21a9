// APPEND (RFC 9051 section 6.3.12), of several messages too (MULTIAPPEND, RFC 3502), and what a script makes of it.

import { normalizeFlags } from "../flags.ts";
import { mailboxOf } from "./imap-mailboxes.ts";
import { type Command, Refusal, textOf, textsOf, type Value } from "./imap-parser.ts";
import { requireRoom } from "./imap-quota.ts";
import type { AppendChanges, AppendedMessage, ArrivedMessage } from "./imap-script.ts";
import type { Handler, ImapSession } from "./imap-session.ts";
import { formatNumbers } from "./imap-sets.ts";
import { keptFlags } from "./imap-traits.ts";
import { addMessage, type StoredMailbox } from "./mail-store.ts";

export const appendCommands: [string, Handler][] = [["APPEND", append]];

type ParsedMessage = Pick<ArrivedMessage, "bytes" | "flags" | "internalDate">;

/** A message, and how it is to be stored and answered. */
interface Order {
  readonly arrived: ArrivedMessage;
  readonly changes: AppendChanges;
  /** Not stored if the mailbox has these octets already. */
  readonly merge?: true;
}

/** All messages or none. */
async function append(session: ImapSession, { args }: Command): Promise<string> {
  const mailbox = mailboxOf(session, args[0], "TRYCREATE");
  const messages = parseMessages(session, args.slice(1));
  requireRoom(
    session,
    messages.reduce((sum, { bytes }) => sum + bytes.length, 0),
  );
  const orders: Order[] = [];
  for (const message of messages) orders.push(await askScript(session, mailbox, message));
  const waits = orders.flatMap(({ changes }) => changes.late ?? []);
  if (waits.length > 0) {
    const gone = session.wire.cut();
    void Promise.all(waits.map((wait) => wait())).then(
      () => storeAll(session, mailbox, orders),
      () => {},
    );
    return gone;
  }
  const uids = await storeAll(session, mailbox, orders);
  if (orders.some(({ changes }) => changes.answer === "lost")) return session.wire.cut();
  for (const { changes } of orders) if (typeof changes.answer === "object") throw new Refusal("NO", changes.answer.no);
  const known = uids.filter((uid) => uid !== "none");
  if (!session.offers("UIDPLUS") || known.length < orders.length) return "APPEND done";
  return `[APPENDUID ${mailbox.uidValidity} ${formatNumbers(known)}] APPEND done`;
}

/** What stands behind the name: for each message flags and date, which may be missing, and a literal. */
function parseMessages(session: ImapSession, args: readonly Value[]): ParsedMessage[] {
  const messages: ParsedMessage[] = [];
  const rest = [...args];
  while (rest.length > 0 || messages.length === 0) {
    const flags = Array.isArray(rest[0]) ? textsOf(rest.shift()) : [];
    const internalDate = Buffer.isBuffer(rest[0]) ? new Date(textOf(rest.shift())) : undefined;
    const literal = rest.shift();
    if (typeof literal !== "object" || !("octets" in literal)) throw new Refusal("BAD", "APPEND needs a message");
    if (Number.isNaN(internalDate?.getTime())) throw new Refusal("BAD", "The date can't be parsed");
    if (session.service.refuseNul === true && !literal.binary && literal.octets.includes(0)) {
      throw new Refusal("BAD", "NUL in a literal");
    }
    messages.push({ bytes: literal.octets, flags: normalizeFlags(flags), internalDate });
  }
  if (messages.length > 1 && !session.offers("MULTIAPPEND")) throw new Refusal("BAD", "APPEND takes one message here");
  return messages;
}

/** @throws Refusal and ConnectionGone where the script says so. */
async function askScript(session: ImapSession, mailbox: StoredMailbox, message: ParsedMessage): Promise<Order> {
  const { tally, script } = session.service;
  tally.arrived += 1;
  const arrived = { ...message, mailbox, connection: session.wire.connection, count: tally.arrived };
  const fault = await script().onAppend?.(arrived);
  if (fault === "cut-before-store") return session.wire.cut();
  if (fault === "lost-answer") return { arrived, changes: { answer: "lost" } };
  if (fault === "ok-not-stored") return { arrived, changes: { store: "nothing" } };
  if (fault === "merge") return { arrived, changes: {}, merge: true };
  if (fault !== undefined && "no" in fault) throw new Refusal("NO", fault.no);
  if (fault !== undefined && "bad" in fault) throw new Refusal("BAD", fault.bad);
  return { arrived, changes: fault ?? {} };
}

/** Stores them without a pause, then calls the script. Returns what APPENDUID claims of each. */
async function storeAll(
  session: ImapSession,
  mailbox: StoredMailbox,
  orders: readonly Order[],
): Promise<(number | "none")[]> {
  const { tally, script } = session.service;
  const claims: (number | "none")[] = [];
  const stored: AppendedMessage[] = [];
  for (const { arrived, changes, merge } of orders) {
    claims.push(changes.appendUid ?? mailbox.uidNext);
    const isThere = merge === true && mailbox.messages.some(({ bytes }) => bytes.equals(arrived.bytes));
    if (changes.store === "nothing" || isThere) {
      mailbox.uidNext += 1;
      continue;
    }
    const flags = keptFlags(session.service, arrived.flags);
    const { internalDate = new Date() } = arrived;
    stored.push({ ...arrived, message: addMessage(mailbox, changes.store ?? arrived.bytes, { flags, internalDate }) });
    tally.stored += 1;
  }
  for (const each of stored) await script().afterAppend?.(each);
  return claims;
}
