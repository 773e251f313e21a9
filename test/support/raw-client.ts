// A client that sends lines and octets as they are, and reads up to what a test waits for.

import { once } from "node:events";
import { connect, type Socket } from "node:net";

export class RawClient {
  readonly socket: Socket;
  #text = "";
  #closed = false;

  constructor({ host, port }: { readonly host: string; readonly port: number }) {
    this.socket = connect(port, host);
    this.socket.on("error", () => this.socket.destroy());
    this.socket.on("data", (chunk) => {
      this.#text += chunk.toString("latin1");
      this.socket.emit("text");
    });
    this.socket.once("close", () => {
      this.#closed = true;
      this.socket.emit("text");
    });
  }

  /** Past the greeting, or logged in where an account is given. */
  static async open(
    server: { readonly host: string; readonly port: number },
    login?: { readonly user: string; readonly password: string },
  ): Promise<RawClient> {
    const client = new RawClient(server);
    await client.until(/\r\n$/);
    if (login !== undefined) await client.command(`l LOGIN ${login.user} ${login.password}`);
    return client;
  }

  /** Written as it is, without a line end. */
  send(data: string | Buffer): void {
    this.socket.write(data, "latin1");
  }

  /** All that has come since the last answer. @throws Error if the connection ends before. */
  async until(end: RegExp): Promise<string> {
    while (!end.test(this.#text)) {
      if (this.#closed) throw new Error(`the connection ended after ${JSON.stringify(this.#text)}`);
      await once(this.socket, "text");
    }
    return this.#take();
  }

  /** The answer to a command, up to its tagged line or to a request for its literal. */
  async command(line: string): Promise<string> {
    this.send(`${line}\r\n`);
    return this.until(new RegExp(`^(${line.split(" ")[0]}|\\+) .*\\r\\n`, "m"));
  }

  /** What still came when the server had ended the connection. */
  async untilClosed(): Promise<string> {
    while (!this.#closed) await once(this.socket, "text");
    return this.#take();
  }

  #take(): string {
    const text = this.#text;
    this.#text = "";
    return text;
  }
}
