// A POP3 account as a source: one mailbox, INBOX, under one session at a time, as a maildrop is locked while it is read.

import { randomUUID } from "node:crypto";
import type { Account } from "../account.ts";
import { MailferryError } from "../errors.ts";
import { quoteServer } from "../formats/printable.ts";
import type { Mailbox, Message, MessageRef } from "../message.ts";
import { watchLogIn } from "../protocol/log-in-watch.ts";
import type { MaildropListing } from "../protocol/pop3-listing.ts";
import { Pop3Session } from "../protocol/pop3-session.ts";
import type { MailboxReader, Source, SourceNotice } from "./source.ts";

/**
 * Logs in at the first `mailboxes` or `open`, and again whenever the session has ended. `signal` ends it at any time. What
 * is worth knowing of it is told when it is disposed.
 */
export function openPop3Source(
  account: Account,
  signal?: AbortSignal,
  notice: (notice: SourceNotice) => void = () => undefined,
): Source {
  return new Pop3Source(account, signal, notice);
}

class Pop3Source implements Source {
  readonly #account: Account;
  readonly #signal: AbortSignal | undefined;
  readonly #notice: (notice: SourceNotice) => void;
  /** As listed last: all messages, and those that the server names in no way that lasts. */
  #listed = { messages: 0, unnamed: 0 };
  #session: Promise<Pop3Session> | undefined;
  /** Resolves when the reader that was opened last is disposed. */
  #free: Promise<void> = Promise.resolve();

  constructor(account: Account, signal: AbortSignal | undefined, notice: (notice: SourceNotice) => void) {
    this.#account = account;
    this.#signal = signal;
    this.#notice = notice;
  }

  async *mailboxes(): AsyncGenerator<Mailbox, void, undefined> {
    await this.#connected();
    yield { path: ["INBOX"] };
  }

  async open(mailbox: Mailbox): Promise<MailboxReader> {
    if (mailbox.path.length !== 1 || mailbox.path[0]?.toUpperCase() !== "INBOX") {
      throw new MailferryError("S602", `${this.#account.host} has no mailbox but INBOX: POP3 knows no other`, {
        scope: "mailbox",
        retry: "never",
      });
    }
    const before = this.#free;
    let release = (): void => {};
    this.#free = new Promise((resolve) => {
      release = resolve;
    });
    // A reader whose session has failed is waited for by nobody, disposed or not.
    const current = await this.#session?.catch(() => undefined);
    if (current?.alive) await before;
    try {
      return new Pop3Reader(await this.#connected(), release, (listed) => {
        this.#listed = listed;
      });
    } catch (error) {
      release();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { messages, unnamed } = this.#listed;
    if (unnamed > 0) {
      const which = unnamed === messages ? "its messages" : `${unnamed} of its ${messages} messages`;
      const reason = `the server gives ${which} no UIDL of their own: they are fetched in every run, and known by their content`;
      this.#notice({ code: "S606", mailbox: ["INBOX"], reason });
    }
    const session = await this.#session?.catch(() => undefined);
    await session?.[Symbol.asyncDispose]();
  }

  #connected(): Promise<Pop3Session> {
    this.#session = this.#reuse(this.#session);
    return this.#session;
  }

  async #reuse(previous: Promise<Pop3Session> | undefined): Promise<Pop3Session> {
    const session = await previous?.catch(() => undefined);
    if (session?.alive) return session;
    return watchLogIn(
      this.#account,
      () => Pop3Session.connect(this.#account, this.#signal),
      ({ alive }) => alive,
    );
  }
}

type TellListed = (listed: { readonly messages: number; readonly unnamed: number }) => void;

class Pop3Reader implements MailboxReader {
  readonly validity = "uidl";
  readonly keys = "hints";
  readonly #session: Pop3Session;
  readonly #release: () => void;
  readonly #listed: TellListed;
  #surveyed: Survey | undefined;

  constructor(session: Pop3Session, release: () => void, listed: TellListed) {
    this.#session = session;
    this.#release = release;
    this.#listed = listed;
  }

  async *list(): AsyncGenerator<MessageRef, void, undefined> {
    const survey = await this.#survey();
    let unnamed = 0;
    for (const number of survey.sizes.keys()) {
      const key = keyOf(survey, number);
      if (key.includes(" ")) unnamed += 1;
      yield { key, size: survey.sizes.get(number) };
    }
    this.#listed({ messages: survey.sizes.size, unnamed });
    if (survey.doubt === undefined) return;
    throw new MailferryError("S602", `mailbox "INBOX" may have more than what came: ${survey.doubt}`, {
      scope: "mailbox",
      retry: "later",
    });
  }

  async *fetch(refs: readonly MessageRef[]): AsyncGenerator<Message, void, undefined> {
    const survey = this.#surveyed ?? (await this.#survey());
    const wanted = new Map<number, MessageRef>();
    for (const ref of refs) {
      const number = numberOf(survey, ref.key);
      if (number !== undefined) wanted.set(number, ref);
    }
    for await (const retrieved of this.#session.retrieve([...wanted.keys()], (number) => survey.sizes.get(number))) {
      const ref = wanted.get(retrieved.number);
      if (ref === undefined) continue;
      const body = "body" in retrieved ? retrieved.body : unreadable(retrieved.refusal);
      yield { key: ref.key, size: ref.size, flags: [], body };
    }
  }

  /** Ends the session: the next `open` sees the maildrop as it is then. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
    this.#release();
  }

  async #survey(): Promise<Survey> {
    this.#surveyed = { ...(await this.#session.list()), session: randomUUID() };
    return this.#surveyed;
  }
}

/** A listing, and what tells its keys from those of any other. */
interface Survey extends MaildropListing {
  readonly session: string;
}

/**
 * Where the server names no message or two alike, the key has a space, as no UIDL has, and no later session knows it:
 * content decides.
 */
function keyOf({ uidls, session }: Survey, number: number): string {
  const uidl = uidls?.get(number) ?? "";
  return namesOneMessage.test(uidl) && uidls?.numberOf(uidl) === number ? uidl : `#${number} ${session}`;
}

/** Undefined for a key that this listing has not given. */
function numberOf(survey: Survey, key: string): number | undefined {
  const number = survey.uidls?.numberOf(key) ?? Number(/^#(\d{1,9}) /.exec(key)?.[1]);
  return survey.sizes.has(number) && keyOf(survey, number) === key ? number : undefined;
}

/** RFC 1939 section 7 allows 70 of these characters; longer ones are unique all the same. */
const namesOneMessage = /^[\x21-\x7e]{1,255}$/;

/** The body of a message that the server refuses to give. */
function unreadable(words: string): AsyncIterable<Uint8Array> {
  const error = new MailferryError("M401", `the server answered ${quoteServer(words)}`, {
    scope: "message",
    retry: "later",
  });
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) };
}
