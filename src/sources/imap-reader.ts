// One IMAP mailbox, opened with EXAMINE.

import { randomUUID } from "node:crypto";
import { quoteServer } from "../formats/printable.ts";
import type { KnownMailbox, Message, MessageRef } from "../message.ts";
import { listChanges } from "../protocol/imap-changes.ts";
import { mailboxNotUsable, refusalOf } from "../protocol/imap-errors.ts";
import { fetchMessages } from "../protocol/imap-fetch.ts";
import { listMessages } from "../protocol/imap-listing.ts";
import type { ImapSession } from "../protocol/imap-session.ts";
import { stateOf, wakeModSeqs } from "../protocol/imap-state.ts";
import type { MailboxReader } from "./source.ts";

/** Takes over the session until the reader is disposed; then `release` is called. Rejects without having done so. */
export async function openMailboxReader(
  session: ImapSession,
  path: readonly string[],
  name: string,
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
    return new ImapReader(session, path, validity, state, () => {
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

class ImapReader implements MailboxReader {
  readonly validity: string;
  readonly state: string | undefined;
  readonly keys = "stable";
  readonly #session: ImapSession;
  readonly #path: readonly string[];
  #release: () => void;

  constructor(
    session: ImapSession,
    path: readonly string[],
    validity: string,
    state: string | undefined,
    release: () => void,
  ) {
    this.#session = session;
    this.#path = path;
    this.validity = validity;
    this.state = state;
    this.#release = release;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const release = this.#release;
    this.#release = () => {};
    release();
  }

  async *list(known?: KnownMailbox): AsyncGenerator<MessageRef> {
    const refs = known === undefined ? undefined : await listChanges(this.#session, known);
    yield* refs ?? listMessages(this.#session, this.#path);
  }

  fetch(refs: readonly MessageRef[]): AsyncIterable<Message> {
    return fetchMessages(this.#session, refs);
  }
}
