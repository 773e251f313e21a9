// What a fault test may make the IMAP server do. The demo leaves all of it out.

import type { StoredMailbox } from "./mail-store.ts";
import type { WireScript } from "./wire.ts";

export interface ImapScript extends WireScript {
  /** The first line of each connection, without CRLF. `* PREAUTH …` skips the log-in, `* BYE …` closes. */
  greeting?: string | ((connection: number) => string | undefined) | undefined;
  onCommand?: ((command: ScriptedCommand) => CommandFault | undefined | Promise<CommandFault | undefined>) | undefined;
  /** Asked for each message a FETCH names. */
  onFetch?: ((message: FetchedMessage) => FetchFault | undefined | Promise<FetchFault | undefined>) | undefined;
  /** Called when the row of a message has been sent: the moment to remove messages in between. */
  afterFetchRow?: ((message: FetchedMessage) => void | Promise<void>) | undefined;
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
