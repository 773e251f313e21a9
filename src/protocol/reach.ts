// A server as far as its greeting and a proven channel, and not a word further: no log-in, no password.

import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { Account } from "../account.ts";
import { classifyConnectionError, encryptionNotOffered } from "./connection.ts";
import { provenTransport } from "./imap-transport.ts";

export interface Reached {
  /** Such as `TLSv1.3`; undefined without encryption. */
  readonly tls: string | undefined;
  /** When the server's certificate ends; undefined without one. */
  readonly certificateEnds: Date | undefined;
}

/** Octets of an answer to STARTTLS or STLS, which is one line. */
const longestAnswer = 8 * 1024;

/** Connects as a session would, then hangs up. Rejects with the error that a session would have had. */
export function reach(account: Account): Promise<Reached> {
  return new Promise((resolve, reject) => {
    let channel: Socket | undefined;
    const fail = (error: unknown) => reject(classifyConnectionError(error, account));
    const proven = () => {
      const secure = channel instanceof TLSSocket ? channel : undefined;
      const ends = secure === undefined ? undefined : new Date(secure.getPeerCertificate().valid_to);
      resolve({ tls: secure?.getProtocol() ?? undefined, certificateEnds: ends });
      channel?.destroy();
      // Whoever waits for the channel to be used waits for good: it is closed.
      return new Promise<void>(() => undefined);
    };
    const transport = provenTransport(account, proven);
    const watch = (socket: Socket) => {
      channel = socket;
      socket.on("error", fail).on("close", () => fail(Object.assign(new Error("closed"), { code: "ECONNRESET" })));
    };
    const { host, port } = account;
    const upgrade = () => watch(transport.upgrade?.(plain, { host, port }, () => undefined) as Socket);
    const plain = transport.connect({ host, port, secure: account.tls === "implicit" }, () =>
      askForTls(plain, account, fail, upgrade),
    ) as Socket;
    watch(plain);
  });
}

/** RFC 9051 section 6.2.1, RFC 2595 section 4. The greeting is still to be read: it is the first line. */
function askForTls(socket: Socket, account: Account, fail: (error: Error) => void, next: () => void): void {
  const command = account.protocol === "imap" ? "STARTTLS" : "STLS";
  let text = "";
  let isGreeted = false;
  const onData = (chunk: Buffer) => {
    text += chunk.toString("latin1");
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
      const line = text.slice(0, end).replace(/\r$/, "");
      text = text.slice(end + 1);
      if (!isGreeted) {
        isGreeted = true;
        socket.write(account.protocol === "imap" ? `a ${command}\r\n` : `${command}\r\n`);
      } else if (account.protocol === "pop3" || /^a /i.test(line)) {
        socket.off("data", onData);
        // What came with the answer was not encrypted: nobody reads it any more (CVE-2011-0411).
        if (/^(?:a OK|\+OK)(?:\s|$)/i.test(line)) return next();
        socket.destroy();
        return fail(encryptionNotOffered(account, command, line));
      }
    }
    if (text.length > longestAnswer) socket.destroy();
  };
  socket.on("data", onData);
  socket.resume();
}
