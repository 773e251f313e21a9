// How slowly a server may send. Silence is judged elsewhere, by the account's timeout; this is for one that sends an octet
// now and then, which would never be silent for so long.

import type { Readable } from "node:stream";
import type { Account } from "../account.ts";
import { MailferryError } from "../errors.ts";

/** Octets a second. The slowest ways that mail is read over have ten times as much. */
export const slowest = 64;
/** A server that searches or copies may say now and then that it is still there, in a line of its own, for so many timeouts. */
const mostTimeouts = 10;
const LF = 0x0a;

/**
 * What was waited for too long. Of the time that was waited, each octet that came takes 1/64 s off. What is left may be as
 * much as the timeout until a line is whole, and ten times as much until all is that was asked for.
 */
export class Patience {
  readonly #timeoutMs: number;
  #lineMs = 0;
  #answerMs = 0;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** Something was asked for, or an answer is whole. */
  renew(): void {
    this.#lineMs = 0;
    this.#answerMs = 0;
  }

  /** So many octets came after so long, with which a line ended or not. False when that was too slow. */
  came(octets: number, afterMs: number, endLine: boolean): boolean {
    // One silence is no trickle.
    const lateMs = Math.min(afterMs, this.#timeoutMs) - (octets * 1000) / slowest;
    this.#lineMs = Math.max(0, this.#lineMs + lateMs);
    this.#answerMs = Math.max(0, this.#answerMs + lateMs);
    const isEnough = this.#lineMs <= this.#timeoutMs && this.#answerMs <= mostTimeouts * this.#timeoutMs;
    if (endLine) this.#lineMs = 0;
    return isEnough;
  }
}

export function trickles({ host, port }: Account): MailferryError {
  return new MailferryError("N302", `${host}:${port} sends less than ${slowest} octets a second`, {
    scope: "session",
    retry: "now",
    remedy: "Look at the line; if it is always as slow, raise timeout.",
  });
}

/** A socket that is written to, and read by somebody else. */
interface Conversation extends Readable {
  readonly bytesWritten: number;
}

/**
 * Destroys a socket whose server only trickles. To be called when somebody reads from it already, or in the same turn. Time
 * in which nobody asked for more does not count.
 */
export function watchPace(socket: Conversation, account: Account): void {
  const patience = new Patience(account.timeoutMs);
  let written = -1;
  let sinceMs = 0;
  let hasRested = false;
  socket.on("pause", () => {
    hasRested = true;
  });
  socket.on("data", (chunk: Buffer) => {
    const nowMs = performance.now();
    const isAnswer = socket.bytesWritten !== written;
    written = socket.bytesWritten;
    if (isAnswer) patience.renew();
    else if (!hasRested && !patience.came(chunk.length, nowMs - sinceMs, chunk.at(-1) === LF)) {
      socket.destroy(trickles(account));
    }
    hasRested = false;
    sinceMs = nowMs;
  });
}
