// One connection of a demo server: lines in, octets out, and the network's misbehaviour between the two.

import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";

/** What happens to the octets that the server sends. */
export interface ConnectionScript {
  /** Sends replies in pieces of so many octets, each written on its own. */
  split?: number | undefined;
  /** Cuts the connection once so many octets have been sent on it. */
  cutAfterOctets?: number | undefined;
  /** How it cuts: in order (default), or with a reset. */
  cutHow?: "fin" | "rst" | undefined;
  /** Cuts one connection only. */
  cutOnce?: boolean | undefined;
  /** Falls silent, for good, once so many octets have been sent on a connection. */
  stallAfterOctets?: number | undefined;
}

export class ScriptedConnection {
  /** The TCP connection, under TLS or not. */
  readonly #plain: Socket;
  readonly #script: ConnectionScript;
  #socket: Socket;
  #received = Buffer.alloc(0);
  #sent = 0;

  constructor(socket: Socket, script: ConnectionScript) {
    this.#plain = socket;
    this.#socket = socket;
    this.#script = script;
    this.#adopt(socket);
  }

  get encrypted(): boolean {
    return this.#socket !== this.#plain;
  }

  /** From here on everything is under TLS; what came before and was not read is forgotten. */
  startTls(identity: { readonly key: string; readonly cert: string }): void {
    this.forgetReceived();
    this.#adopt(new TLSSocket(this.#plain, { isServer: true, key: identity.key, cert: identity.cert }));
  }

  forgetReceived(): void {
    this.#received = Buffer.alloc(0);
  }

  /** Sends all of it, or as much as the script allows; `count` hears how many octets each write had. */
  async send(reply: string | Buffer, count: (octets: number) => void = () => {}): Promise<void> {
    const { split, cutAfterOctets = Infinity, stallAfterOctets = Infinity } = this.#script;
    const octets = Buffer.from(reply);
    const allowed = Math.min(octets.length, cutAfterOctets - this.#sent, stallAfterOctets - this.#sent);
    for (let at = 0; at < allowed; ) {
      const piece = octets.subarray(at, Math.min(allowed, at + (split ?? 64 * 1024)));
      at += piece.length;
      this.#sent += piece.length;
      count(piece.length);
      if (!this.#socket.write(piece)) await this.#happened("drain");
      if (split !== undefined) await new Promise((resolve) => setImmediate(resolve));
    }
    if (this.#sent >= cutAfterOctets) return this.#cut();
    if (this.#sent >= stallAfterOctets) return this.silence();
  }

  #cut(): Promise<never> {
    if (this.#script.cutOnce) this.#script.cutAfterOctets = undefined;
    if (this.#script.cutHow === "rst") this.#plain.resetAndDestroy();
    else this.#socket.end();
    return this.silence();
  }

  /** Reads on so that the client's end is noticed, and answers nothing any more: the conversation stays here. */
  silence(): Promise<never> {
    this.#socket.resume();
    return new Promise(() => {});
  }

  /** The next line from the client; undefined once it has gone. */
  async line(): Promise<string | undefined> {
    for (;;) {
      const end = this.#received.indexOf("\n");
      if (end !== -1) {
        const line = this.#received.toString("utf8", 0, end).replace(/\r$/, "");
        this.#received = this.#received.subarray(end + 1);
        return line;
      }
      const chunk: Buffer | null = this.#socket.read();
      if (chunk !== null) this.#received = Buffer.concat([this.#received, chunk]);
      else if (this.#socket.readableEnded || this.#socket.destroyed) return undefined;
      else await this.#happened("readable");
    }
  }

  /** Resolves when the event comes, or the connection ends. */
  async #happened(event: "readable" | "drain"): Promise<void> {
    const socket = this.#socket;
    if (socket.destroyed) return this.silence();
    const events = [event, "end", "close"];
    await new Promise<void>((resolve) => {
      const done = (): void => {
        for (const name of events) socket.off(name, done);
        resolve();
      };
      for (const name of events) socket.on(name, done);
    });
  }

  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #adopt(socket: Socket): void {
    this.#socket = socket;
    socket.on("error", () => socket.destroy());
    socket.setNoDelay(true);
  }
}
