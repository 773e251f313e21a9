// A POP3 server on loopback (RFC 1939, 2449, 2595, 5034), for the demo and, scripted, for the fault tests: it serves the
// INBOX of a store and deletes nothing.

import { type DemoServer, type ServerTls, startServer } from "./listener.ts";
import type { MailStore } from "./mail-store.ts";
import { type Pop3Capabilities, Pop3Conversation } from "./pop3-conversation.ts";
import type { Pop3Script } from "./pop3-script.ts";

export { dotStuffed, type Pop3Capabilities } from "./pop3-conversation.ts";
export type { Pop3Script } from "./pop3-script.ts";

export interface Pop3ServerOptions {
  /** Each log-in sees its INBOX as it is then. */
  readonly store: MailStore;
  /** Those that are not given are offered, but for APOP. */
  readonly capabilities?: Partial<Pop3Capabilities>;
  /** Without it there is no encryption at all. */
  readonly tls?: ServerTls;
  readonly script?: Pop3Script;
}

/** Its `messageOctetsSent` counts the octets of RETR bodies, stuffing and terminator included. */
export type Pop3Server = DemoServer<Pop3Script>;

const everything: Pop3Capabilities = { capa: true, pipelining: true, uidl: true, apop: false, sasl: true };

export async function startPop3Server(options: Pop3ServerOptions): Promise<Pop3Server> {
  const { store, capabilities, tls, script = {} } = options;
  const service = { store, offers: { ...everything, ...capabilities }, tls };
  return startServer(script, tls, (wire, stage) => new Pop3Conversation({ ...service, ...stage }, wire).run());
}
