// What an IMAP account holds, as far as it tells without a mailbox being opened: LIST, STATUS and GETQUOTAROOT.

import { quoteServer } from "../formats/printable.ts";
import { refusalOf } from "./imap-errors.ts";
import { listMailboxes } from "./imap-mailboxes.ts";
import type { ImapSession } from "./imap-session.ts";

export interface SurveyedMailbox {
  readonly path: readonly string[];
  readonly specialUse?: string | undefined;
  /** Undefined where the server did not say, or was not asked any more. */
  readonly messages?: number | undefined;
  /** Undefined where the server tells no sizes (RFC 8438 is for that). */
  readonly octets?: number | undefined;
  /** Why it can't be read: the server's words in quotes, or that its name can't be sent back. */
  readonly fault?: { readonly kind: "name" } | { readonly kind: "refused"; readonly words: string } | undefined;
}

/** So many are asked for, one by one. */
const mostAsked = 2_000;

/** Rejects with a MailferryError if the session ends. */
export async function surveyMailboxes(session: ImapSession): Promise<readonly SurveyedMailbox[]> {
  const surveyed: SurveyedMailbox[] = [];
  const listed = await whole(session, () => listMailboxes(session));
  for (const [index, { name, path, specialUse }] of listed.entries()) {
    if (name === undefined) {
      surveyed.push({ path, specialUse, fault: { kind: "name" } });
      continue;
    }
    if (index >= mostAsked) {
      surveyed.push({ path, specialUse });
      continue;
    }
    try {
      const status = await session.client.status(name, { messages: true, size: true });
      const { messages, size: octets } = status || {};
      surveyed.push({ path, specialUse, messages, octets });
    } catch (error) {
      const refusal = refusalOf(error);
      const meaning = session.classify(error);
      if (refusal === undefined || meaning !== undefined) throw meaning ?? error;
      surveyed.push({ path, specialUse, fault: { kind: "refused", words: quoteServer(refusal.words) } });
    }
  }
  return surveyed;
}

export interface Quota {
  /** Octets. */
  readonly used: number;
  readonly limit: number;
}

/** Of the account, as RFC 9208 tells it; undefined where the server does not. */
export async function askQuota(session: ImapSession): Promise<Quota | undefined> {
  try {
    const quota = await session.client.getQuota("INBOX");
    if (quota === false) return undefined;
    const { usage, limit } = quota.storage ?? {};
    return usage === undefined || limit === undefined || limit === 0 ? undefined : { used: usage, limit };
  } catch (error) {
    const meaning = session.classify(error);
    if (meaning !== undefined) throw meaning;
    return undefined;
  }
}

async function whole<T>(session: ImapSession, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw session.classify(error) ?? error;
  }
}
