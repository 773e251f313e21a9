import type { Checkpoint, Commit, FlagChange, Mailbox, Message, Place } from "../message.ts";
import type { Whereabouts } from "../storage/intact.ts";

/** A store that messages are written to. Errors are MailferryErrors. */
export interface Sink extends AsyncDisposable {
  /**
   * Opens a mailbox, creating it where it is missing, and makes whatever lies beyond the checkpoint harmless: a repeated
   * `append` after a crash leaves exactly one copy. Without a checkpoint the mailbox is taken as new to us.
   */
  open(mailbox: Mailbox, since?: Since): Promise<MailboxWriter>;
  /** The octets of a message that was stored in this mailbox, as the store gives them back. */
  read(mailbox: Mailbox, place: Place): AsyncIterable<Uint8Array>;
  /** Where the mail of a mailbox lies, if it lies on this machine. */
  whereabouts?(mailbox: Mailbox): Whereabouts;
}

/** What is known of a mailbox from earlier commits. */
export interface Since {
  readonly checkpoint: Checkpoint;
  /** True if a commit that was recorded named this place: what lies there is another message, however equal. */
  holds(place: Place): boolean;
}

export interface BatchSize {
  readonly messages: number;
  readonly octets: number;
}

/**
 * One mailbox being written. Its methods are called one at a time, but for `append` and `goAhead`, which may be called
 * while a commit is under way: what is taken then belongs to the next one. Disposing without `commit` abandons what was appended since.
 */
export interface MailboxWriter extends AsyncDisposable {
  /** True if this is not the mailbox that the checkpoint is of: it was made anew, and nothing stored before is known to be there. */
  readonly renewed?: boolean;
  /** What a batch may grow to while the one before is under way, where each costs round trips. */
  readonly largeBatch?: BatchSize;
  /**
   * Resolves when ready for the next message; that is the back-pressure. Rejects with scope "message" if only this
   * message is spoilt (its body broke off, the store refused it): then nothing of it stays and the writer goes on.
   */
  append(message: Message): Promise<void>;
  /**
   * All that was appended since the last commit is what the next one is of, and that comes as soon as the one under way has
   * ended: a store that is far away may begin with it now. Nothing is appended in between.
   */
  goAhead?(): void;
  /** Makes durable all that was appended since the last commit, and names how far the store now reaches. */
  commit(): Promise<Commit>;
  /**
   * Durable when it resolves; the same again changes nothing. Messages that are gone are passed over. Absent where the
   * store holds no flags of its own.
   */
  setFlags?(changes: readonly FlagChange[]): Promise<void>;
}
