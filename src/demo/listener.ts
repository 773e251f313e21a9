// What both demo servers are outside their protocols: a port on loopback, its connections, and what was said on them.

import { type AddressInfo, createServer, type Socket } from "node:net";
import { ConnectionGone, type Traffic, Wire, type WireScript } from "./wire.ts";

export interface ServerTls {
  /** From the first octet, or after STARTTLS (IMAP) and STLS (POP3). */
  readonly mode: "implicit" | "starttls";
  readonly key: string;
  readonly cert: string;
}

export interface DemoServer<Script extends WireScript> {
  readonly host: "127.0.0.1";
  readonly port: number;
  /** May be replaced or changed at any time, also in mid-connection. */
  script: Script;
  /** Each command line received, on all connections, in order; secrets are `***`. */
  readonly log: readonly string[];
  /** Octets sent on all connections, inside TLS. */
  octetsSent(): number;
  /** Those of them that were octets of messages, as the protocol sends them. */
  messageOctetsSent(): number;
  /** Octets read on all connections, inside TLS. */
  octetsReceived(): number;
  /** Those of them that were octets of messages: literals of APPEND, also of those refused or cut. */
  messageOctetsReceived(): number;
  /** Connections accepted so far. */
  connections(): number;
  openConnections(): number;
  /** Cuts all connections. */
  close(): Promise<void>;
}

/** What `serve` gets besides its connection: the script as it is now, and the log to write commands to. */
export interface Stage<Script extends WireScript> {
  readonly script: () => Script;
  readonly log: string[];
}

/** Listens on a free port. `serve` is called for each connection, where TLS is implicit after the handshake. */
export async function startServer<Script extends WireScript>(
  script: Script,
  tls: ServerTls | undefined,
  serve: (wire: Wire, stage: Stage<Script>) => Promise<void>,
): Promise<DemoServer<Script>> {
  const traffic: Traffic = { octets: 0, messageOctets: 0, received: 0, messageOctetsReceived: 0, faults: 0 };
  const stage: Stage<Script> = { script: () => server.script, log: [] };
  const open = new Set<Socket>();
  let accepted = 0;

  const listener = createServer(async (socket) => {
    accepted += 1;
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    const wire = new Wire(socket, accepted, stage.script, traffic);
    try {
      if (tls?.mode === "implicit") await wire.startTls(tls);
      else wire.startReading();
      await serve(wire, stage);
      wire.close();
    } catch (error) {
      if (!(error instanceof ConnectionGone)) throw error;
    }
  });
  await new Promise<void>((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(0, "127.0.0.1", resolve);
  });

  const server: DemoServer<Script> = {
    host: "127.0.0.1",
    port: (listener.address() as AddressInfo).port,
    script,
    log: stage.log,
    octetsSent: () => traffic.octets,
    messageOctetsSent: () => traffic.messageOctets,
    octetsReceived: () => traffic.received,
    messageOctetsReceived: () => traffic.messageOctetsReceived,
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
