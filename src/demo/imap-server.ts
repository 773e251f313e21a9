// A small IMAP4rev1 server on loopback: what `mailferry demo` reads from, and, scripted, what the fault tests read from.

import type { ImapScript } from "./imap-script.ts";
import { ImapSession } from "./imap-session.ts";
import type { ImapTraits } from "./imap-traits.ts";
import { type DemoServer, type ServerTls, startServer } from "./listener.ts";
import type { MailStore } from "./mail-store.ts";

export type {
  AppendChanges,
  AppendedMessage,
  AppendFault,
  ArrivedMessage,
  CommandFault,
  FetchedMessage,
  FetchFault,
  ImapScript,
  ScriptedCommand,
  SelectLies,
} from "./imap-script.ts";

export interface ImapServerOptions extends ImapTraits {
  /** Served live: what changes in it shows at once, as if another client had done it. */
  readonly store: MailStore;
  /** Hierarchy delimiter, `/` unless given; empty for none. */
  readonly delimiter?: string;
  /** Of the personal namespace, such as `INBOX.`. */
  readonly prefix?: string;
  /**
   * All that is offered, before and after log-in; with LOGINDISABLED a log-in needs TLS first. An extension that is not
   * among them does not work: LITERAL+, LITERAL-, BINARY, MULTIAPPEND, UIDPLUS, CONDSTORE, ENABLE, ESEARCH, QUOTA,
   * LIST-STATUS, X-GM-EXT-1, OBJECTID, SPECIAL-USE, NAMESPACE, ID and UNSELECT are known.
   */
  readonly capabilities?: readonly string[];
  /** Without it there is no encryption at all. */
  readonly tls?: ServerTls;
  readonly script?: ImapScript;
}

/** Its `messageOctetsSent` counts the octets of BODY[] literals, partial ones included. */
export interface ImapServer extends DemoServer<ImapScript> {
  /** Messages that APPEND stored so far, late ones when they are. */
  appends(): number;
}

export async function startImapServer(options: ImapServerOptions): Promise<ImapServer> {
  const { delimiter = "/", prefix = "", capabilities, tls, script = {} } = options;
  const tally = { arrived: 0, stored: 0 };
  const service = { ...options, naming: { delimiter, prefix }, capabilities, tls, tally };
  const server = await startServer(script, tls, (wire, stage) => new ImapSession({ ...service, ...stage }, wire).run());
  return Object.assign(server, { appends: () => tally.stored });
}
