// A connection that does nothing but APPEND: it is logged in by imapflow, which then hands over its streams. Commands go out
// without waiting for the server's word (LITERAL+, RFC 7888), several at a time, and where MULTIAPPEND (RFC 3502) is
// offered each carries several messages.

import { encodePath, formatDateTime } from "imapflow/lib/tools.js";
import { AppendPace } from "./append-pace.ts";
import {
  type AppendAnswer,
  answerOf,
  formatAppendHead,
  formatString,
  parseReply,
  ReplyLines,
} from "./imap-append-framing.ts";
import { compressed, offersCompression, type Streams, withoutZlib } from "./imap-compression.ts";
import { broken } from "./imap-errors.ts";
import type { ImapSession } from "./imap-session.ts";
import { LinkPace } from "./link-pace.ts";

export interface OutgoingMessage {
  /** Octets: at least one, none of them NUL. */
  readonly size: number;
  /** Each of them accepted by the mailbox. */
  readonly flags: readonly string[];
  readonly internalDate: Date | undefined;
  chunks(): AsyncIterable<Uint8Array>;
}

interface Command {
  readonly messages: number;
  readonly octets: number;
  readonly sinceMs: number;
  isWritten: boolean;
  answered(answer: AppendAnswer): void;
  lost(error: unknown): void;
}

/** Octets that may wait in the process for the network. */
const mostQueued = 256 * 1024;
/** Without MULTIAPPEND each message is a command. */
const mostCommands = 64;
const mostMessages = 50;
/** Untagged answers between two tagged ones. */
const mostUntagged = 10_000;

/** Whether a session can become an appender. */
export function canAppendUnasked({ client }: ImapSession): boolean {
  return client.capabilities.has("LITERAL+");
}

export class ImapAppender {
  readonly #session: ImapSession;
  readonly #encode: (name: string) => string;
  readonly #takesSeveral: boolean;
  readonly #timeoutMs: number;
  readonly #linkPace: LinkPace;
  readonly #lines = new ReplyLines();
  readonly #underWay = new Map<string, Command>();
  readonly #pace = new AppendPace();
  #streams: Streams;
  #hasAskedToCompress = false;
  #answeredMs = 0;
  #octetsUnderWay = 0;
  #tags = 0;
  #untagged = 0;
  #silence: NodeJS.Timeout | undefined;
  #failure: { readonly error: unknown } | undefined;
  #waiting: (() => void)[] = [];

  /** The session is this one's from here on; it must offer LITERAL+. Silence for so long ends it, while an answer is due. */
  constructor(session: ImapSession, timeoutMs: number, linkPace = new LinkPace()) {
    this.#session = session;
    this.#timeoutMs = timeoutMs;
    this.#linkPace = linkPace;
    const { client } = session;
    this.#takesSeveral = client.capabilities.has("MULTIAPPEND");
    this.#encode = (name) => encodePath(client, name);
    this.#streams = client.unbind();
    this.#streams.socket.setTimeout(0);
    this.#hear();
    this.#streams.readSocket.resume();
  }

  #hear(): void {
    const { readSocket, writeSocket, socket } = this.#streams;
    for (const stream of new Set([readSocket, writeSocket, socket])) {
      stream.on("error", (error: unknown) => this.#fail(withoutZlib(error)));
    }
    readSocket.on("data", this.#onData).on("end", this.#onEnd).on("close", this.#onEnd);
    writeSocket.on("drain", () => this.#stir());
  }

  get session(): ImapSession {
    return this.#session;
  }

  get usable(): boolean {
    return this.#failure === undefined;
  }

  get isCompressed(): boolean {
    return this.#streams.writeSocket !== this.#streams.socket;
  }

  /** What the next command may carry at most: more than one message only where the server takes several. */
  get share(): { readonly messages: number; readonly octets: number } {
    return { messages: this.#takesSeveral ? mostMessages : 1, octets: this.#pace.octets / 2 };
  }

  /**
   * Sends one APPEND to the mailbox with this name as imapflow takes it: resolves when it is on its way and another may
   * follow. Called one at a time. Where this or the answer rejects, the connection is lost, and whether the messages of
   * any answer that is due were stored is not known.
   */
  async send(name: string, messages: readonly OutgoingMessage[]): Promise<{ readonly answer: Promise<AppendAnswer> }> {
    await this.#compressIfSlow();
    const octets = messages.reduce((sum, { size }) => sum + size, 0);
    await this.#until(() => this.#hasRoom(octets));
    this.#tags += 1;
    const tag = `A${this.#tags}`;
    const answer = new Promise<AppendAnswer>((answered, lost) => {
      const sinceMs = performance.now();
      this.#underWay.set(tag, { messages: messages.length, octets, sinceMs, isWritten: false, answered, lost });
    });
    answer.catch(() => undefined);
    this.#octetsUnderWay += octets;
    this.#listen();
    try {
      await this.#write(tag, name, messages);
    } catch (error) {
      this.#fail(error);
      throw error;
    }
    return { answer };
  }

  async #compressIfSlow(): Promise<void> {
    if (this.#hasAskedToCompress || !this.#linkPace.isSlow || !offersCompression(this.#session.client)) return;
    this.#hasAskedToCompress = true;
    await this.#until(() => this.#underWay.size === 0);
    this.#tags += 1;
    const tag = `A${this.#tags}`;
    const answer = new Promise<void>((resolve, lost) => {
      const answered = (told: AppendAnswer) => {
        if (!("refusal" in told)) this.#compress();
        resolve();
      };
      this.#underWay.set(tag, { messages: 0, octets: 0, sinceMs: performance.now(), isWritten: true, answered, lost });
    });
    this.#listen();
    this.#streams.writeSocket.write(`${tag} COMPRESS DEFLATE\r\n`);
    await answer;
  }

  /** The octet behind the OK is the first compressed one. */
  #compress(): void {
    const { readSocket } = this.#streams;
    readSocket.off("data", this.#onData).off("end", this.#onEnd).off("close", this.#onEnd);
    this.#streams = compressed(this.#session.client, this.#streams, this.#lines.takeRest());
    this.#hear();
  }

  async #write(tag: string, name: string, messages: readonly OutgoingMessage[]): Promise<void> {
    const { writeSocket } = this.#streams;
    writeSocket.cork();
    try {
      writeSocket.write(Buffer.concat([Buffer.from(`${tag} APPEND `), formatString(this.#encode(name))]));
      for (const { size, flags, internalDate, chunks } of messages) {
        writeSocket.write(formatAppendHead({ size, flags, dateTime: formatDateTime(internalDate) }), "latin1");
        let left = size;
        for await (const chunk of chunks()) {
          left -= chunk.length;
          writeSocket.write(chunk);
          if (writeSocket.writableLength > mostQueued) await this.#drain();
        }
        if (left !== 0) throw new Error(`a message of ${size} octets had ${size - left}`);
      }
      const command = this.#underWay.get(tag);
      if (command !== undefined) command.isWritten = true;
      writeSocket.write("\r\n");
    } finally {
      writeSocket.uncork();
    }
    await this.#until(() => writeSocket.writableLength <= mostQueued);
  }

  async #drain(): Promise<void> {
    const { writeSocket } = this.#streams;
    writeSocket.uncork();
    await this.#until(() => writeSocket.writableLength <= mostQueued);
    writeSocket.cork();
  }

  #hasRoom(octets: number): boolean {
    if (this.#underWay.size === 0) return true;
    return this.#underWay.size < mostCommands && this.#octetsUnderWay + octets <= this.#pace.octets;
  }

  /** @throws the failure of a connection that has ended. */
  async #until(ready: () => boolean): Promise<void> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.error;
      if (ready()) return;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Something moved: whoever waits looks again, and the silence begins anew. */
  #stir(): void {
    this.#listen();
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #listen(): void {
    clearTimeout(this.#silence);
    if (this.#underWay.size === 0 || this.#failure !== undefined) return;
    this.#silence = setTimeout(() => this.#fail(broken("ETIMEOUT", "no answer")), this.#timeoutMs);
  }

  readonly #onEnd = (): void => this.#fail(broken("EConnectionClosed", "it was closed"));

  readonly #onData = (chunk: Buffer): void => {
    try {
      for (const line of this.#lines.push(chunk)) this.#onLine(line);
      this.#stir();
    } catch (error) {
      this.#fail(error);
    }
  };

  #onLine(line: string): void {
    if (this.#failure !== undefined) return;
    const reply = parseReply(line);
    if (reply === "untagged") {
      this.#untagged += 1;
      if (this.#untagged > mostUntagged) throw broken("TooManyResponses", "answers without end");
      return;
    }
    if ("bye" in reply) throw Object.assign(broken("EConnectionClosed", reply.bye), { reason: reply.bye });
    const command = this.#underWay.get(reply.tag);
    if (command === undefined) throw broken("UnexpectedTag", `an answer to nothing: ${line}`);
    if (reply.status === "OK" && !command.isWritten)
      throw broken("UnexpectedTag", `OK before the end of the message: ${line}`);
    this.#untagged = 0;
    this.#underWay.delete(reply.tag);
    this.#octetsUnderWay -= command.octets;
    const nowMs = performance.now();
    this.#pace.answered(nowMs - command.sinceMs);
    this.#linkPace.passed(command.octets, nowMs - Math.max(command.sinceMs, this.#answeredMs));
    this.#answeredMs = nowMs;
    command.answered(answerOf(reply, command.messages));
  }

  #fail(cause: unknown): void {
    if (this.#failure !== undefined) return;
    let error: unknown;
    try {
      error = this.#session.classify(cause) ?? cause;
    } catch (reason) {
      error = reason;
    }
    this.#failure = { error };
    clearTimeout(this.#silence);
    this.#session.close();
    for (const { lost } of this.#underWay.values()) lost(error);
    this.#underWay.clear();
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
