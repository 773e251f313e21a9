// One connection of a demo server: octets in, octets out, TLS, and the scripted ways in which a network fails.

import type { Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { TLSSocket } from "node:tls";

/** What may happen to the octets that a server sends. Asked at every write, so that a test can change it on the way. */
export interface WireScript {
  /** Octets per write, each flushed before the next. */
  split?: number | undefined;
  /** Ends each connection when it has been sent this many octets, counted from its greeting, inside TLS where there is TLS. */
  cutAfterOctets?: number | undefined;
  /** `fin` (the default) ends the TCP stream after the last octet, without a TLS close_notify; `rst` resets it. */
  cutHow?: "fin" | "rst" | undefined;
  /** Sends no more after this many octets, counted alike; the connection stays open. */
  stallAfterOctets?: number | undefined;
  /** Only the first connection that reaches `cutAfterOctets` or `stallAfterOctets` suffers. */
  cutOnce?: boolean | undefined;
}

/** The connection ended: whoever serves it stops. */
export class ConnectionGone extends Error {}

/** What all connections of a server sent, together. */
export interface Traffic {
  octets: number;
  messageOctets: number;
  /** How many connections reached `cutAfterOctets` or `stallAfterOctets`. */
  faults: number;
}

const longestLine = 256 * 1024;
/** So that a message is counted as it goes out, and a client that reads slowly can be seen to hold it back. */
const longestWrite = 64 * 1024;

export class Wire {
  /** 1 for the first connection the server accepted. */
  readonly connection: number;
  readonly #raw: Socket;
  readonly #script: () => WireScript;
  readonly #traffic: Traffic;
  readonly #closed: Promise<void>;
  #stream: Socket;
  #chunks: Buffer[] = [];
  #ended = false;
  #wake: () => void = () => {};
  #sent = 0;

  /** Reads nothing before `startReading` or `startTls`. */
  constructor(socket: Socket, connection: number, script: () => WireScript, traffic: Traffic) {
    this.#raw = socket;
    this.#stream = socket;
    this.connection = connection;
    this.#script = script;
    this.#traffic = traffic;
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    this.#closed = new Promise((resolve) => {
      socket.once("close", () => {
        this.#end();
        resolve();
      });
    });
  }

  get secure(): boolean {
    return this.#stream !== this.#raw;
  }

  startReading(): void {
    this.#stream.on("data", this.#onData);
    this.#stream.once("end", this.#onEnd);
  }

  /** Throws away what has come and was not read yet. */
  forget(): void {
    this.#chunks = [];
  }

  /** Reads no more until `startTls`, and forgets what was sent ahead of the handshake (RFC 9051 section 6.2.1). */
  holdForTls(): void {
    this.#stream.pause();
    this.#stream.off("data", this.#onData);
    this.#stream.off("end", this.#onEnd);
    this.forget();
  }

  /** @throws ConnectionGone if the handshake fails. */
  async startTls({ key, cert }: { readonly key: string; readonly cert: string }): Promise<void> {
    const secured = new TLSSocket(this.#raw, { isServer: true, key, cert });
    await new Promise<void>((resolve, reject) => {
      secured.once("secure", resolve);
      secured.once("close", () => reject(new ConnectionGone()));
      secured.on("error", () => this.#raw.destroy());
      void this.#closed.then(() => reject(new ConnectionGone()));
    });
    this.#stream = secured;
    this.startReading();
  }

  /**
   * The next line without its line end, undefined at the end of the connection.
   * @throws ConnectionGone after a line of more than 256 KiB, which is answered with `tooLong`.
   */
  async readLine(tooLong: string): Promise<Buffer | undefined> {
    let line = Buffer.alloc(0);
    for (;;) {
      const chunk = await this.#nextChunk();
      if (chunk === undefined) return undefined;
      const end = chunk.indexOf(0x0a);
      line = Buffer.concat([line, end < 0 ? chunk : chunk.subarray(0, end)]);
      if (line.length > longestLine) {
        await this.send(tooLong);
        this.close();
        throw new ConnectionGone();
      }
      if (end < 0) continue;
      this.#chunks.unshift(chunk.subarray(end + 1));
      return line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
    }
  }

  /** Exactly so many octets, undefined if the connection ends before. */
  async readOctets(count: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    for (let missing = count; missing > 0; ) {
      const chunk = await this.#nextChunk();
      if (chunk === undefined) return undefined;
      parts.push(chunk.subarray(0, missing));
      if (chunk.length > missing) this.#chunks.unshift(chunk.subarray(missing));
      missing -= Math.min(missing, chunk.length);
    }
    return Buffer.concat(parts);
  }

  /** Resolves when the octets are handed to the network. `body` octets are counted as those of messages. */
  async send(data: string | Buffer, kind: "protocol" | "body" = "protocol"): Promise<void> {
    let rest = typeof data === "string" ? Buffer.from(data, "utf8") : data;
    for (;;) {
      const { split, cutAfterOctets, stallAfterOctets, cutOnce } = this.#script();
      const armed = cutOnce !== true || this.#traffic.faults === 0;
      const untilCut = armed ? (cutAfterOctets ?? Infinity) - this.#sent : Infinity;
      const untilStall = armed ? (stallAfterOctets ?? Infinity) - this.#sent : Infinity;
      if (untilCut <= 0 || untilStall <= 0) {
        this.#traffic.faults += 1;
        return untilCut <= 0 ? this.cut() : this.stall();
      }
      if (rest.length === 0) return;
      const chunk = rest.subarray(0, Math.min(split ?? longestWrite, untilCut, untilStall));
      rest = rest.subarray(chunk.length);
      if (kind === "body") this.#traffic.messageOctets += chunk.length;
      await this.#write(chunk);
      if (split !== undefined) await setImmediate();
    }
  }

  /** Breaks the connection as `cutHow` says. Always throws ConnectionGone. */
  async cut(): Promise<never> {
    if (this.#script().cutHow === "rst") this.#raw.resetAndDestroy();
    else this.#raw.end();
    throw new ConnectionGone();
  }

  /** Says nothing until the client gives up. Then throws ConnectionGone. */
  async stall(): Promise<never> {
    await this.#closed;
    throw new ConnectionGone();
  }

  /** The orderly end, after all that was sent. */
  close(): void {
    this.#stream.end();
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#chunks.push(chunk);
    this.#wake();
  };

  readonly #onEnd = (): void => this.#end();

  #end(): void {
    this.#ended = true;
    this.#wake();
  }

  async #nextChunk(): Promise<Buffer | undefined> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) return chunk;
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #write(chunk: Buffer): Promise<void> {
    this.#sent += chunk.length;
    this.#traffic.octets += chunk.length;
    return new Promise((resolve, reject) => {
      this.#stream.write(chunk, (error) => (error ? reject(new ConnectionGone()) : resolve()));
    });
  }
}
