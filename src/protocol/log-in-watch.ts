// Who may log in, and what came of it, told to whoever keeps count of it (jobs/log-ins.ts).

import type { Account } from "../account.ts";
import { MailferryError } from "../errors.ts";

/**
 * Opens a session with the account where its watch allows that, and tells the watch how it went. Rejects as `open` does,
 * or as the watch does; nothing is opened then.
 */
export async function watchLogIn<Session>(
  { logIns: watch }: Account,
  open: () => Promise<Session>,
  isOpen: (session: Session) => boolean,
): Promise<Session> {
  if (watch === undefined) return open();
  await watch.allow();
  let session: Session;
  try {
    session = await open();
  } catch (error) {
    throw error instanceof MailferryError && error.isLogInRefused ? await watch.refused(error) : error;
  }
  await watch.granted(() => isOpen(session));
  return session;
}
