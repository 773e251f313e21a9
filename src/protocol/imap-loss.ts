// Commands of imapflow's whose failure does not show as what it is: the connection may be lost.

import type { ImapSession } from "./imap-session.ts";

/** Rejects with what the error means for the session, if anything. */
export async function classified<T>(session: ImapSession, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw session.classify(error) ?? error;
  }
}

/** NOOP (RFC 9051 section 6.1.2): afterwards imapflow knows what is new in the mailbox. To it a loss is a mere no. */
export async function learnNews(session: ImapSession): Promise<void> {
  // Off its types.
  const isAnswered: unknown = await classified(session, session.client.noop());
  if (isAnswered === true || session.usable) return;
  const lost = new Error("the connection was lost");
  throw session.classify(lost) ?? lost;
}
