// An IMAP account that mail is put into: mailboxes made and subscribed where they are missing, each written over a
// connection of its own, and another one for sending where there is room for it.

import { setTimeout as delay } from "node:timers/promises";
import type { Account } from "../account.ts";
import { MailferryError } from "../errors.ts";
import { quoteServer } from "../formats/printable.ts";
import type { Mailbox } from "../message.ts";
import { mailboxNotWritable } from "../protocol/imap-append.ts";
import { mailboxNotUsable, notListed, refusalOf } from "../protocol/imap-errors.ts";
import { fetchMessages } from "../protocol/imap-fetch.ts";
import { classified } from "../protocol/imap-loss.ts";
import { delimiterOf, formatMailboxName, type ListedMailbox, listMailboxes } from "../protocol/imap-mailboxes.ts";
import type { ImapSession } from "../protocol/imap-session.ts";
import { SessionPool } from "../protocol/session-pool.ts";
import { createBatchWriter } from "./batch-writer.ts";
import { Appenders } from "./imap-appenders.ts";
import { ImapMailboxStore } from "./imap-writer.ts";
import { openRefusals } from "./refusals.ts";
import type { MailboxWriter, Since, Sink } from "./sink.ts";

export interface ImapSinkOptions {
  readonly signal?: AbortSignal | undefined;
  /** For bodies too large for memory. */
  readonly spoolDirectory: string;
  /** Folder for messages that are refused or altered. */
  readonly keepRefused?: string | undefined;
  /** The run before this one has died, or broke off, perhaps with messages on their way. */
  readonly followsDoubt?: boolean;
  /** Called before so many octets are sent; they go when it resolves. */
  readonly pace?: ((octets: number) => Promise<void> | undefined) | undefined;
}

export interface ImapSink extends Sink {
  /** True if the server may still be storing what was sent to it, by this run or the one before. */
  readonly isInDoubt: boolean;
  /** What the account has now, and how it names mailboxes. */
  mailboxes(): Promise<{
    readonly mailboxes: readonly ListedMailbox[];
    /** What separates the levels of names; empty where there are none. */
    readonly delimiter: string;
    /** Of the personal namespace, such as `INBOX.`. */
    readonly prefix: string;
  }>;
}

/** Longest wait for a server that may still be storing what it got when the connection broke. */
const quietMs = 5_000;

/** At most `account.connections` connections; nothing is opened before it is needed. The signal cuts them all. */
export function openImapSink(account: Account, options: ImapSinkOptions): ImapSink {
  const { signal, spoolDirectory } = options;
  const pool = new SessionPool(account, signal);
  const refusals = options.keepRefused === undefined ? undefined : openRefusals(options.keepRefused);
  const appenders = new Appenders(pool, account.timeoutMs);
  const doubts = new Map<string, Set<string>>();
  let listed: { readonly byPath: Map<string, ListedMailbox>; readonly delimiter: string } | undefined;

  const quiet = () => delay(Math.min(quietMs, account.timeoutMs / 10), undefined, { signal });
  let settling: Promise<void> | undefined;
  /** Resolves when the server has had the time to finish what the run before had sent: once for all mailboxes. */
  const settled = async () => {
    if (options.followsDoubt) settling ??= quiet();
    await settling;
  };

  const list = async (session: ImapSession) => {
    const mailboxes = await listMailboxes(session).catch((error: unknown) => {
      throw session.classify(error) ?? notListed(account, error);
    });
    listed = {
      byPath: new Map(mailboxes.map((mailbox) => [keyOf(mailbox.path), mailbox])),
      delimiter: await classified(session, delimiterOf(session)),
    };
    return listed;
  };

  /** The server's name of a mailbox that is there when this resolves. */
  const nameOf = async (session: ImapSession, { path }: Mailbox, make: boolean): Promise<string> => {
    if (path.length === 1 && path[0] === "INBOX") return "INBOX";
    const { byPath, delimiter } = listed ?? (await list(session));
    const known = byPath.get(keyOf(path));
    if (known !== undefined && known.name === undefined) {
      throw mailboxNotWritable(path, "its name is not valid IMAP; rename it in the webmail", "later");
    }
    if (known?.name !== undefined) return known.name;
    if (!make) throw mailboxNotUsable(path, "the server does not list it");
    const name = formatMailboxName(session, path, delimiter);
    await createMailbox(session, path, name);
    byPath.set(keyOf(path), { path, name });
    return name;
  };

  const withSession = async <T>(work: (session: ImapSession) => Promise<T>): Promise<T> => {
    const session = await pool.take();
    return work(session).finally(() => pool.giveBack(session));
  };

  return {
    get isInDoubt() {
      const hasWaited = options.followsDoubt !== true || settling !== undefined;
      return !hasWaited || [...doubts.values()].some(({ size }) => size > 0);
    },

    mailboxes: () =>
      withSession(async (session) => {
        const { byPath, delimiter } = await list(session);
        return { mailboxes: [...byPath.values()], delimiter, prefix: session.prefix };
      }),

    async open(mailbox: Mailbox, since?: Since): Promise<MailboxWriter> {
      await settled();
      const session = await pool.take();
      try {
        const name = await nameOf(session, mailbox, true);
        const selected = await select(session, mailbox.path, name, () => {
          listed = undefined;
        });
        const lock = await classified(session, session.client.getMailboxLock(name));
        const isFirst = !doubts.has(name);
        const inDoubt = doubts.get(name) ?? new Set();
        doubts.set(name, inDoubt);
        const store = new ImapMailboxStore(
          {
            session,
            appenders,
            path: mailbox.path,
            name,
            selected: selected.mailbox,
            spoolDirectory,
            refusals,
            doubts: inDoubt,
            isFirst,
            quiet,
            pace: options.pace,
            release() {
              lock.release();
              pool.giveBack(session);
            },
          },
          selected.uidValidity,
          since,
        );
        return createBatchWriter(store);
      } catch (error) {
        pool.giveBack(session);
        throw error;
      }
    },

    async *read(mailbox, place) {
      const session = await pool.take();
      try {
        const name = await nameOf(session, mailbox, false);
        await session.client.mailboxOpen(name, { readOnly: true }).catch((error: unknown) => {
          throw session.classify(error) ?? notSelected(mailbox.path, error);
        });
        let found = false;
        for await (const message of fetchMessages(session, [{ key: String(place.uid) }])) {
          found = true;
          yield* message.body;
        }
        if (!found) throw gone();
      } finally {
        pool.giveBack(session);
      }
    },

    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}

async function select(session: ImapSession, path: readonly string[], name: string, forget: () => void) {
  const mailbox = await session.client.mailboxOpen(name).catch((error: unknown) => {
    forget();
    throw session.classify(error) ?? notSelected(path, error);
  });
  if (mailbox.readOnly) throw mailboxNotWritable(path, "the account may only read it", "later");
  const uidValidity: bigint | undefined = mailbox.uidValidity;
  // Without it nothing that is written could ever be found again (RFC 9051 section 2.3.1.1).
  if (uidValidity === undefined) throw mailboxNotWritable(path, "the server gives it no UIDVALIDITY", "later");
  return { mailbox, uidValidity: String(uidValidity) };
}

/** Makes and subscribes it. One that another connection has just made is as good. */
async function createMailbox(session: ImapSession, path: readonly string[], name: string): Promise<void> {
  try {
    await session.client.mailboxCreate(name);
  } catch (error) {
    const words = refusalOf(error)?.words ?? "";
    throw (
      session.classify(error) ??
      mailboxNotWritable(path, `the server refused to make it: ${quoteServer(words)}`, "later")
    );
  }
}

function notSelected(path: readonly string[], error: unknown): MailferryError {
  const refusal = refusalOf(error);
  const passing = ["INUSE", "UNAVAILABLE", "NONEXISTENT"].includes(refusal?.code ?? "");
  return mailboxNotWritable(
    path,
    `the server answered ${quoteServer(refusal?.words ?? "")}`,
    passing ? "now" : "later",
  );
}

function gone(): MailferryError {
  return new MailferryError("M401", "it is not in the mailbox any more", { scope: "message", retry: "never" });
}

function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}
