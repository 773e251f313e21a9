// A small IMAP4rev1 server on loopback: what `mailferry demo` reads from, and, scripted, what the fault tests read from.

import type { ImapScript } from "./imap-script.ts";
import { ImapSession } from "./imap-session.ts";
import { type DemoServer, type ServerTls, startServer } from "./listener.ts";
import type { MailStore } from "./mail-store.ts";

export type { CommandFault, FetchedMessage, FetchFault, ImapScript, ScriptedCommand } from "./imap-script.ts";

export interface ImapServerOptions {
  /** Served live: what changes in it shows at once, as if another client had done it. */
  readonly store: MailStore;
  /** Hierarchy delimiter, `/` unless given; empty for none. */
  readonly delimiter?: string;
  /** Of the personal namespace, such as `INBOX.`. */
  readonly prefix?: string;
  /** All that is offered, before and after log-in; with LOGINDISABLED a log-in needs TLS first. */
  readonly capabilities?: readonly string[];
  /** Without it there is no encryption at all. */
  readonly tls?: ServerTls;
  readonly script?: ImapScript;
}

/** Its `messageOctetsSent` counts the octets of BODY[] literals, partial ones included. */
export type ImapServer = DemoServer<ImapScript>;

export async function startImapServer(options: ImapServerOptions): Promise<ImapServer> {
  const { store, delimiter = "/", prefix = "", capabilities, tls, script = {} } = options;
  const service = { store, naming: { delimiter, prefix }, capabilities, tls };
  return startServer(script, tls, (wire, stage) => new ImapSession({ ...service, ...stage }, wire).run());
}
