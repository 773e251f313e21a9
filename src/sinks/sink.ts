import type { Checkpoint, Commit, Mailbox, Message } from "../message.ts";

/** A store that messages are written to. Errors are MailferryErrors. */
export interface Sink extends AsyncDisposable {
  /**
   * Opens a mailbox, creating it where it is missing, and makes whatever lies beyond the checkpoint `since` harmless:
   * a repeated `append` after a crash leaves exactly one copy. Without `since` the mailbox is taken as new to us.
   */
  open(mailbox: Mailbox, since?: Checkpoint): Promise<MailboxWriter>;
}

/** One mailbox being written. Its methods are called one at a time. Disposing without `commit` abandons what was appended since. */
export interface MailboxWriter extends AsyncDisposable {
  /**
   * Resolves when ready for the next message; that is the back-pressure. Rejects with scope "message" if only this
   * message is spoilt (its body broke off, the store refused it): then nothing of it stays and the writer goes on.
   */
  append(message: Message): Promise<void>;
  /** Makes durable all that was appended since the last commit, and names how far the store now reaches. */
  commit(): Promise<Commit>;
}
