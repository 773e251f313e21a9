// What is in an IMAP mailbox, before any octet of a message is read: every message once, checked against the server's count.

import type { MailboxObject } from "imapflow";
import { NameTable } from "../formats/packed-names.ts";
import { quoteServer } from "../formats/printable.ts";
import type { MessageRef } from "../message.ts";
import { mailboxNotUsable, mailboxNotWhole, refusalOf } from "./imap-errors.ts";
import { facts, fetchRows, refOf } from "./imap-row.ts";
import type { ImapSession } from "./imap-session.ts";
import { searchUids } from "./imap-uids.ts";
import { uidSets } from "./uid-set.ts";

const listedAtOnce = 500;
/** A mailbox into which mail keeps falling is listed so often before it is given up. */
const mostRounds = 10;

/**
 * Rejects with scope "mailbox", after all that is listed, if that is fewer or more messages than the server counts, however
 * it is asked. `first`: what a faster way has brought of them.
 */
export async function* listMessages(
  session: ImapSession,
  path: readonly string[],
  first?: AsyncIterable<MessageRef>,
): AsyncGenerator<MessageRef> {
  const told = new NameTable();
  if (first !== undefined) yield* untold(first, told);
  if (told.length < mailboxOf(session).exists) {
    try {
      yield* untold(listSet(session, "1:*"), told);
    } catch (error) {
      if (refusalOf(error) === undefined) throw error;
      yield* listByHalves(session, path, told);
    }
  }
  if (told.length === mailboxOf(session).exists && !(await hidesMail(session))) return;
  // Mail came or went meanwhile, or the server does not answer for all at once.
  for (let round = 1; ; round += 1) {
    const again = new NameTable();
    const before = mailboxOf(session).exists;
    try {
      for (const set of windows(mailboxOf(session))) {
        for await (const ref of untold(listSet(session, set), again)) {
          if (told.has(ref.key)) continue;
          told.push(ref.key);
          yield ref;
        }
      }
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) throw error;
      throw mailboxNotUsable(path, `the server refused to list it: ${quoteServer(refusal.words)}`);
    }
    const { exists } = mailboxOf(session);
    if (again.length === exists) return;
    if (exists !== before && round < mostRounds) continue;
    const counted = exists === undefined ? "does not count its messages and" : `counts ${exists} messages but`;
    throw mailboxNotWhole(path, `the server ${counted} lists ${again.length}`);
  }
}

/** A mailbox that is said to be empty, of which UIDs were given all the same: they are gone, or the count is wrong. */
async function hidesMail(session: ImapSession): Promise<boolean> {
  const { exists, uidNext } = mailboxOf(session);
  if (exists !== 0 || !(uidNext > 1)) return false;
  const uids = await searchUids(session, { exists, uidNext }).catch((error: unknown) => {
    if (refusalOf(error) === undefined) throw error;
    return undefined;
  });
  return uids !== undefined && uids.length > 0;
}

/** A server that refuses to describe all may stumble over one: by halves, until that one stands alone, known by its UID. */
async function* listByHalves(
  session: ImapSession,
  path: readonly string[],
  told: NameTable,
): AsyncGenerator<MessageRef> {
  const sets = [...uidSets((await uidsOf(session, path)).filter((uid) => !told.has(`${uid}`)))];
  for (let next = sets.shift(); next !== undefined; next = sets.shift()) {
    try {
      yield* untold(listSet(session, next.set), told);
    } catch (error) {
      if (refusalOf(error) === undefined) throw error;
      const left = next.uids.filter((uid) => !told.has(`${uid}`));
      const [only] = left;
      if (left.length > 1) {
        const half = Math.ceil(left.length / 2);
        sets.unshift(...uidSets(left.slice(0, half)), ...uidSets(left.slice(half)));
      } else if (only !== undefined) {
        told.push(`${only}`);
        yield { key: `${only}` };
      }
    }
  }
}

async function uidsOf(session: ImapSession, path: readonly string[]): Promise<Uint32Array> {
  const uids = await searchUids(session, mailboxOf(session)).catch((error: unknown) => {
    throw session.classify(error) ?? mailboxNotUsable(path, "the server refuses to list it");
  });
  if (uids === undefined) throw mailboxNotUsable(path, "the server refuses to list it");
  return uids;
}

async function* listSet(session: ImapSession, set: string): AsyncGenerator<MessageRef> {
  for await (const row of fetchRows(session, set, { ...facts, size: true })) yield refOf(row);
}

/** Each message once; what was listed goes into `told`. */
async function* untold(refs: AsyncIterable<MessageRef>, told: NameTable): AsyncGenerator<MessageRef> {
  for await (const ref of refs) {
    if (told.has(ref.key)) continue;
    told.push(ref.key);
    yield ref;
  }
}

/** The UIDs up to the highest, in windows of some hundred messages if they were evenly spread. */
function* windows({ uidNext, exists }: MailboxObject): Generator<string> {
  const width = Math.max(1, Math.ceil((uidNext / Math.max(1, exists)) * listedAtOnce));
  let low = 1;
  for (; low + width < uidNext; low += width) yield `${low}:${low + width - 1}`;
  yield `${low}:*`;
}

/**
 * What imapflow knows of the mailbox by now; of what the server does not tell, whatever imapflow's types say, nothing. A
 * session that was lost must not look like an empty mailbox.
 */
function mailboxOf(session: ImapSession): MailboxObject {
  const { mailbox } = session.client;
  if (mailbox !== false) return mailbox;
  const lost = new Error("it was closed before the mailbox was read");
  throw session.classify(lost) ?? lost;
}
