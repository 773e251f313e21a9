// How a mailbox stands, in a word: HIGHESTMODSEQ, UIDNEXT and the number of messages. While all three are the same, so are
// the messages and their flags. (RFC 7162 section 3.1: any change of flags raises HIGHESTMODSEQ, but an EXPUNGE need not;
// RFC 9051 section 2.3.1.1: whatever is added raises UIDNEXT.) Where a server does not tell all three, HIGHESTMODSEQ alone
// still names what changed since.

import type { MailboxObject, StatusObject } from "imapflow";
import { refusalOf } from "./imap-errors.ts";
import type { ImapSession } from "./imap-session.ts";

export interface MailboxStanding {
  readonly validity: string;
  readonly state: string;
}

/** All that `standingOf` needs. */
export const standingQuery = { messages: true, uidNext: true, uidValidity: true, highestModseq: true } as const;

/** Without CONDSTORE flags change unseen. Under Gmail's labels what a mailbox is to give depends on others. */
export function tellsStanding({ client }: ImapSession): boolean {
  const { capabilities } = client;
  return (capabilities.has("CONDSTORE") || capabilities.has("QRESYNC")) && !capabilities.has("X-GM-EXT-1");
}

/** Whether a listing brings it along (RFC 5819). */
export function listsStanding(session: ImapSession): boolean {
  return tellsStanding(session) && session.client.capabilities.has("LIST-STATUS");
}

/** HIGHESTMODSEQ as the server told it; undefined where it keeps none, be it for this one mailbox. */
export function modSeqOf({ highestModseq, noModseq }: Partial<MailboxObject>): bigint | undefined {
  return noModseq === true || highestModseq === 0n ? undefined : highestModseq;
}

/** Of a mailbox as it was opened. */
export function stateOf(opened: Partial<MailboxObject>): string | undefined {
  const { uidNext, exists } = opened;
  const modSeq = modSeqOf(opened);
  if (modSeq === undefined) return undefined;
  return uidNext === undefined || exists === undefined ? `${modSeq}` : `${modSeq} ${uidNext} ${exists}`;
}

/** The mod-sequence in a state, today's or of a ledger that has no more than that; undefined if it is none. */
export function modSeqIn(state: string): bigint | undefined {
  const [, modSeq] = /^(\d{1,20})(?: \d{1,10} \d{1,10})?$/.exec(state) ?? [];
  return modSeq === undefined ? undefined : BigInt(modSeq);
}

/** From an answer to STATUS; undefined unless it told everything. imapflow gives false or an error for none. */
export function standingOf(status: Partial<StatusObject> | false | undefined): MailboxStanding | undefined {
  if (!status) return undefined;
  const { messages: exists, uidNext, uidValidity, highestModseq } = status;
  if (exists === undefined || uidNext === undefined || uidValidity === undefined) return undefined;
  const state = stateOf({ exists, uidNext, ...(highestModseq === undefined ? {} : { highestModseq }) });
  return state === undefined ? undefined : { validity: String(uidValidity), state };
}

/** Those in which the server knows by now that it is asked for mod-sequences (RFC 7162 section 3.1, CONDSTORE enabling commands). */
const asked = new WeakSet<ImapSession>();

export function noteAsked(session: ImapSession): void {
  asked.add(session);
}

/**
 * Dovecot counts mod-sequences from the first time on that a client asks for them, and tells none before. True if the
 * mailbox, as it was opened, tells none for that reason: it is to be opened again.
 */
export async function wakeModSeqs(session: ImapSession, name: string, opened: MailboxObject): Promise<boolean> {
  if (asked.has(session) || opened.noModseq === true || opened.highestModseq !== undefined) return false;
  return (await askStanding(session, name)) !== undefined;
}

/** Asks for one mailbox, by the name as imapflow takes it. */
export async function askStanding(session: ImapSession, name: string): Promise<MailboxStanding | undefined> {
  if (!tellsStanding(session)) return undefined;
  asked.add(session);
  try {
    return standingOf(await session.client.status(name, standingQuery));
  } catch (error) {
    if (refusalOf(error) === undefined) throw session.classify(error) ?? error;
    return undefined;
  }
}
