// What a fault test may make the IMAP server do. The demo leaves all of it out.

import type { StoredMailbox, StoredMessage } from "./mail-store.ts";
import type { WireScript } from "./wire.ts";

export interface ImapScript extends WireScript {
  /** The first line of each connection, without CRLF. `* PREAUTH …` skips the log-in, `* BYE …` closes. */
  greeting?: string | ((connection: number) => string | undefined) | undefined;
  onCommand?: ((command: ScriptedCommand) => CommandFault | undefined | Promise<CommandFault | undefined>) | undefined;
  /** Asked for each message a FETCH names. */
  onFetch?: ((message: FetchedMessage) => FetchFault | undefined | Promise<FetchFault | undefined>) | undefined;
  /** The UIDs of the rows to send, in place of those that were asked for, which are in ascending order: any order, any number of times. */
  arrangeRows?: ((uids: readonly number[], line: string) => readonly number[]) | undefined;
  /** What SELECT and EXAMINE say in place of what is so; null: they say nothing of it. */
  onSelect?: ((mailbox: StoredMailbox) => SelectLies | undefined) | undefined;
  /** What SEARCH finds, in place of what is there. */
  onSearch?: ((numbers: readonly number[]) => readonly number[]) | undefined;
  /** Called when the row of a message has been sent: the moment to remove messages in between. */
  afterFetchRow?: ((message: FetchedMessage) => void | Promise<void>) | undefined;
  /** Asked for each message of an APPEND that the server would take, when all of its octets have come. */
  onAppend?: ((message: ArrivedMessage) => AppendFault | undefined | Promise<AppendFault | undefined>) | undefined;
  /** Called for each message an APPEND stored, before its answer: the moment at which foreign mail arrives. */
  afterAppend?: ((message: AppendedMessage) => void | Promise<void>) | undefined;
}

export interface ScriptedCommand {
  readonly tag: string;
  /** In capitals; `UID FETCH` is one name. */
  readonly name: string;
  /** As in `ImapServer.log`: without secrets. */
  readonly line: string;
  /** 1 for the first connection the server accepted. */
  readonly connection: number;
}

export type CommandFault =
  | "drop"
  | "stall"
  | {
      /** Raw, CRLF and tag included. */
      readonly reply: string | Buffer;
      /** What follows. `handle`: the command is carried out as usual; `handshake`: TLS begins, as after a STARTTLS. */
      readonly next?: "drop" | "stall" | "handle" | "handshake";
    };

export interface FetchedMessage {
  readonly uid: number;
  readonly mailbox: StoredMailbox;
  /** True if the command asks for octets of the message, false if only for flags, dates and sizes. */
  readonly body: boolean;
  readonly connection: number;
}

/**
 * `nil`: the body is NIL. `omit`: no row, yet the command ends with OK. `no`: the command ends with NO, without this row.
 * Otherwise other octets, a wrong RFC822.SIZE, other words for an item, or an end of the connection after so many octets of the body's literal.
 */
export type FetchFault =
  | "nil"
  | "omit"
  | "no"
  | {
      readonly bytes?: Buffer;
      readonly size?: number;
      /** What stands behind these items in the row, by name, `BODY[]` excepted; null leaves the item out. */
      readonly items?: Readonly<Record<string, string | null>>;
      readonly cutAfter?: number;
      readonly stallAfter?: number;
    };

export interface SelectLies {
  readonly exists?: number | null;
  readonly uidValidity?: number | null;
  readonly uidNext?: number | null;
}

export interface ArrivedMessage {
  readonly mailbox: StoredMailbox;
  readonly bytes: Buffer;
  /** As the client gave them, also those that the server will not keep. */
  readonly flags: readonly string[];
  /** Undefined if the client gave none. */
  readonly internalDate: Date | undefined;
  readonly connection: number;
  /** 1 for the first message that came by APPEND, on all connections together. */
  readonly count: number;
}

export interface AppendedMessage extends ArrivedMessage {
  readonly message: StoredMessage;
}

/**
 * `no` and `bad` refuse the command, code and words as given; of a MULTIAPPEND nothing is stored then.
 * `cut-before-store`: the connection is cut and nothing stored. `lost-answer`: stored, then cut before the tagged answer.
 * `ok-not-stored`: OK, under a UID that never appears. `merge`: alike, if the mailbox has these octets already.
 */
export type AppendFault =
  | "cut-before-store"
  | "lost-answer"
  | "ok-not-stored"
  | "merge"
  | { readonly no: string }
  | { readonly bad: string }
  | AppendChanges;

/** May be combined. */
export interface AppendChanges {
  /** Octets to store in place of those that came; `nothing` uses a UID up and stores nothing. */
  readonly store?: Buffer | "nothing";
  /** The UID that APPENDUID claims; with `none` there is no APPENDUID at all. */
  readonly appendUid?: number | "none";
  /** The connection is cut before the tagged answer; or that is NO, with these words, although all was stored. */
  readonly answer?: "lost" | { readonly no: string };
  /** The connection is cut at once, and the message stored when this has resolved; if it rejects, never. */
  readonly late?: () => Promise<void>;
}
