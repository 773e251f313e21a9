// The vocabulary: what sources, sinks, ledgers and the engine say to each other. Imports nothing.

/** A mailbox, by its decoded path: `["INBOX"]`, `["Projets", "2026"]`. Delimiters and namespaces stay in the back-ends. */
export interface Mailbox {
  readonly path: readonly string[];
  /** RFC 6154 attribute with its backslash, such as `\Sent`. */
  readonly specialUse?: string | undefined;
}

/** A message as a listing names it, before any octet of it is read. */
export interface MessageRef {
  /** Names the message within its mailbox for as long as the reader's `validity` stays the same: a UID, a UIDL. */
  readonly key: string;
  /** Octets, as the server claims them: a hint for progress and batches, never relied on. */
  readonly size?: number | undefined;
  /** System flags (`\Seen`) and keywords (`$Junk`), where the listing tells them. */
  readonly flags?: readonly string[] | undefined;
  readonly internalDate?: Date | undefined;
  /** The same for the same content, whatever the mailbox (RFC 8474 EMAILID, Gmail's X-GM-MSGID), where the server tells it. */
  readonly emailId?: string | undefined;
}

/** A mailbox as it was read before, under the same validity. */
export interface KnownMailbox {
  /** How it stood then, as its reader named it. */
  readonly state: string;
  /** What was listed of a message then; undefined for one that is not known. */
  find(key: string): MessageRef | undefined;
}

/** A message on its way from a source to a sink. */
export interface Message extends MessageRef {
  readonly flags: readonly string[];
  /**
   * The octets as they are at the source, unaltered. Readable once, and only before the next message is asked for: then
   * the memory of its chunks may be used again.
   * A body that breaks off throws a MailferryError; it never just ends.
   */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Where a sink put a message: JSON that only the same kind of store understands. Distinct for each stored message. */
export type Place = Readonly<Record<string, string | number | boolean>>;

/** One way to read what lies at a place: it does not tell by itself with which line ends it came. */
export interface Reading {
  /** Octets. */
  readonly size: number;
  readonly sha256: string;
  readonly place: Place;
}

/** How far a sink got: JSON that only the same kind of sink understands. */
export type Checkpoint = Readonly<Record<string, unknown>>;

/** One message that is durable in a sink. */
export interface Stored {
  readonly key: string;
  /** Octets that came from the source. */
  readonly size: number;
  /** Of the octets that came from the source, in hexadecimal. */
  readonly sha256: string;
  readonly place: Place;
  readonly flags: readonly string[];
  readonly internalDate?: Date | undefined;
  /** The size and the date that the server lists for it under this key, where they are others than those above. */
  readonly listedSize?: number | undefined;
  readonly listedDate?: Date | undefined;
  /** What lies at the place, where the store rewrote what it was given (M404). */
  readonly altered?: { readonly size: number; readonly sha256: string } | undefined;
  /** Those of `flags` that the store can't keep. */
  readonly unkept?: readonly string[] | undefined;
  /**
   * No ledger told of it any more: its digest was taken from what lay there when the ledger was repaired, not when it
   * arrived. These are the other ways to read it.
   */
  readonly recovered?: readonly Reading[] | undefined;
  readonly emailId?: string | undefined;
}

/** What changed at the source in the flags of a message that is stored: what the store's owner changed meanwhile stays. */
export interface FlagChange {
  readonly place: Place;
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** One message that could not be carried over. */
export interface Failure {
  readonly key: string;
  /** A product code without its prefix, such as `M401`. */
  readonly code: string;
  /** One line, safe to print. */
  readonly reason: string;
  /** True if trying again can't help, so that no later run should. */
  readonly final: boolean;
}

/** What a writer made durable since its last commit. */
export interface Commit {
  readonly checkpoint: Checkpoint;
  readonly stored: readonly Stored[];
  readonly failed: readonly Failure[];
  /** Keys of those among `stored` that were in the store already, and only had to be recognised. Absent means none. */
  readonly found?: readonly string[] | undefined;
}
