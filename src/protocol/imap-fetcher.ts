// A connection that does nothing but FETCH: imapflow logs it in, then hands over its streams. It gives what
// comes exactly as asked for; whatever does not, however it looks, is left to the careful way (protocol/imap-fetch.ts,
// protocol/imap-listing.ts).

import { compressed, offersCompression, type Streams, withoutZlib } from "./imap-compression.ts";
import { broken, byeIn } from "./imap-errors.ts";
import {
  type ListedMessage,
  listedMessage,
  parseListed,
  parseWhole,
  type Response,
  Responses,
  type WholeMessage,
  wholeMessage,
} from "./imap-fetch-framing.ts";
import type { ImapSession } from "./imap-session.ts";
import { encodePath } from "./imapflow.ts";
import { LinkPace } from "./link-pace.ts";
import { uidSets } from "./uid-set.ts";

/** Octets that may wait here for a slow reader before the socket is paused. */
const mostQueued = 1024 * 1024;
/** Messages that are asked for at once while it is not known whether to compress: no more can be, once they are on their way. */
const portion = 200;
/** Tag, status, response code and words (RFC 9051 section 7.1). */
const answer = /^(\w{1,12}) (OK|NO|BAD)\b ?(?:\[([^\] ]*)[^\]]*\] ?)?(.*)$/i;
/** Responses that nobody asked for, to one call, and octets beyond what is expected of it. */
const mostUnasked = 10_000;
const unaskedOctets = 32 * 1024 * 1024;
/** Larger messages are not asked for here. */
const largestWhole = 4 * 1024 * 1024;
/** Around a message's octets: its flags and all. */
const rowOctets = 1024;

/** What a call should be answered with, as far as is known. */
interface Expected {
  readonly messages: number;
  /** Of their content. */
  readonly octets: number;
}

export class ImapFetcher {
  readonly session: ImapSession;
  readonly #timeoutMs: number;
  readonly #pace: LinkPace;
  readonly #responses = new Responses();
  #streams: Streams;
  #toExamine: { readonly command: string; readonly validity: string } | undefined;
  #isOpen = false;
  #tags = 0;
  /** Octets that came since they were last waited for. */
  #came = 0;
  /** The tag of COMPRESS, which is asked for once. */
  #compression: string | undefined;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  /** The session is this one's from here on. Silence for so long ends it, while an answer is due. */
  constructor(session: ImapSession, timeoutMs: number, pace = new LinkPace()) {
    this.session = session;
    this.#timeoutMs = timeoutMs;
    this.#pace = pace;
    this.#streams = session.client.unbind();
    const { socket } = this.#streams;
    socket.setTimeout(0);
    this.#listen();
    this.#streams.readSocket.resume();
  }

  #listen(): void {
    const { readSocket, writeSocket, socket } = this.#streams;
    for (const stream of new Set([readSocket, writeSocket, socket])) {
      stream.on("error", (error: unknown) => this.#fail(withoutZlib(error)));
    }
    readSocket.on("data", this.#onData).on("end", this.#onEnd).on("close", this.#onEnd);
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#responses.push(chunk);
    this.#came += chunk.length;
    if (this.#responses.waiting >= mostQueued) this.#streams.readSocket.pause();
    this.#wake?.();
  };

  readonly #onEnd = (): void => void this.#fail(broken("EConnectionClosed", "it was closed"));

  get usable(): boolean {
    return this.#failure === undefined;
  }

  get isCompressed(): boolean {
    return this.#streams.readSocket !== this.#streams.socket;
  }

  /**
   * Opens the mailbox with this name, as imapflow takes it, when it is first asked for something: if it can't be opened, or has
   * another UIDVALIDITY, nothing comes of it. False if its name can't be sent.
   */
  examine(name: string, validity: string): boolean {
    const spelt = encodePath(this.session.client, name);
    if (/[^\x20-\x7e]/.test(spelt)) return false;
    this.#toExamine = { command: `EXAMINE "${spelt.replaceAll(/["\\]/g, "\\$&")}"`, validity };
    return true;
  }

  /**
   * Those of the messages in the mailbox examined last that come as they should, each once. The octets are good until the
   * next message is asked for. Rejects where the connection is lost. Left before its end, it ends the connection. `octets`:
   * of all of them, as the server says.
   */
  async *messages(uids: readonly number[], octets = uids.length * largestWhole): AsyncGenerator<WholeMessage> {
    const missing = new Set(uids);
    for (let next = 0; next < uids.length; ) {
      const some = this.#mayCompress && !this.#pace.isKnown ? uids.slice(next, next + portion) : uids.slice(next);
      next += some.length;
      const commands = [...uidSets(some)].map(({ set }) => `UID FETCH ${set} ${wholeMessage}`);
      yield* this.#rows(commands, { messages: some.length, octets }, (response) => {
        const row = parseWhole(response);
        return row !== undefined && missing.delete(row.uid) ? row : undefined;
      });
    }
  }

  /** The same of all messages, with what the server tells of them; one may come twice. `expected`: as many as there should be. */
  list(expected: number): AsyncGenerator<ListedMessage> {
    return this.#rows([`UID FETCH 1:* ${listedMessage}`], { messages: expected, octets: 0 }, parseListed);
  }

  async *#rows<Row>(
    commands: readonly string[],
    expected: Expected,
    read: (response: Response) => Row | undefined,
  ): AsyncGenerator<Row> {
    if (this.#toExamine === undefined && !this.#isOpen) return;
    let isDone = false;
    try {
      await this.#compressIfSlow();
      const opening = this.#toExamine;
      this.#toExamine = undefined;
      const examined = opening === undefined ? undefined : this.#send(opening.command);
      // Right behind, so that it takes no round trip of its own (RFC 9051 section 5.5).
      const tags = commands.map((command) => this.#send(command));
      const validity = examined === undefined ? undefined : await this.#validityIn(examined);
      if (examined !== undefined) this.#isOpen = validity === opening?.validity;
      // Another mailbox of this name: all of it would come.
      if (validity !== undefined && !this.#isOpen) return;
      for await (const response of this.#responsesTo(tags, expected)) {
        const row = this.#isOpen ? read(response) : undefined;
        if (row !== undefined) yield row;
      }
      isDone = true;
    } finally {
      if (!isDone) this.close();
    }
  }

  get #mayCompress(): boolean {
    return this.#compression === undefined && offersCompression(this.session.client);
  }

  /** Only while no command is under way. */
  async #compressIfSlow(): Promise<void> {
    if (!this.#mayCompress || !this.#pace.isSlow) return;
    this.#compression = this.#send("COMPRESS DEFLATE");
    for await (const _ of this.#responsesTo([this.#compression]));
  }

  /** The octet behind the OK is the first compressed one. */
  #compress(): void {
    const { readSocket } = this.#streams;
    readSocket.off("data", this.#onData).off("end", this.#onEnd).off("close", this.#onEnd);
    this.#streams = compressed(this.session.client, this.#streams, this.#responses.takeRest());
    this.#listen();
  }

  /** The UIDVALIDITY in the answer to this EXAMINE; undefined if the server refuses it, or gives none. */
  async #validityIn(tag: string): Promise<string | undefined> {
    let validity: string | undefined;
    for await (const { text } of this.#responsesTo([tag])) {
      validity = /^\* OK \[UIDVALIDITY (\d{1,10})\]/i.exec(text)?.[1] ?? validity;
    }
    return validity;
  }

  /** Ends the connection; no answer is waited for. */
  close(): void {
    if (this.usable) this.#streams.writeSocket.write("Z LOGOUT\r\n");
    this.#fail(broken("EConnectionClosed", "it was closed from this side"));
  }

  #send(command: string): string {
    this.#tags += 1;
    const tag = `F${this.#tags}`;
    if (this.usable) this.#streams.writeSocket.write(`${tag} ${command}\r\n`, "latin1");
    return tag;
  }

  /** What comes before the last of these commands is answered, well or not: whatever is missing then is missing. */
  async *#responsesTo(
    tags: readonly string[],
    { messages, octets }: Expected = { messages: 0, octets: 0 },
  ): AsyncGenerator<Response> {
    const due = new Set(tags);
    const mostOctets = unaskedOctets + rowOctets * messages + 2 * octets;
    let came = 0;
    for (let untagged = 0; due.size > 0; ) {
      const response = await this.#next();
      const { text, literal } = response;
      came += text.length + (literal?.length ?? 0);
      if (came > mostOctets) throw this.#fail(broken("TooManyResponses", "octets without end"));
      if (text.startsWith("* ")) {
        const bye = byeIn(text);
        if (bye !== undefined) throw this.#fail(Object.assign(broken("EConnectionClosed", text), { reason: bye }));
        untagged += 1;
        if (untagged > messages + mostUnasked) throw this.#fail(broken("TooManyResponses", "responses without end"));
        yield response;
        continue;
      }
      const [, tag = "", status, code = "", words] = answer.exec(text) ?? [];
      if (!due.delete(tag)) throw this.#fail(broken("UnexpectedTag", "an answer to nothing"));
      if (status?.toUpperCase() !== "OK") this.#heed(status, code, words);
      else if (tag === this.#compression) this.#compress();
    }
  }

  /** @throws what a refusal means for the session as a whole; any other is left to who asks for less. */
  #heed(status = "", code: string, words: string | undefined): void {
    const refusal = { responseStatus: status.toUpperCase(), serverResponseCode: code, responseText: words };
    const error = this.session.classify(Object.assign(new Error(words), refusal));
    if (error !== undefined) throw this.#fail(error);
  }

  /** What has come before a failure can still be read. */
  async #next(): Promise<Response> {
    for (;;) {
      const response = this.#parsed();
      if (response !== undefined) return response;
      if (this.#failure !== undefined) throw this.#failure.error;
      await this.#more();
    }
  }

  #parsed(): Response | undefined {
    try {
      return this.#responses.next();
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** Resolves when octets have come, or none will. */
  async #more(): Promise<void> {
    const silence = setTimeout(() => this.#fail(broken("ETIMEOUT", "no answer")), this.#timeoutMs);
    const sinceMs = performance.now();
    this.#streams.readSocket.resume();
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
    this.#pace.passed(this.#came, performance.now() - sinceMs);
    this.#came = 0;
    clearTimeout(silence);
  }

  /** Returns the error as what it means, of the first failure. */
  #fail(cause: unknown): unknown {
    if (this.#failure === undefined) {
      this.#failure = { error: this.#meaning(cause) };
      this.session.close();
      this.#wake?.();
    }
    return this.#failure.error;
  }

  #meaning(cause: unknown): unknown {
    try {
      return this.session.classify(cause) ?? cause;
    } catch (reason) {
      return reason;
    }
  }
}
