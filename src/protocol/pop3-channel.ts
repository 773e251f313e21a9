// The octets of a POP3 connection: connecting, TLS, deadlines and back-pressure. It knows no command.

import {
  getDefaultAutoSelectFamilyAttemptTimeout,
  isIP,
  type Socket,
  setDefaultAutoSelectFamilyAttemptTimeout,
} from "node:net";
import { type ConnectionOptions, connect as connectTls, TLSSocket } from "node:tls";
import Pop3Command from "node-pop3";
import type { Account } from "../account.ts";
import { MailferryError } from "../errors.ts";
import {
  addressAttemptMs,
  classifyConnectionError,
  matchesFingerprint,
  silent,
  tlsOptions,
  wrongFingerprint,
} from "./connection.ts";
import { describeChannel, type Milestones, tellConnected } from "./milestones.ts";
import { Patience, trickles } from "./patience.ts";

/** Octets that may wait here for a slow reader before the socket is paused. */
const mostQueued = 256 * 1024;

/**
 * One connection, proven to be what the account asks for before `connect` or `startTls` resolves. What arrived before
 * a failure can still be read; then `read` rejects with the failure, a MailferryError or the reason of the abort.
 */
export class Pop3Channel {
  readonly #account: Account;
  readonly #signal: AbortSignal | undefined;
  readonly #patience: Patience;
  readonly #milestones: Milestones | undefined;
  #socket: Socket;
  #queue: Buffer[] = [];
  #queued = 0;
  #failure: { readonly reason: unknown } | undefined;
  #wake: (() => void) | undefined;

  private constructor(account: Account, signal: AbortSignal | undefined, milestones: Milestones | undefined) {
    this.#milestones = milestones;
    this.#account = account;
    this.#signal = signal;
    this.#patience = new Patience(account.timeoutMs);
    this.#socket = connectWithNodePop3(account);
    this.#own(this.#socket);
    tellConnected(this.#socket, milestones);
    signal?.addEventListener("abort", this.#aborted);
  }

  /** Resolves once TCP and, for implicit TLS, TLS stand. */
  static async connect(account: Account, signal?: AbortSignal, milestones?: Milestones): Promise<Pop3Channel> {
    signal?.throwIfAborted();
    const channel = new Pop3Channel(account, signal, milestones);
    if (account.tls === "implicit") await channel.#secured();
    else await channel.#once("connect");
    return channel;
  }

  get alive(): boolean {
    return this.#failure === undefined;
  }

  get encrypted(): boolean {
    return this.#socket instanceof TLSSocket;
  }

  /** Octets that arrived and were not read. */
  get queued(): number {
    return this.#queued;
  }

  /** Throws the failure of a connection that has ended, unread octets or not. */
  requireAlive(): void {
    if (this.#failure !== undefined) throw this.#failure.reason;
  }

  /** Never waits: commands are small, and an answer is waited for anyway. A failure shows at the next `read`. */
  write(text: string): void {
    if (this.alive) this.#socket.write(text, "utf8");
  }

  /** An answer begins: whether octets come fast enough is measured anew. */
  renewPatience(): void {
    this.#patience.renew();
  }

  /** The next octets, as they come. No octet within the time, or a mere trickle, is a failure of the connection. */
  async read(withinMs = this.#account.timeoutMs): Promise<Buffer> {
    const sinceMs = performance.now();
    await this.#until(() => this.#queue.length > 0, withinMs);
    const chunk = this.#queue.shift() ?? Buffer.alloc(0);
    this.#queued -= chunk.length;
    if (this.#queued === 0) this.#socket.resume();
    // No server says in mid-answer that it is still there: a line that ends means nothing.
    if (!this.#patience.came(chunk.length, performance.now() - sinceMs, false)) {
      this.close(trickles(this.#account));
      this.requireAlive();
    }
    return chunk;
  }

  /** TLS over the connection as it is. Nothing that was sent in the clear may be left to read. */
  async startTls(): Promise<void> {
    const plain = this.#socket;
    plain.removeAllListeners("data");
    this.#own(connectTls({ ...channelTlsOptions(this.#account), host: this.#account.host, socket: plain }));
    await this.#secured();
  }

  /** Ends the connection at once; whoever still reads is told the reason. */
  close(reason: unknown = this.#lost("it was closed from this side")): void {
    this.#signal?.removeEventListener("abort", this.#aborted);
    this.#failure ??= { reason };
    this.#socket.destroy();
    this.#wake?.();
  }

  /** Waits for the handshake and, with a pinned fingerprint, compares the certificate. */
  async #secured(): Promise<void> {
    await this.#once("secureConnect");
    if (!(this.#socket instanceof TLSSocket)) return;
    const pinned = this.#account.tlsFingerprint;
    const certificate = this.#socket.getPeerCertificate();
    if (pinned === undefined || matchesFingerprint(certificate, pinned)) {
      this.#milestones?.secured(describeChannel(this.#socket));
      return;
    }
    const error = wrongFingerprint(this.#account, certificate);
    this.close(error);
    throw error;
  }

  async #once(event: "connect" | "secureConnect"): Promise<void> {
    let happened = false;
    this.#socket.once(event, () => {
      happened = true;
      this.#wake?.();
    });
    await this.#until(() => happened, this.#account.timeoutMs);
  }

  async #until(ready: () => boolean, withinMs: number): Promise<void> {
    if (ready()) return;
    const timer = setTimeout(() => this.close(silent(this.#account)), withinMs);
    try {
      while (!ready()) {
        if (this.#failure !== undefined) throw this.#failure.reason;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      clearTimeout(timer);
      this.#wake = undefined;
    }
  }

  readonly #aborted = (): void => {
    this.#queue = [];
    this.#queued = 0;
    this.close(this.#signal?.reason);
  };

  #own(socket: Socket): void {
    this.#socket = socket;
    // After STLS the plain socket goes on reporting what the one above it reports better.
    const close = (reason: () => unknown): void => {
      if (socket === this.#socket) this.close(reason());
    };
    socket.on("data", (chunk: Buffer) => {
      this.#queue.push(chunk);
      this.#queued += chunk.length;
      if (this.#queued >= mostQueued) socket.pause();
      this.#wake?.();
    });
    socket.on("end", () => close(() => this.#lost("the server closed it")));
    socket.on("close", () => close(() => this.#lost("the server closed it")));
    socket.on("error", (error) => close(() => classifyConnectionError(error, this.#account)));
    socket.setNoDelay(true);
  }

  #lost(how: string): MailferryError {
    const { host, port } = this.#account;
    return new MailferryError("N302", `the connection to ${host}:${port} was lost: ${how}`, {
      scope: "session",
      retry: "now",
    });
  }
}

/** A pinned certificate needs no authority: it is compared after the handshake, before anything is sent. */
function channelTlsOptions(account: Account): ConnectionOptions {
  return { ...tlsOptions(account), ...(account.tlsFingerprint === undefined ? {} : { rejectUnauthorized: false }) };
}

/**
 * node-pop3 makes the connection; its socket is taken over in the same turn, before any octet can have come. That is
 * the only sound moment: node-pop3 looks at one read at a time, so a greeting that comes in two reads is an error to
 * it, and what follows the greeting in the same read is lost. Its listeners for errors and the end stay and do no harm.
 */
function connectWithNodePop3(account: Account): Socket {
  const { host, port } = account;
  // node-pop3 types its option as that of a TLS server, where the one member left out here means something else.
  const { pskCallback: _, ...options } = channelTlsOptions(account);
  const client = new Pop3Command({
    user: "",
    password: "",
    host,
    port,
    tls: account.tls === "implicit",
    // node-pop3 takes the host for the server name, which TLS does not allow for an address; "" means none.
    tlsOptions: { ...(isIP(host) === 0 ? {} : { servername: "" }), ...options },
  });
  client.on("error", () => {
    // Its own view of the connection; ours comes from the socket.
  });
  // node-pop3 hands no such option on, and Node looks at its default in this turn.
  const before = getDefaultAutoSelectFamilyAttemptTimeout();
  setDefaultAutoSelectFamilyAttemptTimeout(addressAttemptMs(account));
  client.connect().catch(() => {
    // The same.
  });
  setDefaultAutoSelectFamilyAttemptTimeout(before);
  const socket = client._socket;
  if (socket === null) throw new Error("node-pop3 made no socket");
  socket.removeAllListeners("data");
  return socket;
}
