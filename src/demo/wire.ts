// One connection of a demo server: octets in, octets out, TLS, and the scripted ways in which a network fails.

import type { Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { TLSSocket } from "node:tls";

/** What may happen to the octets of a connection. Asked at every read and write, so that a test can change it on the way. */
export interface WireScript {
  /** Octets per write, each flushed before the next. */
  split?: number | undefined;
  /** Ends each connection when it has been sent this many octets, counted from its greeting, inside TLS where there is TLS. */
  cutAfterOctets?: number | undefined;
  /** `fin` (the default) ends the TCP stream after the last octet, without a TLS close_notify; `rst` resets it. */
  cutHow?: "fin" | "rst" | undefined;
  /** Sends no more after this many octets, counted alike; the connection stays open. */
  stallAfterOctets?: number | undefined;
  /**
   * Ends each connection, as `cutHow` says, where the server would read on after this many octets from the client, counted
   * from its first, inside TLS where there is TLS. A command that ends with the last of them is still carried out.
   */
  cutAfterReceived?: number | undefined;
  /** Reads no more after this many octets, counted alike; the connection stays open, even if the client goes. */
  stallAfterReceived?: number | undefined;
  /** Only the first connection that reaches any of these counts suffers. */
  cutOnce?: boolean | undefined;
}

/** The connection ended: whoever serves it stops. */
export class ConnectionGone extends Error {}

/** `body` octets are those of messages. */
export type OctetKind = "protocol" | "body";

/** What all connections of a server sent and read, together. */
export interface Traffic {
  octets: number;
  messageOctets: number;
  received: number;
  messageOctetsReceived: number;
  /** How many connections reached a count at which the script cuts or stalls. */
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
  #received = 0;

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
      this.#putBack(chunk.subarray(end + 1));
      return line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
    }
  }

  /** Exactly so many octets, undefined if the connection ends before. */
  async readOctets(count: number, kind: OctetKind): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    for (let missing = count; missing > 0; ) {
      const chunk = await this.#nextChunk();
      if (chunk === undefined) return undefined;
      const part = chunk.subarray(0, missing);
      parts.push(part);
      if (part.length < chunk.length) this.#putBack(chunk.subarray(missing));
      if (kind === "body") this.#traffic.messageOctetsReceived += part.length;
      missing -= part.length;
    }
    return Buffer.concat(parts);
  }

  /** Resolves when the octets are handed to the network. */
  async send(data: string | Buffer, kind: OctetKind = "protocol"): Promise<void> {
    let rest = typeof data === "string" ? Buffer.from(data, "utf8") : data;
    for (;;) {
      const { split, cutAfterOctets, stallAfterOctets } = this.#script();
      const allowed = this.#allowance(this.#sent, cutAfterOctets, stallAfterOctets);
      if (allowed === "cut") return this.cut();
      if (allowed === "stall") return this.stall();
      if (rest.length === 0) return;
      const chunk = rest.subarray(0, Math.min(split ?? longestWrite, allowed));
      rest = rest.subarray(chunk.length);
      if (kind === "body") this.#traffic.messageOctets += chunk.length;
      await this.#write(chunk);
      if (split !== undefined) await setImmediate();
    }
  }

  /** How many octets may still pass one way; where there are none, what happens instead. */
  #allowance(passed: number, cutAfter = Infinity, stallAfter = Infinity): number | "cut" | "stall" {
    if (this.#script().cutOnce === true && this.#traffic.faults > 0) return Infinity;
    const left = Math.min(cutAfter, stallAfter) - passed;
    if (left > 0) return left;
    this.#traffic.faults += 1;
    return cutAfter <= passed ? "cut" : "stall";
  }

  /** Breaks the connection as `cutHow` says. Always throws ConnectionGone. */
  async cut(): Promise<never> {
    // What the client goes on sending flows off unread.
    this.#stream.off("data", this.#onData);
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
      const { cutAfterReceived, stallAfterReceived } = this.#script();
      const allowed = this.#allowance(this.#received, cutAfterReceived, stallAfterReceived);
      if (allowed === "cut") return this.cut();
      if (allowed === "stall") {
        this.#stream.pause();
        return this.stall();
      }
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) {
        const taken = chunk.subarray(0, allowed);
        if (taken.length < chunk.length) this.#chunks.unshift(chunk.subarray(taken.length));
        this.#received += taken.length;
        this.#traffic.received += taken.length;
        return taken;
      }
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #putBack(chunk: Buffer): void {
    this.#chunks.unshift(chunk);
    this.#received -= chunk.length;
    this.#traffic.received -= chunk.length;
  }

  #write(chunk: Buffer): Promise<void> {
    this.#sent += chunk.length;
    this.#traffic.octets += chunk.length;
    return new Promise((resolve, reject) => {
      this.#stream.write(chunk, (error) => (error ? reject(new ConnectionGone()) : resolve()));
    });
  }
}
