// What a fault test may make the IMAP server do. The demo leaves all of it out.

import type { StoredMailbox } from "./mail-store.ts";

export interface ImapScript {
  /** The first line of each connection, without CRLF. `* PREAUTH …` skips the log-in, `* BYE …` closes. */
  greeting?: string | ((connection: number) => string | undefined);
  /** Octets per write, each flushed before the next. */
  split?: number | "every octet";
  /** Ends each connection when it has been sent this many octets, counted from its greeting, inside TLS where there is TLS. */
  cutAfterOctets?: number;
  /** `fin` (the default) ends the TCP stream after the last octet, without a TLS close_notify; `rst` resets it. */
  cutHow?: "fin" | "rst";
  /** Sends no more after this many octets, counted alike; the connection stays open. */
  stallAfterOctets?: number;
  /** Only the first connection that reaches `cutAfterOctets` or `stallAfterOctets` suffers. */
  cutOnce?: boolean;
  onCommand?(command: ScriptedCommand): CommandFault | undefined | Promise<CommandFault | undefined>;
  /** Asked for each message a FETCH names. */
  onFetch?(message: FetchedMessage): FetchFault | undefined | Promise<FetchFault | undefined>;
  /** Called when the row of a message has been sent: the moment to remove messages in between. */
  afterFetchRow?(message: FetchedMessage): void | Promise<void>;
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
 * Otherwise other octets, a wrong RFC822.SIZE, or an end of the connection after so many octets of the body's literal.
 */
export type FetchFault =
  | "nil"
  | "omit"
  | "no"
  | {
      readonly bytes?: Buffer;
      readonly size?: number;
      readonly cutAfter?: number;
      readonly stallAfter?: number;
    };
