// A POP3 session (RFC 1939) with CAPA and pipelining (RFC 2449) and STLS (RFC 2595). It reads; it never deletes.

import type { Account } from "../account.ts";
import { quoteServer } from "../formats/printable.ts";
import { encryptionNotOffered } from "./connection.ts";
import { notGreeted } from "./greeting.ts";
import { Pop3Channel } from "./pop3-channel.ts";
import { brokenProtocol, Pop3Framing, unstuffedLine } from "./pop3-framing.ts";
import {
  disagreement,
  MaildropIds,
  type MaildropListing,
  MaildropSizes,
  parseListLine,
  parseStat,
  parseUidlLine,
} from "./pop3-listing.ts";
import {
  checkUser,
  commandRefused,
  greetingRefused,
  logIn,
  parseStatus,
  responseCode,
  type StatusLine,
} from "./pop3-login.ts";

/** Commands sent ahead of their replies where the server offers PIPELINING: 3 KB, small enough to fit any socket buffer. */
const pipelineWindow = 256;
/** Octets of a whole listing: a million messages with the longest UIDLs. */
const longestListing = 128 * 1024 * 1024;
const longestCapabilities = 64 * 1024;
/** A server that does not answer QUIT is left without. */
const longestFarewellMs = 3000;

/** A reply to RETR: the octets, to be read before the next message is asked for, or the server's refusal. */
export type Retrieved =
  | { readonly number: number; readonly body: AsyncIterable<Uint8Array> }
  | { readonly number: number; readonly refusal: string };

/**
 * A session in the transaction state. One thing at a time: a listing or a retrieval. Every error is a MailferryError
 * of scope "session", or the reason of the abort; after one the session is of no more use.
 */
export class Pop3Session implements AsyncDisposable {
  readonly #account: Account;
  readonly #channel: Pop3Channel;
  readonly #framing: Pop3Framing;
  #capabilities: ReadonlyMap<string, readonly string[]> = new Map();
  /** Status lines still to come. */
  #outstanding = 0;
  /** The body that is being read: set between its status line and its terminator. */
  #body: object | undefined;

  private constructor(account: Account, channel: Pop3Channel) {
    this.#account = account;
    this.#channel = channel;
    this.#framing = new Pop3Framing(this.#server);
  }

  /** Connects, proves the channel, logs in. Aborting `signal` ends the session at any time. */
  static async connect(account: Account, signal?: AbortSignal): Promise<Pop3Session> {
    checkUser(account);
    const channel = await Pop3Channel.connect(account, signal);
    const session = new Pop3Session(account, channel);
    try {
      await session.#begin();
    } catch (error) {
      channel.close();
      throw error;
    }
    return session;
  }

  /** False once the connection has ended, for whatever reason. */
  get alive(): boolean {
    return this.#channel.alive;
  }

  /** STAT, UIDL and LIST, which should agree on the messages: asked again once if they do not. N307 if they are none. */
  async list(): Promise<MaildropListing> {
    try {
      return await this.#agreedListing();
    } catch (error) {
      this.#channel.close();
      throw error;
    }
  }

  /**
   * RETR for each number, in this order; the window of commands runs ahead of what is asked for. A body that is not
   * read to its end is read past. Whoever leaves in the middle ends the session, as the replies are on their way.
   */
  async *retrieve(numbers: readonly number[]): AsyncGenerator<Retrieved, void, undefined> {
    let index = 0;
    try {
      for await (const reply of this.#pipeline(numbers.map((number) => `RETR ${number}`))) {
        const number = numbers[index] ?? 0;
        index += 1;
        if (reply.status !== "ok") {
          yield { number, refusal: reply.text };
          continue;
        }
        const body = {};
        this.#body = body;
        yield { number, body: this.#octetsOf(body) };
        while (this.#body !== undefined) await this.#piece();
        this.#framing.release();
      }
    } finally {
      if (this.#outstanding > 0 || this.#body !== undefined) this.#channel.close();
    }
  }

  /** QUIT where the session is in order; in any case the connection has ended afterwards. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.alive && this.#outstanding === 0 && this.#body === undefined) {
      try {
        await this.#exchange("QUIT", Math.min(longestFarewellMs, this.#account.timeoutMs));
      } catch {
        // Nothing was to be deleted, so nothing hangs on the answer.
      }
    }
    this.#channel.close();
  }

  async #begin(): Promise<void> {
    const line = (await this.#line()).toString("utf8");
    const greeting = parseStatus(line);
    if (greeting === undefined) throw notGreeted(this.#account, line);
    if (greeting.status !== "ok") throw greetingRefused(this.#account, greeting.text);
    await this.#readCapabilities();
    if (this.#account.tls === "starttls") await this.#startTls();
    const offer = {
      capabilities: this.#capabilities,
      timestamp: /<[\x21-\x3b\x3d\x3f-\x7e]+@[\x21-\x3b\x3d\x3f-\x7e]+>/.exec(greeting.text)?.[0],
      encrypted: this.#channel.encrypted,
    };
    await logIn(this.#account, offer, (line) => this.#exchange(line));
  }

  /** RFC 2595 section 4. What was learnt in the clear is forgotten. */
  async #startTls(): Promise<void> {
    if (!this.#capabilities.has("STLS")) throw encryptionNotOffered(this.#account, "STLS");
    const reply = await this.#exchange("STLS");
    if (reply.status !== "ok") throw encryptionNotOffered(this.#account, "STLS", reply.text);
    if (this.#framing.pending + this.#channel.queued > 0) {
      this.#fail("sent more in the clear after it had agreed to encrypt; no password was sent");
    }
    await this.#channel.startTls();
    await this.#readCapabilities();
  }

  /** RFC 2449 section 5. A server that knows no CAPA has no capabilities. */
  async #readCapabilities(): Promise<void> {
    const capabilities = new Map<string, readonly string[]>();
    const reply = await this.#exchange("CAPA");
    if (reply.status === "ok") {
      await this.#lines(longestCapabilities, (line) => {
        const [keyword = "", ...parameters] = line.toUpperCase().split(/ +/);
        capabilities.set(keyword, parameters);
      });
    }
    this.#capabilities = capabilities;
  }

  async #agreedListing(): Promise<MaildropListing> {
    for (let attempt = 1; ; attempt += 1) {
      const { messages, listing } = await this.#survey();
      const doubt = disagreement(messages, listing);
      if (doubt === undefined) return listing;
      if (attempt === 2) return { ...listing, doubt };
    }
  }

  async #survey(): Promise<{ messages: number; listing: MaildropListing }> {
    let messages = 0;
    const sizes = new MaildropSizes();
    let uidls: MaildropIds | undefined;
    const commands = ["STAT", "LIST", "UIDL"] as const;
    let replies = 0;
    for await (const { status, text } of this.#pipeline(commands)) {
      const command = commands[replies] ?? "UIDL";
      replies += 1;
      if (status !== "ok") {
        if (command === "UIDL" && responseCode(text) !== "SYS/TEMP") continue;
        throw commandRefused(this.#account, command, text);
      }
      if (command === "STAT") {
        messages = parseStat(text) ?? this.#fail(`answered ${quoteServer(text)} to STAT`);
      } else if (command === "LIST") {
        await this.#lines(longestListing, (line) => {
          const { number, octets } = parseListLine(line) ?? this.#fail(`sent ${quoteServer(line)} in LIST`);
          sizes.add(number, octets);
        });
      } else {
        const ids = new MaildropIds();
        await this.#lines(longestListing, (line) => {
          const { number, uidl } = parseUidlLine(line) ?? this.#fail(`sent ${quoteServer(line)} in UIDL`);
          ids.add(number, uidl);
        });
        uidls = ids;
      }
    }
    return { messages, listing: { sizes, uidls } };
  }

  /**
   * Sends the commands, several ahead where the server offers that, and gives the status lines in order. Whatever
   * follows a status line is to be read before the next is asked for.
   */
  async *#pipeline(commands: readonly string[]): AsyncGenerator<StatusLine, void, undefined> {
    this.#channel.requireAlive();
    const window = this.#capabilities.has("PIPELINING") ? pipelineWindow : 1;
    let sent = 0;
    while (sent < commands.length || this.#outstanding > 0) {
      if (this.#outstanding <= window / 2) {
        const batch = commands.slice(sent, sent + window - this.#outstanding);
        this.#send(batch);
        sent += batch.length;
      }
      yield await this.#status();
    }
  }

  async #exchange(line: string, withinMs?: number): Promise<StatusLine> {
    this.#channel.requireAlive();
    this.#send([line]);
    return this.#status(withinMs);
  }

  #send(lines: readonly string[]): void {
    if (lines.length === 0) return;
    if (this.#outstanding === 0 && this.#framing.pending + this.#channel.queued > 0) {
      this.#fail("sent octets that no command had asked for");
    }
    this.#outstanding += lines.length;
    this.#channel.write(lines.map((line) => `${line}\r\n`).join(""));
  }

  async #status(withinMs?: number): Promise<StatusLine> {
    const line = (await this.#line(withinMs)).toString("utf8");
    const status = parseStatus(line) ?? this.#fail(`answered ${quoteServer(line)}`);
    this.#outstanding -= 1;
    this.#channel.renewPatience();
    return status;
  }

  /** The lines of a listing up to its terminator, unstuffed, one character per octet. */
  async #lines(mostOctets: number, each: (line: string) => void): Promise<void> {
    let octets = 0;
    for (;;) {
      const line = unstuffedLine(this.#framing.line() ?? (await this.#line()));
      if (line === undefined) return;
      octets += line.length + 2;
      if (octets > mostOctets) this.#fail(`sent a listing of more than ${mostOctets} octets`);
      each(line.toString("latin1"));
    }
  }

  /** A line is small: it has to be complete within the time, so that a trickle of octets is a silence too. */
  async #line(withinMs = this.#account.timeoutMs): Promise<Buffer> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const line = this.#framing.line();
      if (line !== undefined) return line;
      this.#framing.push(await this.#channel.read(deadline - performance.now()));
    }
  }

  async *#octetsOf(body: object): AsyncGenerator<Uint8Array, void, undefined> {
    for (let ended = false; !ended; ) {
      if (this.#body !== body) throw new Error("a body is readable only before the next message is asked for");
      const piece = await this.#piece();
      ended = piece.end;
      if (piece.octets.length > 0) yield piece.octets;
    }
  }

  async #piece(): Promise<{ octets: Buffer; end: boolean }> {
    for (;;) {
      const piece = this.#framing.body();
      if (piece !== undefined) {
        if (piece.end) this.#body = undefined;
        return piece;
      }
      this.#framing.push(await this.#channel.read());
    }
  }

  get #server(): string {
    return `${this.#account.host}:${this.#account.port}`;
  }

  #fail(fault: string): never {
    throw brokenProtocol(this.#server, fault);
  }
}
