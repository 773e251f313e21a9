// A connection to a server that nobody logs in to: lines in the clear or under TLS, each step bounded by the timeout.

import { connect as connectPlain, isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls, TLSSocket } from "node:tls";
import {
  addressAttemptMs,
  classifyConnectionError,
  type Endpoint,
  endedWithoutWord,
  silent,
  tlsOptions,
} from "../protocol/connection.ts";
import { notGreeted } from "../protocol/greeting.ts";
import type { World } from "./world.ts";

/** Octets of a line. A greeting with its capabilities takes some 500. */
const longestLine = 16 * 1024;

export interface LineChannelOptions {
  readonly world: World;
  readonly signal?: AbortSignal | undefined;
  /** PEM text of authorities to trust instead of the system's, or of those of the world. */
  readonly tlsCa?: string | undefined;
}

/** Every method rejects with a MailferryError, or with the reason of the signal; the connection is gone then. */
export class LineChannel {
  readonly #endpoint: Endpoint;
  readonly #options: ConnectionOptions;
  readonly #signal: AbortSignal | undefined;
  #socket: Socket;
  #octets = Buffer.alloc(0);
  #failure: { readonly reason: unknown } | undefined;
  #wake: (() => void) | undefined;

  private constructor(endpoint: Endpoint, isImplicit: boolean, { world, signal, tlsCa }: LineChannelOptions) {
    this.#endpoint = endpoint;
    this.#signal = signal;
    const { host, port } = endpoint;
    this.#options = { ...tlsOptions({ host, tlsCa: tlsCa ?? world.tlsCa }), host };
    const { lookup, ...way } = world.way(host, port);
    const how = {
      ...way,
      ...(lookup === undefined ? {} : { lookup }),
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: addressAttemptMs(endpoint),
    };
    this.#socket = isImplicit ? connectTls({ ...this.#options, ...how }) : connectPlain(how);
    this.#own(this.#socket);
    signal?.addEventListener("abort", this.#aborted);
  }

  /** Resolves when TCP and, if it is implicit, TLS stand. */
  static async connect(
    endpoint: Endpoint,
    tls: "implicit" | "clear",
    options: LineChannelOptions,
  ): Promise<LineChannel> {
    options.signal?.throwIfAborted();
    const channel = new LineChannel(endpoint, tls === "implicit", options);
    await channel.#once(tls === "implicit" ? "secureConnect" : "connect");
    return channel;
  }

  /** The socket with its handshake done; undefined in the clear. */
  get secured(): TLSSocket | undefined {
    return this.#socket instanceof TLSSocket ? this.#socket : undefined;
  }

  /** Whether more has come than was read. */
  get hasMore(): boolean {
    return this.#octets.length > 0;
  }

  write(text: string): void {
    if (this.#failure === undefined) this.#socket.write(text);
  }

  /** The next line without its end. One that is longer than any greeting or answer is neither. */
  async readLine(): Promise<string> {
    const end = () => this.#octets.indexOf(0x0a);
    await this.#until(() => end() >= 0 || this.#octets.length > longestLine);
    const at = end();
    const line = this.#octets.toString("utf8", 0, at < 0 ? longestLine : at).replace(/\r$/, "");
    if (at < 0) throw notGreeted(this.#endpoint, line);
    this.#octets = this.#octets.subarray(at + 1);
    return line;
  }

  /** TLS over the connection as it is. */
  async startTls(): Promise<void> {
    const plain = this.#socket;
    plain.removeAllListeners("data");
    this.#own(connectTls({ ...this.#options, socket: plain }));
    await this.#once("secureConnect");
  }

  /** Says a last word, if there is one, and is gone. */
  close(lastWord?: string): void {
    this.#signal?.removeEventListener("abort", this.#aborted);
    const isOpen = this.#failure === undefined;
    this.#failure ??= { reason: endedWithoutWord(this.#endpoint) };
    const socket = this.#socket;
    if (isOpen && lastWord !== undefined) socket.end(lastWord, () => socket.destroy());
    else socket.destroy();
    this.#wake?.();
  }

  readonly #aborted = (): void => this.#fail(this.#signal?.reason);

  #fail(reason: unknown): void {
    this.#failure ??= { reason };
    this.close();
  }

  #own(socket: Socket): void {
    this.#socket = socket;
    // After an upgrade the socket below goes on telling what the one above tells better.
    const tell = (reason: () => unknown) => {
      if (this.#socket === socket && this.#failure === undefined) this.#fail(reason());
    };
    socket.on("data", (chunk: Buffer) => {
      this.#octets = Buffer.concat([this.#octets, chunk]);
      // Nobody reads that much; whoever sends more waits.
      if (this.#octets.length > 2 * longestLine) socket.pause();
      this.#wake?.();
    });
    socket.on("error", (error) => tell(() => classifyConnectionError(error, this.#endpoint)));
    socket.on("close", () => tell(() => endedWithoutWord(this.#endpoint)));
    socket.on("end", () => tell(() => endedWithoutWord(this.#endpoint)));
  }

  async #once(event: "connect" | "secureConnect"): Promise<void> {
    let happened = false;
    this.#socket.once(event, () => {
      happened = true;
      this.#wake?.();
    });
    await this.#until(() => happened);
  }

  async #until(ready: () => boolean): Promise<void> {
    const timer = setTimeout(() => this.#fail(silent(this.#endpoint)), this.#endpoint.timeoutMs);
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
}

/** True for this machine alone. */
export function isLoopback(host: string): boolean {
  return host.toLowerCase() === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}
