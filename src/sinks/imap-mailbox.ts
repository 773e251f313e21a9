// A mailbox of a target account, selected for writing, and what its writer works with.

import type { MailboxObject } from "imapflow";
import type { ImapSession } from "../protocol/imap-session.ts";
import type { Appenders } from "./imap-appenders.ts";
import type { Refusals } from "./refusals.ts";

export interface ImapMailbox {
  readonly session: ImapSession;
  /** What the session leaves to others: sending many messages at once. */
  readonly appenders: Appenders;
  readonly path: readonly string[];
  /** The server's name of it, as imapflow takes it. */
  readonly name: string;
  /** As it was selected. */
  readonly selected: MailboxObject;
  readonly spoolDirectory: string;
  readonly refusals: Refusals | undefined;
  /** Digests of messages whose APPEND had no answer: a server may still be storing one when we come back. */
  readonly doubts: Set<string>;
  /** Opened for the first time in this run: a server may still be storing what a run that died had sent. */
  readonly isFirst: boolean;
  /** Called before so many octets are sent; they go when it resolves. */
  readonly pace: ((octets: number) => Promise<void> | undefined) | undefined;
  /** Waits until a server has finished what it was doing when the connection broke. */
  quiet(): Promise<void>;
  release(): void;
}
