// A small IMAP4rev1 server on loopback: what `mailferry demo` reads from, and, scripted, what the fault tests read from.

import { type AddressInfo, createServer, type Socket } from "node:net";
import type { ImapScript } from "./imap-script.ts";
import { ImapSession, type Service } from "./imap-session.ts";
import { ImapWire, type Traffic } from "./imap-wire.ts";
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
  readonly tls?: { readonly mode: "implicit" | "starttls"; readonly key: string; readonly cert: string };
  readonly script?: ImapScript;
}

export interface ImapServer {
  readonly host: "127.0.0.1";
  readonly port: number;
  /** May be replaced or changed at any time, also in mid-connection. */
  script: ImapScript;
  /** Each command line received; the secrets of LOGIN and AUTHENTICATE are `***`. */
  readonly log: readonly string[];
  /** Octets sent on all connections, inside TLS. */
  bytesSent(): number;
  /** Those of them that were octets of messages: of BODY[] literals, partial ones included. */
  messageOctetsSent(): number;
  /** Connections accepted so far. */
  connections(): number;
  openConnections(): number;
  /** Cuts all connections. */
  close(): Promise<void>;
}

export async function startImapServer(options: ImapServerOptions): Promise<ImapServer> {
  const { store, delimiter = "/", prefix = "", capabilities, tls } = options;
  const traffic: Traffic = { octets: 0, messageOctets: 0, faults: 0 };
  const log: string[] = [];
  const open = new Set<Socket>();
  let accepted = 0;

  const service: Service = {
    store,
    naming: { delimiter, prefix },
    capabilities,
    tls,
    script: () => server.script,
    log,
  };

  const listener = createServer(async (socket) => {
    accepted += 1;
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    const wire = new ImapWire(socket, accepted, service.script, traffic);
    await new ImapSession(service, wire).run();
  });
  await new Promise<void>((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(0, "127.0.0.1", resolve);
  });

  const server: ImapServer = {
    host: "127.0.0.1",
    port: (listener.address() as AddressInfo).port,
    script: options.script ?? {},
    log,
    bytesSent: () => traffic.octets,
    messageOctetsSent: () => traffic.messageOctets,
    connections: () => accepted,
    openConnections: () => open.size,
    close: () =>
      new Promise((resolve) => {
        listener.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
  return server;
}
