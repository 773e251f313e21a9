// A POP3 session (RFC 1939) with CAPA and pipelining (RFC 2449) and STLS (RFC 2595). It reads; it never deletes.

import type { Account } from "../account.ts";
import { MailferryError } from "../errors.ts";
import { quoteServer } from "../formats/printable.ts";
import { encryptionNotOffered } from "./connection.ts";
import { mostContent } from "./content-limit.ts";
import { notGreeted } from "./greeting.ts";
import type { Milestones } from "./milestones.ts";
import { checkUser } from "./one-line.ts";
import { Pop3Channel } from "./pop3-channel.ts";
import { brokenProtocol, Pop3Framing, unstuffedLine } from "./pop3-framing.ts";
import type { MaildropListing } from "./pop3-listing.ts";
import { commandRefused, greetingRefused, logIn, parseStatus, type StatusLine } from "./pop3-login.ts";
import { agreedListing, type LineLimits } from "./pop3-survey.ts";

/** Commands sent ahead of their replies where the server offers PIPELINING: 3 KB, small enough to fit any socket buffer. */
const pipelineWindow = 256;
const longestCapabilities: LineLimits = { octets: 64 * 1024, lines: 10_000 };
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
  /** Octets that it may still have. */
  #left = 0;

  private constructor(account: Account, channel: Pop3Channel) {
    this.#account = account;
    this.#channel = channel;
    this.#framing = new Pop3Framing(this.#server);
  }

  /** Connects, proves the channel, logs in. Aborting `signal` ends the session at any time. */
  static async connect(account: Account, signal?: AbortSignal, milestones?: Milestones): Promise<Pop3Session> {
    checkUser(account);
    const channel = await Pop3Channel.connect(account, signal, milestones);
    const session = new Pop3Session(account, channel);
    try {
      await session.#begin(milestones);
    } catch (error) {
      channel.close();
      throw error;
    }
    return session;
  }

  /** By upper-case keyword, with its arguments in upper case; empty where the server knows no CAPA. */
  get capabilities(): ReadonlyMap<string, readonly string[]> {
    return this.#capabilities;
  }

  /** False once the connection has ended, for whatever reason. */
  get alive(): boolean {
    return this.#channel.alive;
  }

  /** STAT, UIDL and LIST, which should agree on the messages: asked again once if they do not. N307 if they are none. */
  async list(): Promise<MaildropListing> {
    try {
      return await agreedListing({
        pipeline: (commands) => this.#pipeline(commands),
        lines: (limits, each) => this.#lines(limits, each),
        fail: (fault) => this.#fail(fault),
        refused: (command, words) => commandRefused(this.#account, command, words),
      });
    } catch (error) {
      this.#channel.close();
      throw error;
    }
  }

  /**
   * RETR for each number, in this order; the window of commands runs ahead of what is asked for. A body that is not
   * read to its end is read past. One that goes far beyond the octets that LIST tells ends the session. Whoever leaves in the middle ends the session, as the replies are on their way.
   */
  async *retrieve(
    numbers: readonly number[],
    sizeOf: (number: number) => number | undefined = () => undefined,
  ): AsyncGenerator<Retrieved, void, undefined> {
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
        this.#left = mostContent(sizeOf(number));
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

  async #begin(milestones: Milestones | undefined): Promise<void> {
    const line = (await this.#line()).toString("utf8");
    const greeting = parseStatus(line);
    if (greeting === undefined) throw notGreeted(this.#account, line);
    if (greeting.status !== "ok") throw greetingRefused(this.#account, greeting.text);
    milestones?.greeted(line);
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
  async #lines(most: LineLimits, each: (line: string) => void): Promise<void> {
    let [octets, lines] = [0, 0];
    for (;;) {
      const line = unstuffedLine(this.#framing.line() ?? (await this.#line()));
      if (line === undefined) return;
      octets += line.length + 2;
      lines += 1;
      if (octets > most.octets || lines > most.lines) this.#fail("sent a listing without end");
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
        this.#left -= piece.octets.length;
        if (this.#left < 0) throw this.#endless();
        if (piece.end) this.#body = undefined;
        return piece;
      }
      this.#framing.push(await this.#channel.read());
    }
  }

  /** The next connection may ask for one message at a time, and leave this one out. */
  #endless(): MailferryError {
    const error = new MailferryError("N307", `${this.#server} sends a message that does not end`, {
      scope: "session",
      retry: "now",
    });
    this.#channel.close(error);
    return error;
  }

  get #server(): string {
    return `${this.#account.host}:${this.#account.port}`;
  }

  #fail(fault: string): never {
    throw brokenProtocol(this.#server, fault);
  }
}
