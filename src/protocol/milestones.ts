// How far a connection has come, told to whoever wants to know (jobs/account-test.ts): nothing hangs on it.

import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";

/** The channel as it was agreed on. Names are the certificate's own words: not safe to print. */
export interface Channel {
  /** `TLSv1.3` */
  readonly protocol: string;
  /** Who signed the certificate, and whom it names. */
  readonly issuer: string;
  readonly subject: string;
  readonly validTo: Date;
  /** `SHA256:` and colon-separated hexadecimal. */
  readonly fingerprint: string;
}

export interface Milestones {
  /** TCP stands: with this address; empty where it can't be told. */
  connected(address: string): void;
  /** TLS stands, and the certificate holds. */
  secured(channel: Channel): void;
  /** The first line of the server, as it came. */
  greeted(line: string): void;
}

export function tellConnected(socket: Socket, milestones: Milestones | undefined): void {
  if (milestones === undefined) return;
  socket.once("connect", () => milestones.connected(socket.remoteAddress ?? ""));
}

export function describeChannel(socket: TLSSocket): Channel {
  const { issuer, subject, valid_to, fingerprint256 } = socket.getPeerCertificate();
  return {
    protocol: socket.getProtocol() ?? "TLS",
    issuer: nameOf(issuer),
    subject: nameOf(subject),
    validTo: new Date(valid_to),
    fingerprint: `SHA256:${fingerprint256}`,
  };
}

type Name = Readonly<Record<string, string | readonly string[] | undefined>> | undefined;

/** The organization, and the name that it goes by here. */
function nameOf(name: Name): string {
  const parts = [name?.O, name?.CN].flatMap((part) => part ?? []).filter((part) => part !== "");
  return [...new Set(parts)].join(", ").slice(0, 200);
}
