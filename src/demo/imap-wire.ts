// One connection of the IMAP server: octets in, octets out, TLS, and the scripted ways in which a network fails.

import type { Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { TLSSocket } from "node:tls";
import type { ImapScript } from "./imap-script.ts";

/** The connection ended: whoever serves it stops. */
export class ConnectionGone extends Error {}

/** What all connections of a server sent, together. */
export interface Traffic {
  octets: number;
  messageOctets: number;
  faults: number;
}

const longestLine = 256 * 1024;

export class ImapWire {
  readonly connection: number;
  readonly #raw: Socket;
  readonly #script: () => ImapScript;
  readonly #traffic: Traffic;
  readonly #closed: Promise<void>;
  #stream: Socket;
  #chunks: Buffer[] = [];
  #ended = false;
  #wake: () => void = () => {};
  #sent = 0;

  /** Reads nothing before `listen` or `startTls`. */
  constructor(socket: Socket, connection: number, script: () => ImapScript, traffic: Traffic) {
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

  listen(): void {
    this.#stream.on("data", this.#onData);
    this.#stream.once("end", this.#onEnd);
  }

  /** Reads no more until `startTls`, and forgets what was sent ahead of the handshake (RFC 9051 section 6.2.1). */
  holdForTls(): void {
    this.#stream.pause();
    this.#stream.off("data", this.#onData);
    this.#stream.off("end", this.#onEnd);
    this.#chunks = [];
  }

  async startTls(credentials: { key: string; cert: string }): Promise<void> {
    const secured = new TLSSocket(this.#raw, { isServer: true, ...credentials });
    await new Promise<void>((resolve, reject) => {
      secured.once("secure", resolve);
      secured.once("close", () => reject(new ConnectionGone()));
      secured.on("error", () => this.#raw.destroy());
      void this.#closed.then(() => reject(new ConnectionGone()));
    });
    this.#stream = secured;
    this.listen();
  }

  /** The next line without its line end, undefined at the end of the connection. */
  async readLine(): Promise<Buffer | undefined> {
    let line = Buffer.alloc(0);
    for (;;) {
      const chunk = await this.#nextChunk();
      if (chunk === undefined) return undefined;
      const end = chunk.indexOf(0x0a);
      line = Buffer.concat([line, end < 0 ? chunk : chunk.subarray(0, end)]);
      if (line.length > longestLine) {
        await this.send("* BYE The line is too long\r\n");
        return undefined;
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
      const script = this.#script();
      const armed = script.cutOnce !== true || this.#traffic.faults === 0;
      const untilCut = armed ? (script.cutAfterOctets ?? Infinity) - this.#sent : Infinity;
      const untilStall = armed ? (script.stallAfterOctets ?? Infinity) - this.#sent : Infinity;
      if (untilCut <= 0) return this.cut();
      if (untilStall <= 0) return this.stall();
      if (rest.length === 0) return;
      const split = script.split === "every octet" ? 1 : (script.split ?? Infinity);
      const chunk = rest.subarray(0, Math.min(rest.length, split, untilCut, untilStall));
      await this.#write(chunk);
      if (script.split !== undefined) await setImmediate();
      if (kind === "body") this.#traffic.messageOctets += chunk.length;
      rest = rest.subarray(chunk.length);
    }
  }

  /** Breaks the connection as `cutHow` says. Always throws ConnectionGone. */
  async cut(): Promise<never> {
    this.#traffic.faults += 1;
    if (this.#script().cutHow === "rst") this.#raw.resetAndDestroy();
    else this.#raw.end();
    throw new ConnectionGone();
  }

  /** Says nothing until the client gives up. Then throws ConnectionGone. */
  async stall(): Promise<never> {
    this.#traffic.faults += 1;
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
