import type { Mailbox, Message, MessageRef } from "../message.ts";

/**
 * A store that messages are read from.
 *
 * A source connects when it is first used, and again when `mailboxes` or `open` is called after a failure of scope
 * "session": whoever retries just opens again. Nothing is ever deleted or marked read. Errors are MailferryErrors.
 */
export interface Source extends AsyncDisposable {
  mailboxes(): AsyncIterable<Mailbox>;
  /** Several mailboxes may be open at once; a source with fewer connections makes the caller wait. */
  open(mailbox: Mailbox): Promise<MailboxReader>;
}

/** One open mailbox. Its methods are called one at a time: `fetch` not before `list` has ended, no two at once. */
export interface MailboxReader extends AsyncDisposable {
  /** UIDVALIDITY or its like: when it changes, every key seen before is void. */
  readonly validity: string;
  /**
   * What a key that was never seen before means. `stable`: a message never seen before (IMAP UIDs). `hints`: perhaps
   * one already stored, under another key (a POP3 server may renumber its UIDLs): content decides.
   */
  readonly keys: "stable" | "hints";
  /** Every message in the mailbox, before any octet of one is read. */
  list(): AsyncIterable<MessageRef>;
  /**
   * The messages that still exist, in any order, as few round trips as the store allows. One that exists but can't be
   * read comes all the same, with a body that throws an error of scope "message"; one that does not come is gone.
   */
  fetch(refs: readonly MessageRef[]): AsyncIterable<Message>;
}
