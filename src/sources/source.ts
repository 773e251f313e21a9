import type { ErrorCode } from "../errors.ts";
import type { KnownMailbox, Mailbox, Message, MessageRef } from "../message.ts";

/**
 * A store that messages are read from.
 *
 * A source connects when it is first used, and again when `mailboxes` or `open` is called after a failure of scope
 * "session": whoever retries just opens again. Nothing is ever deleted or marked read. Errors are MailferryErrors.
 */
export interface Source extends AsyncDisposable {
  /** Known once `mailboxes` has been called: true where a message may lie in several mailboxes at once, as under Gmail's labels. */
  readonly sharesContent?: boolean;
  mailboxes(): AsyncIterable<Mailbox>;
  /**
   * How a mailbox stands, without opening it: when it was listed, or now. Undefined where the store does not tell, or
   * might miss a change. To be asked after `mailboxes`.
   */
  standing?(mailbox: Mailbox): Promise<Standing | undefined>;
  /** Several mailboxes may be open at once; a source with fewer connections makes the caller wait. */
  open(mailbox: Mailbox): Promise<MailboxReader>;
}

/** The `validity` and the `state` that a reader opened at that moment would have. */
export interface Standing {
  readonly validity: string;
  readonly state: string;
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
  /** How the mailbox stood when it was opened, for a later `list`; undefined where the store can't tell what changed since. */
  readonly state?: string | undefined;
  /**
   * Every message in the mailbox, before any octet of one is read. Where the store may have more than it lists, all that
   * it lists comes first; then it rejects with S602. With what is known of it from an earlier listing, of
   * which all was carried, a store may answer from that and ask only for what changed.
   */
  list(known?: KnownMailbox): AsyncIterable<MessageRef>;
  /**
   * The messages that still exist, in any order, as few round trips as the store allows. One that exists but can't be
   * read comes all the same, with a body that throws an error of scope "message"; one that does not come is gone.
   */
  fetch(refs: readonly MessageRef[]): AsyncIterable<Message>;
}

/** Mail on this machine, by its path: a mailferry archive, an mbox file or a folder of them, a Maildir. */
export type LocalMail = { readonly archive: string } | { readonly mbox: string } | { readonly maildir: string };

/** Something worth knowing about what is read; nothing is missing for it. */
export interface SourceNotice {
  readonly code: ErrorCode;
  readonly mailbox: readonly string[];
  readonly key?: string | undefined;
  /** One line, safe to print. */
  readonly reason: string;
}
