// The socket under an IMAP session: who answers, and with what certificate, is judged before imapflow may say a word on it.
// Each step has the account's timeout to itself.

import { connect as connectPlain, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from "node:tls";
import type { ImapTransport } from "imapflow";
import type { Account } from "../account.ts";
import { addressAttemptMs, matchesFingerprint, silent, tlsOptions, wrongFingerprint } from "./connection.ts";
import { awaitGreeting } from "./greeting.ts";
import { describeChannel, type Milestones, tellConnected } from "./milestones.ts";
import { watchPace } from "./patience.ts";

/** So many timeouts for what is said in the clear before a handshake: the capabilities, and STARTTLS itself. */
const mostInTheClear = 3;

/**
 * A transport for one session. `proven` is called once, when the channel is all that the account asks for: connected
 * and greeted (tls "none"), or encrypted with a certificate that holds. The session goes on when it resolves; what it
 * rejects with ends the connection. `upgrading` is called when a handshake that imapflow has asked for begins.
 */
export function provenTransport(
  account: Account,
  proven: () => Promise<void>,
  upgrading: () => void = () => {},
  milestones?: Milestones,
): ImapTransport {
  const { host, timeoutMs } = account;
  // A pinned certificate is trusted for what it is, whoever signed it and whatever names it carries.
  const options: ConnectionOptions = {
    ...tlsOptions(account),
    host,
    ...(account.tlsFingerprint === undefined ? {} : { rejectUnauthorized: false }),
  };
  /** Unless the event comes within the time, the socket is destroyed. */
  const within = (ms: number, socket: Socket, event: "connect" | "secureConnect", next: () => void) => {
    const timer = setTimeout(() => socket.destroy(silent(account)), ms);
    socket.once(event, () => {
      clearTimeout(timer);
      next();
    });
    socket.once("close", () => clearTimeout(timer));
  };
  const judge = (socket: TLSSocket, next: () => void) =>
    within(timeoutMs, socket, "secureConnect", () => {
      const pinned = account.tlsFingerprint;
      if (pinned !== undefined) {
        const certificate = socket.getPeerCertificate();
        if (!matchesFingerprint(certificate, pinned)) {
          socket.destroy(wrongFingerprint(account, certificate));
          return;
        }
      }
      milestones?.secured(describeChannel(socket));
      next();
    });
  const goOn = (socket: Socket, next: () => void) => {
    const begin = () => {
      next();
      watchPace(socket, account);
    };
    proven().then(begin, (error: unknown) => socket.destroy(error instanceof Error ? error : new Error(String(error))));
  };
  const awaitWords = (socket: Socket, next: () => void) =>
    awaitGreeting(socket, account, (line) => {
      milestones?.greeted(line);
      next();
    });
  let endOfClear: NodeJS.Timeout | undefined;
  return {
    connect({ port, secure }, onConnect) {
      const way = { host, port, autoSelectFamily: true, autoSelectFamilyAttemptTimeout: addressAttemptMs(account) };
      if (secure) {
        const socket = connectTls({ ...options, ...way });
        tellConnected(socket, milestones);
        const greeted = () => awaitWords(socket, () => goOn(socket, onConnect));
        within(timeoutMs, socket, "connect", () => judge(socket, greeted));
        return socket;
      }
      const socket = connectPlain(way);
      tellConnected(socket, milestones);
      const greeted = () => {
        if (account.tls === "none") return goOn(socket, onConnect);
        endOfClear = setTimeout(() => socket.destroy(silent(account)), mostInTheClear * timeoutMs);
        socket.once("close", () => clearTimeout(endOfClear));
        onConnect();
      };
      within(timeoutMs, socket, "connect", () => awaitWords(socket, greeted));
      return socket;
    },
    upgrade(plain, _options, onSecure) {
      clearTimeout(endOfClear);
      upgrading();
      const socket = connectTls({ ...options, socket: plain });
      judge(socket, () => goOn(socket, onSecure));
      return socket;
    },
  };
}
