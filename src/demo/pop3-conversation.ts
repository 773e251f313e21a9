// One client of the POP3 server: its state, and the round of command and answer.

import { createHash, randomUUID } from "node:crypto";
import type { ServerTls } from "./listener.ts";
import { findMailbox, type MailStore, type StoredMessage } from "./mail-store.ts";
import type { Pop3Script } from "./pop3-script.ts";
import type { Wire } from "./wire.ts";

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

/** What all conversations of a server share. */
export interface Pop3Service {
  readonly store: MailStore;
  readonly offers: Pop3Capabilities;
  readonly tls: ServerTls | undefined;
  readonly script: () => Pop3Script;
  readonly log: string[];
}

export class Pop3Conversation {
  readonly #service: Pop3Service;
  readonly #wire: Wire;
  readonly #timestamp = `<${randomUUID()}@pop3.example>`;
  #user = "";
  /** The maildrop as it was at the log-in; undefined before. */
  #messages: readonly StoredMessage[] | undefined;

  constructor(service: Pop3Service, wire: Wire) {
    this.#service = service;
    this.#wire = wire;
  }

  /** Serves the client until it goes or quits. @throws ConnectionGone where the script ends it. */
  async run(): Promise<void> {
    const { offers, script, log } = this.#service;
    await this.#wire.send(script().greeting ?? `+OK POP3 ready${offers.apop ? ` ${this.#timestamp}` : ""}\r\n`);
    for (;;) {
      const line = await this.#line();
      if (line === undefined) return;
      const [verb = "", ...words] = line.split(" ");
      const command = verb.toUpperCase();
      log.push(withoutSecret(command, words));
      const scripted = script().onCommand?.(line);
      if (scripted === "drop") return this.#wire.cut();
      if (scripted === "stall") return this.#wire.stall();
      if (scripted !== undefined) await this.#wire.send(scripted.reply);
      else await this.#answer(command, words);
      if (command === "QUIT") return;
    }
  }

  async #answer(command: string, words: readonly string[]): Promise<void> {
    const { offers } = this.#service;
    switch (command) {
      case "CAPA":
        return offers.capa ? this.#sendLines("capabilities", this.#capabilities()) : this.#refuse("unknown");
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
        return offers.uidl ? this.#listing(words, this.#uidls()) : this.#refuse("unknown command");
      case "RETR":
        return this.#retrieve(Number(words[0]));
      case "DELE":
        return this.#refuse("this server deletes nothing");
      default:
        return this.#refuse("unknown command");
    }
  }

  async #authorize(command: string, words: readonly string[]): Promise<void> {
    const { offers, log } = this.#service;
    const { user, password } = this.#service.store;
    switch (command) {
      case "USER":
        this.#user = words.join(" ");
        return this.#accept("and the password?");
      case "PASS":
        return this.#logIn(this.#user === user && words.join(" ") === password);
      case "APOP": {
        const digest = createHash("md5").update(`${this.#timestamp}${password}`).digest("hex");
        return this.#logIn(offers.apop && words[0] === user && words[1] === digest);
      }
      case "AUTH": {
        if (!offers.sasl || words[0]?.toUpperCase() !== "PLAIN") return this.#refuse("unknown mechanism");
        if (words[1] === undefined) await this.#wire.send("+ \r\n");
        const response = words[1] ?? (await this.#line()) ?? "";
        if (words[1] === undefined) log.push("***");
        return this.#logIn(Buffer.from(response, "base64").toString("utf8") === `\0${user}\0${password}`);
      }
      default:
        return this.#refuse("log in first");
    }
  }

  async #logIn(granted: boolean): Promise<void> {
    if (!granted) return this.#refuse("[AUTH] Authentication failed");
    this.#messages = [...(findMailbox(this.#service.store, ["INBOX"])?.messages ?? [])];
    return this.#accept("logged in");
  }

  #capabilities(): string[] {
    const { offers, tls } = this.#service;
    return [
      "USER",
      ...(offers.uidl ? ["UIDL"] : []),
      ...(offers.pipelining ? ["PIPELINING"] : []),
      ...(offers.sasl ? ["SASL PLAIN"] : []),
      ...(tls?.mode === "starttls" && !this.#wire.secure ? ["STLS"] : []),
    ];
  }

  #octets(): number[] {
    const { listedOctets } = this.#service.script();
    return (this.#messages ?? []).map(({ bytes }, index) => listedOctets?.(index + 1, bytes.length) ?? bytes.length);
  }

  #uidls(): string[] {
    const { uidl } = this.#service.script();
    return (this.#messages ?? []).map((message, index) => uidl?.(index + 1, message) ?? message.uidl);
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
    const octets = this.#service.script().octets?.(number, message) ?? message.bytes;
    await this.#accept(`${octets.length} octets`);
    await this.#wire.send(dotStuffed(octets), "body");
  }

  async #startTls(): Promise<void> {
    const { tls } = this.#service;
    if (tls?.mode !== "starttls" || this.#wire.secure) return this.#refuse("unknown");
    this.#wire.holdForTls();
    await this.#accept("begin TLS");
    await this.#wire.startTls(tls);
  }

  async #line(): Promise<string | undefined> {
    const line = await this.#wire.readLine("-ERR the line is too long\r\n");
    if (!this.#service.offers.pipelining) this.#wire.forget();
    return line?.toString("utf8");
  }

  #accept(words: string): Promise<void> {
    return this.#wire.send(`+OK ${words}\r\n`);
  }

  #refuse(words: string): Promise<void> {
    return this.#wire.send(`-ERR ${words}\r\n`);
  }

  #sendLines(words: string, lines: readonly string[]): Promise<void> {
    return this.#wire.send(`+OK ${words}\r\n${lines.map((line) => `${line}\r\n`).join("")}.\r\n`);
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

/** How RFC 1939 section 3 sends a message: its final CRLF is added where it lacks one, lines with a dot get another. */
export function dotStuffed(message: Buffer): Buffer {
  // One character per octet, so that no octet changes.
  const text = message.toString("latin1");
  const lines = text === "" || text.endsWith("\r\n") ? text : `${text}\r\n`;
  const stuffed = `\r\n${lines}`.replaceAll("\r\n.", "\r\n..").slice(2);
  return Buffer.from(`${stuffed}.\r\n`, "latin1");
}
