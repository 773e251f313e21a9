// The socket under an IMAP session: the server's certificate is judged before imapflow may say a word on it.

import { connect as connectPlain, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from "node:tls";
import type { ImapTransport } from "imapflow";
import type { Account } from "../account.ts";
import { matchesFingerprint, tlsOptions, wrongFingerprint } from "./connection.ts";

/**
 * A transport for one session. `proven` is called once, when the channel is all that the account asks for: connected
 * (tls "none"), or encrypted with a certificate that holds. The session goes on when it resolves; what it rejects
 * with ends the connection. Under STARTTLS imapflow allows it 10 s.
 */
export function provenTransport(account: Account, proven: () => Promise<void>): ImapTransport {
  const host = account.host;
  // A pinned certificate is trusted for what it is, whoever signed it and whatever names it carries.
  const options: ConnectionOptions = {
    ...tlsOptions(account),
    host,
    ...(account.tlsFingerprint === undefined ? {} : { rejectUnauthorized: false }),
  };
  const goOn = (socket: Socket, next: () => void) => {
    proven().then(next, (error: unknown) => socket.destroy(error instanceof Error ? error : new Error(String(error))));
  };
  const judge = (socket: TLSSocket, next: () => void) => {
    socket.once("secureConnect", () => {
      const pinned = account.tlsFingerprint;
      if (pinned !== undefined) {
        const certificate = socket.getPeerCertificate();
        if (!matchesFingerprint(certificate, pinned)) {
          socket.destroy(wrongFingerprint(account, certificate));
          return;
        }
      }
      goOn(socket, next);
    });
    return socket;
  };
  return {
    connect({ port, secure }, onConnect) {
      if (secure) return judge(connectTls({ ...options, port }), onConnect);
      const socket = connectPlain({ host, port });
      socket.once("connect", () => (account.tls === "none" ? goOn(socket, onConnect) : onConnect()));
      return socket;
    },
    upgrade: (plain, _options, onSecure) => judge(connectTls({ ...options, socket: plain }), onSecure),
  };
}
