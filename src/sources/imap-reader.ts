// One IMAP mailbox, opened with EXAMINE.

import { randomUUID } from "node:crypto";
import { MailferryError } from "../errors.ts";
import { normalizeFlags } from "../flags.ts";
import { quoteServer } from "../formats/printable.ts";
import type { KnownMailbox, Message, MessageRef } from "../message.ts";
import { listChanges } from "../protocol/imap-changes.ts";
import { mailboxNotUsable, refusalOf } from "../protocol/imap-errors.ts";
import { fetchMessages, isWhole, once } from "../protocol/imap-fetch.ts";
import type { ListedMessage } from "../protocol/imap-fetch-framing.ts";
import type { ImapFetcher } from "../protocol/imap-fetcher.ts";
import { listMessages } from "../protocol/imap-listing.ts";
import type { ImapSession } from "../protocol/imap-session.ts";
import { stateOf, wakeModSeqs } from "../protocol/imap-state.ts";
import type { SizeClaims } from "./imap-claims.ts";
import type { MailboxReader } from "./source.ts";

/** Connections for reading much at once. */
export interface Fetchers {
  /** From so many messages on one is worth while. */
  readonly worthWhile: number;
  /** Undefined where the account has no room for one. */
  take(): Promise<ImapFetcher | undefined>;
  giveBack(fetcher: ImapFetcher): void;
}

/** Takes over the session until the reader is disposed; then `release` is called. Rejects without having done so. */
export async function openMailboxReader(
  session: ImapSession,
  path: readonly string[],
  name: string,
  fetchers: Fetchers,
  claims: SizeClaims,
  release: () => void,
): Promise<MailboxReader> {
  const { client } = session;
  try {
    let mailbox = await client.mailboxOpen(name, { readOnly: true });
    if (await wakeModSeqs(session, name, mailbox)) mailbox = await client.mailboxOpen(name, { readOnly: true });
    // Now: imapflow keeps the count of what is there up to date, but not all that goes with it.
    const state = stateOf(mailbox);
    // While the lock is held imapflow answers a silence with NOOP, instead of taking it for a dead connection.
    const lock = await client.getMailboxLock(name, { readOnly: true });
    // RFC 9051 section 2.3.1.1: without UIDVALIDITY the UIDs hold for this session only.
    const uidValidity: bigint | undefined = mailbox.uidValidity;
    const validity = uidValidity === undefined ? `session ${randomUUID()}` : String(uidValidity);
    return new ImapReader({ session, path, name, fetchers, claims }, validity, state, () => {
      lock.release();
      release();
    });
  } catch (error) {
    const refusal = refusalOf(error);
    const busy = refusal?.code === "INUSE" || refusal?.code === "UNAVAILABLE";
    throw (
      session.classify(error) ??
      mailboxNotUsable(path, `the server answered ${quoteServer(refusal?.words ?? "")}`, busy ? "now" : "later")
    );
  }
}

interface OpenMailbox {
  readonly session: ImapSession;
  readonly path: readonly string[];
  readonly name: string;
  readonly fetchers: Fetchers;
  readonly claims: SizeClaims;
}

class ImapReader implements MailboxReader {
  readonly validity: string;
  readonly state: string | undefined;
  readonly keys = "stable";
  readonly #mailbox: OpenMailbox;
  #fetcher: ImapFetcher | undefined;
  #release: () => void;

  constructor(mailbox: OpenMailbox, validity: string, state: string | undefined, release: () => void) {
    this.#mailbox = mailbox;
    this.validity = validity;
    this.state = state;
    this.#release = release;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const release = this.#release;
    this.#release = () => {};
    this.#returnFetcher();
    release();
  }

  async *list(known?: KnownMailbox): AsyncGenerator<MessageRef> {
    const { session, path } = this.#mailbox;
    const refs = known === undefined ? undefined : await listChanges(session, known);
    yield* refs ?? listMessages(session, path, await this.#listMany());
  }

  /** Undefined where there are few, or where more is to be listed of them than a fetcher asks for. */
  async #listMany(): Promise<AsyncIterable<MessageRef> | undefined> {
    const { session, fetchers } = this.#mailbox;
    const { mailbox, capabilities } = session.client;
    const exists = mailbox === false ? 0 : mailbox.exists;
    const hasIds = capabilities.has("OBJECTID") || capabilities.has("X-GM-EXT-1");
    if (hasIds || exists < 5 * fetchers.worthWhile) return undefined;
    const rows = (await this.#takeFetcher())?.list(exists);
    return rows === undefined ? undefined : refsOf(rows);
  }

  /** Much at once comes over a connection of its own; what did not come there as it should is asked for once more. */
  async *fetch(refs: readonly MessageRef[]): AsyncGenerator<Message> {
    const { session, claims, fetchers } = this.#mailbox;
    const left = new Map(refs.map((ref) => [ref.key, ref]));
    if (refs.length >= fetchers.worthWhile) {
      const whole = refs.filter((ref) => ref.internalDate !== undefined && isWhole(ref));
      const fetcher = await this.#takeFetcher();
      for await (const { uid, flags, octets } of fetcher?.messages(whole.map(({ key }) => Number(key))) ?? []) {
        const ref = left.get(`${uid}`);
        if (ref === undefined) continue;
        left.delete(ref.key);
        const message = { ...ref, size: octets.length, flags: normalizeFlags(flags), body: once(octets) };
        yield claims.watch(ref, message, octets.length);
      }
    }
    for await (const message of left.size === 0 ? [] : fetchMessages(session, [...left.values()])) {
      const ref = left.get(message.key) ?? message;
      yield claims.watch(ref, message, isWhole(ref) ? message.size : undefined);
    }
    await this.#fetchAgain(claims.takeDoubtful());
  }

  /** What can't be read a second time tells nothing of what came the first time. */
  async #fetchAgain(doubtful: ReturnType<SizeClaims["takeDoubtful"]>): Promise<void> {
    const { session, claims } = this.#mailbox;
    const refs = [...doubtful.values()].map(({ ref }) => ref);
    for await (const message of refs.length === 0 ? [] : fetchMessages(session, refs)) {
      const before = doubtful.get(message.key);
      if (before === undefined) continue;
      await claims.compare(message, before).catch((error: unknown) => {
        if (!(error instanceof MailferryError) || error.scope !== "message") throw error;
      });
    }
  }

  /** One that gives of this mailbox, as it is, and of no other. */
  async #takeFetcher(): Promise<ImapFetcher | undefined> {
    if (this.#fetcher?.usable) return this.#fetcher;
    this.#returnFetcher();
    this.#fetcher = await this.#mailbox.fetchers.take();
    if (this.#fetcher?.examine(this.#mailbox.name, this.validity) === false) this.#returnFetcher();
    return this.#fetcher;
  }

  #returnFetcher(): void {
    if (this.#fetcher !== undefined) this.#mailbox.fetchers.giveBack(this.#fetcher);
    this.#fetcher = undefined;
  }
}

async function* refsOf(rows: AsyncIterable<ListedMessage>): AsyncGenerator<MessageRef> {
  for await (const { uid, size, flags, internalDate } of rows) {
    yield { key: `${uid}`, size, flags: normalizeFlags(flags), internalDate };
  }
}
