import type { Account } from "../account.ts";
import type { Mailbox } from "../message.ts";
import { mailboxNotUsable, notListed } from "../protocol/imap-errors.ts";
import { listMailboxes } from "../protocol/imap-mailboxes.ts";
import type { ImapSession } from "../protocol/imap-session.ts";
import { askStanding, listsStanding } from "../protocol/imap-state.ts";
import { SessionPool } from "../protocol/session-pool.ts";
import { openMailboxReader } from "./imap-reader.ts";
import type { MailboxReader, Source, Standing } from "./source.ts";

/**
 * An IMAP account as a source, over at most `account.connections` connections: each open mailbox holds one until its
 * reader is disposed. The signal cuts them all; whatever is under way then rejects with its reason.
 */
export function openImapSource(account: Account, signal?: AbortSignal): Source {
  const pool = new SessionPool(account, signal);
  // The server's names by path, as last listed; undefined for a name that can't be sent back.
  let names = new Map<string, string | undefined>();
  // How they stood then; undefined if the listing does not tell.
  let standings: Map<string, Standing | undefined> | undefined;

  const list = async (session: ImapSession) => {
    const mailboxes = await listMailboxes(session, { standing: true }).catch((error: unknown) => {
      throw session.classify(error) ?? notListed(account, error);
    });
    const keyed = mailboxes.map((mailbox) => [JSON.stringify(mailbox.path), mailbox] as const);
    names = new Map(keyed.map(([key, { name }]) => [key, name]));
    standings = listsStanding(session) ? new Map(keyed.map(([key, { standing }]) => [key, standing])) : undefined;
    return mailboxes;
  };

  let sharesContent = false;
  return {
    get sharesContent() {
      return sharesContent;
    },
    async *mailboxes(): AsyncGenerator<Mailbox> {
      const session = await pool.take();
      sharesContent = session.client.capabilities.has("X-GM-EXT-1");
      const mailboxes = await list(session).finally(() => pool.giveBack(session));
      for (const { name: _, standing: __, ...mailbox } of mailboxes) yield mailbox;
    },
    async standing({ path }): Promise<Standing | undefined> {
      const key = JSON.stringify(path);
      if (standings !== undefined) return standings.get(key);
      const name = names.get(key);
      if (name === undefined) return undefined;
      const session = await pool.take();
      try {
        return await askStanding(session, name);
      } finally {
        pool.giveBack(session);
      }
    },
    async open(mailbox): Promise<MailboxReader> {
      const session = await pool.take();
      try {
        const key = JSON.stringify(mailbox.path);
        if (!names.has(key)) await list(session);
        const name = names.get(key);
        if (name === undefined) {
          throw mailboxNotUsable(
            mailbox.path,
            names.has(key) ? "its name is not valid IMAP; rename it in the webmail" : "the server does not list it",
          );
        }
        return await openMailboxReader(session, mailbox.path, name, () => pool.giveBack(session));
      } catch (error) {
        pool.giveBack(session);
        throw error;
      }
    },
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}
