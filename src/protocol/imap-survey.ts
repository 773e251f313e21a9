// What an IMAP account holds, as far as it tells without a mailbox being opened: LIST, STATUS and GETQUOTAROOT.

import { listMailboxes } from "./imap-mailboxes.ts";
import type { ImapSession } from "./imap-session.ts";

export interface SurveyedMailbox {
  readonly path: readonly string[];
  readonly specialUse?: string | undefined;
  /** Undefined where the server did not say, or was not asked any more. */
  readonly messages?: number | undefined;
  /** Undefined where the server tells no sizes (RFC 8438 is for that). */
  readonly octets?: number | undefined;
  /** Its name can't be sent back as it came; or the server was asked what is in it and did not say. */
  readonly lack?: "name" | "untold" | undefined;
}

/** So many are asked for, one by one. */
const mostAsked = 2_000;

/** Rejects with a MailferryError if the session ends. */
export async function surveyMailboxes(session: ImapSession): Promise<readonly SurveyedMailbox[]> {
  const surveyed: SurveyedMailbox[] = [];
  const listed = await whole(session, () => listMailboxes(session));
  for (const [index, { name, path, specialUse }] of listed.entries()) {
    if (name === undefined) {
      surveyed.push({ path, specialUse, lack: "name" });
      continue;
    }
    if (index >= mostAsked) {
      surveyed.push({ path, specialUse });
      continue;
    }
    const status = await statusOf(session, name);
    surveyed.push({ path, specialUse, ...(status ?? { lack: "untold" }) });
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

/** Undefined where the server refuses: imapflow keeps its words to itself. */
async function statusOf(
  session: ImapSession,
  name: string,
): Promise<{ readonly messages: number; readonly octets: number | undefined } | undefined> {
  try {
    const { messages, size: octets } = (await session.client.status(name, { messages: true, size: true })) || {};
    return messages === undefined ? undefined : { messages, octets };
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
