import type { Account } from "../account.ts";
import type { Mailbox } from "../message.ts";
import { mailboxNotUsable, notListed } from "../protocol/imap-errors.ts";
import { ImapFetcher } from "../protocol/imap-fetcher.ts";
import { listMailboxes } from "../protocol/imap-mailboxes.ts";
import type { ImapSession } from "../protocol/imap-session.ts";
import { askStanding, listsStanding } from "../protocol/imap-state.ts";
import { SessionPool } from "../protocol/session-pool.ts";
import { SpareConnections } from "../protocol/spare-connections.ts";
import { SizeClaims } from "./imap-claims.ts";
import { type Fetchers, openMailboxReader } from "./imap-reader.ts";
import type { MailboxReader, Source, SourceNotice, Standing } from "./source.ts";

/** Log-in and all cost as much as fetching so many messages in other ways. */
const worthWhile = 200;

/**
 * An IMAP account as a source, over at most `account.connections` connections: each open mailbox holds one until its
 * reader is disposed, and one more while it is much that is read, if there is room. The signal cuts them all; whatever is
 * under way then rejects with its reason. What is worth knowing of it is told when it is disposed.
 */
export function openImapSource(
  account: Account,
  signal?: AbortSignal,
  options: { readonly worthWhile?: number; readonly notice?: (notice: SourceNotice) => void } = {},
): Source {
  const pool = new SessionPool(account, signal);
  const fetchers = openFetchers(pool, account, options.worthWhile ?? worthWhile);
  const claims = new Map<string, SizeClaims>();
  const claimsOf = (key: string, path: readonly string[]) => {
    const known = claims.get(key) ?? new SizeClaims(path);
    claims.set(key, known);
    return known;
  };
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
        const release = () => pool.giveBack(session);
        return await openMailboxReader(session, mailbox.path, name, fetchers, claimsOf(key, mailbox.path), release);
      } catch (error) {
        pool.giveBack(session);
        throw error;
      }
    },
    async [Symbol.asyncDispose]() {
      for (const each of claims.values()) for (const notice of each.notices()) options.notice?.(notice);
      fetchers.close();
      await pool[Symbol.asyncDispose]();
    },
  };
}

function openFetchers(pool: SessionPool, account: Account, worthWhile: number): Fetchers & { close(): void } {
  const spare = new SpareConnections(pool, (session) => new ImapFetcher(session, account.timeoutMs));
  return {
    worthWhile,
    take: () => spare.take(),
    giveBack: (fetcher) => spare.giveBack(fetcher),
    close() {
      for (const fetcher of spare.takeAll()) fetcher.close();
    },
  };
}
