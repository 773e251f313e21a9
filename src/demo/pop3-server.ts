// A POP3 server in memory (RFC 1939, 2449, 2595, 5034), for the demo and for tests: it serves the INBOX of a store,
// and its script makes it misbehave as servers and networks do. It deletes nothing.

import { createHash } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { findMailbox, type MailStore, type StoredMessage } from "./mail-store.ts";
import { type ConnectionScript, ScriptedConnection } from "./scripted-connection.ts";

export interface Pop3ServerOptions {
  readonly store: MailStore;
  /** Without it there is no encryption at all. */
  readonly tls?: { readonly mode: "implicit" | "starttls"; readonly key: string; readonly cert: string };
  readonly capabilities?: Partial<Pop3Capabilities>;
  readonly script?: Pop3Script;
}

/** What the server offers. Without `capa` the others still work, but nobody is told. */
export interface Pop3Capabilities {
  readonly capa: boolean;
  /** Without it, what a client sends ahead of a reply is thrown away. */
  readonly pipelining: boolean;
  readonly uidl: boolean;
  /** A timestamp in the greeting; off by default, as it needs TLS off to be of use. */
  readonly apop: boolean;
  /** AUTH PLAIN. */
  readonly sasl: boolean;
}

/** How the server misbehaves. Read anew for each command, so that a test can change it on the way. */
export interface Pop3Script extends ConnectionScript {
  /** Takes a command before the server does. `reply` is sent as it is: give it its CRLF. */
  onCommand?: ((command: string) => { readonly reply: string } | "drop" | "stall" | undefined) | undefined;
  /** Sent as it is in place of the greeting. */
  greeting?: string | undefined;
  /** The UIDL to give for a message, by number. */
  uidl?: ((number: number, message: StoredMessage) => string) | undefined;
  /** The octets to claim for a message in LIST and STAT. */
  listedOctets?: ((number: number, octets: number) => number) | undefined;
}

export interface Pop3Server {
  readonly host: string;
  readonly port: number;
  readonly script: Pop3Script;
  /** Every command, of all connections, in order; secrets are shown as `***`. */
  readonly log: readonly string[];
  /** Octets of RETR bodies that were written to sockets, stuffing and terminator included. */
  messageOctetsSent(): number;
  /** How many connections were accepted so far. */
  connections(): number;
  close(): Promise<void>;
}

const host = "127.0.0.1";
const everything: Pop3Capabilities = { capa: true, pipelining: true, uidl: true, apop: false, sasl: true };

/** Listens on a free port of the loopback interface. */
export async function startPop3Server(options: Pop3ServerOptions): Promise<Pop3Server> {
  const script = options.script ?? {};
  const log: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  let messageOctets = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    const conversation = new Conversation(socket, options, script, {
      command: (line) => log.push(line),
      messageOctets: (octets) => {
        messageOctets += octets;
      },
    });
    conversation.serve().catch(() => socket.destroy());
  });
  server.listen(0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    host,
    port,
    script,
    log,
    messageOctetsSent: () => messageOctets,
    connections: () => connections,
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** How RFC 1939 section 3 sends a message: its final CRLF is added where it lacks one, lines with a dot get another. */
export function dotStuffed(message: Buffer): Buffer {
  // One character per octet, so that no octet changes.
  const text = message.toString("latin1");
  const lines = text === "" || text.endsWith("\r\n") ? text : `${text}\r\n`;
  const stuffed = `\r\n${lines}`.replaceAll("\r\n.", "\r\n..").slice(2);
  return Buffer.from(`${stuffed}.\r\n`, "latin1");
}

interface Observer {
  command(line: string): void;
  messageOctets(octets: number): void;
}

class Conversation {
  readonly #connection: ScriptedConnection;
  readonly #options: Pop3ServerOptions;
  readonly #script: Pop3Script;
  readonly #observer: Observer;
  readonly #offers: Pop3Capabilities;
  readonly #timestamp = `<${process.pid}.${performance.now()}@pop3.example>`;
  #user = "";
  /** The maildrop as it was at the log-in; undefined before. */
  #messages: readonly StoredMessage[] | undefined;

  constructor(socket: Socket, options: Pop3ServerOptions, script: Pop3Script, observer: Observer) {
    this.#options = options;
    this.#script = script;
    this.#observer = observer;
    this.#offers = { ...everything, ...options.capabilities };
    this.#connection = new ScriptedConnection(socket, script);
    if (options.tls?.mode === "implicit") this.#connection.startTls(options.tls);
  }

  async serve(): Promise<void> {
    await this.#connection.send(
      this.#script.greeting ?? `+OK POP3 ready${this.#offers.apop ? ` ${this.#timestamp}` : ""}\r\n`,
    );
    for (;;) {
      const line = await this.#line();
      if (line === undefined) return;
      const [verb = "", ...words] = line.split(" ");
      const command = verb.toUpperCase();
      this.#observer.command(withoutSecret(command, words));
      const scripted = this.#script.onCommand?.(line);
      if (scripted === "drop") return this.#connection.destroy();
      if (scripted === "stall") return this.#connection.silence();
      if (scripted !== undefined) await this.#connection.send(scripted.reply);
      else await this.#answer(command, words);
      if (command === "QUIT") return this.#connection.end();
    }
  }

  async #answer(command: string, words: readonly string[]): Promise<void> {
    switch (command) {
      case "CAPA":
        return this.#offers.capa ? this.#sendLines("capabilities", this.#capabilities()) : this.#refuse("unknown");
      case "STLS":
        return this.#startTls();
      case "QUIT":
        return this.#accept("bye");
    }
    if (this.#messages === undefined) return this.#authorize(command, words);
    switch (command) {
      case "NOOP":
      case "RSET":
        return this.#accept("done");
      case "STAT":
        return this.#accept(`${this.#messages.length} ${this.#octets().reduce((sum, octets) => sum + octets, 0)}`);
      case "LIST":
        return this.#listing(words, this.#octets());
      case "UIDL":
        return this.#offers.uidl ? this.#listing(words, this.#uidls()) : this.#refuse("unknown command");
      case "RETR":
        return this.#retrieve(Number(words[0]));
      case "DELE":
        return this.#refuse("this server deletes nothing");
      default:
        return this.#refuse("unknown command");
    }
  }

  async #authorize(command: string, words: readonly string[]): Promise<void> {
    const { user, password } = this.#options.store;
    switch (command) {
      case "USER":
        this.#user = words.join(" ");
        return this.#accept("and the password?");
      case "PASS":
        return this.#logIn(this.#user === user && words.join(" ") === password);
      case "APOP": {
        const digest = createHash("md5").update(`${this.#timestamp}${password}`).digest("hex");
        return this.#logIn(this.#offers.apop && words[0] === user && words[1] === digest);
      }
      case "AUTH": {
        if (!this.#offers.sasl || words[0]?.toUpperCase() !== "PLAIN") return this.#refuse("unknown mechanism");
        if (words[1] === undefined) await this.#connection.send("+ \r\n");
        const response = words[1] ?? (await this.#line()) ?? "";
        if (words[1] === undefined) this.#observer.command("***");
        return this.#logIn(Buffer.from(response, "base64").toString("utf8") === `\0${user}\0${password}`);
      }
      default:
        return this.#refuse("log in first");
    }
  }

  async #logIn(granted: boolean): Promise<void> {
    if (!granted) return this.#refuse("[AUTH] Authentication failed");
    this.#messages = [...(findMailbox(this.#options.store, ["INBOX"])?.messages ?? [])];
    return this.#accept("logged in");
  }

  #capabilities(): string[] {
    const offers = this.#offers;
    return [
      "USER",
      ...(offers.uidl ? ["UIDL"] : []),
      ...(offers.pipelining ? ["PIPELINING"] : []),
      ...(offers.sasl ? ["SASL PLAIN"] : []),
      ...(this.#options.tls?.mode === "starttls" && !this.#connection.encrypted ? ["STLS"] : []),
    ];
  }

  #octets(): number[] {
    return (this.#messages ?? []).map(({ bytes }, index) => {
      return this.#script.listedOctets?.(index + 1, bytes.length) ?? bytes.length;
    });
  }

  #uidls(): string[] {
    return (this.#messages ?? []).map((message, index) => this.#script.uidl?.(index + 1, message) ?? message.uidl);
  }

  /** LIST and UIDL: of one message, or of all. */
  async #listing(words: readonly string[], values: readonly (number | string)[]): Promise<void> {
    if (words[0] === undefined) {
      const lines = values.map((value, index) => `${index + 1} ${value}`);
      return this.#sendLines(`${lines.length} messages`, lines);
    }
    const value = values[Number(words[0]) - 1];
    return value === undefined ? this.#refuse("no such message") : this.#accept(`${words[0]} ${value}`);
  }

  async #retrieve(number: number): Promise<void> {
    const message = this.#messages?.[number - 1];
    if (message === undefined) return this.#refuse("no such message");
    await this.#accept(`${message.bytes.length} octets`);
    await this.#connection.send(dotStuffed(message.bytes), (octets) => this.#observer.messageOctets(octets));
  }

  async #startTls(): Promise<void> {
    if (this.#options.tls?.mode !== "starttls" || this.#connection.encrypted) return this.#refuse("unknown");
    await this.#accept("begin TLS");
    this.#connection.startTls(this.#options.tls);
  }

  async #line(): Promise<string | undefined> {
    const line = await this.#connection.line();
    if (!this.#offers.pipelining) this.#connection.forgetReceived();
    return line;
  }

  #accept(words: string): Promise<void> {
    return this.#connection.send(`+OK ${words}\r\n`);
  }

  #refuse(words: string): Promise<void> {
    return this.#connection.send(`-ERR ${words}\r\n`);
  }

  #sendLines(words: string, lines: readonly string[]): Promise<void> {
    return this.#connection.send(`+OK ${words}\r\n${lines.map((line) => `${line}\r\n`).join("")}.\r\n`);
  }
}

/** A command as the log shows it. */
function withoutSecret(command: string, words: readonly string[]): string {
  switch (command) {
    case "PASS":
      return "PASS ***";
    case "APOP":
      return `APOP ${words[0] ?? ""} ***`;
    case "AUTH":
      return words.length > 1 ? `AUTH ${words[0]} ***` : `AUTH ${words[0] ?? ""}`;
    default:
      return [command, ...words].join(" ");
  }
}
