// A message on which the connection breaks every time would keep all behind it from ever arriving: it is found, by asking
// for ever fewer at once, and set aside for this run.

import { MailferryError } from "../errors.ts";
import type { Failure, MessageRef } from "../message.ts";

const strikesToSetAside = 2;
/** More in a row, with nothing arriving in between, and it is the server or the network, not the messages. */
const mostInARow = 3;
/** By so much fewer are asked for at once after an attempt that brought nothing, and by so much more after one that did. */
const step = 8;

export class Obstacles {
  readonly #strikes = new Map<string, number>();
  readonly #aside = new Map<string, Failure>();
  #inARow = 0;
  #unrecorded: Failure[] = [];
  /** How many messages the next attempt may ask for at once. */
  mostAtOnce = Number.POSITIVE_INFINITY;

  isAside({ key }: MessageRef): boolean {
    return this.#aside.has(key);
  }

  /** Those set aside since it was last asked; the caller records them. */
  takeUnrecorded(): Failure[] {
    const failures = this.#unrecorded;
    this.#unrecorded = [];
    return failures;
  }

  get hasUnrecorded(): boolean {
    return this.#unrecorded.length > 0;
  }

  /**
   * Called when an attempt broke off while `asked` was being fetched, or stored where it `isStoring`. True if that brought
   * it nearer to the message that is to blame, or set it aside.
   */
  brokeOff(error: unknown, asked: readonly MessageRef[], progressed: boolean, isStoring: boolean): boolean {
    // A server that has too much to do would be so with any message.
    const isBreak =
      error instanceof MailferryError && error.scope === "session" && error.retry === "now" && error.code !== "N304";
    if (progressed || !isBreak) {
      this.mostAtOnce *= step;
      this.#inARow = 0;
      return false;
    }
    const [only] = asked;
    if (only === undefined) return false;
    if (asked.length > 1 || this.mostAtOnce === Number.POSITIVE_INFINITY) {
      this.mostAtOnce = Math.ceil(Math.min(asked.length, this.mostAtOnce) / step);
      return asked.length > 1 && this.#inARow < mostInARow;
    }
    const strikes = (this.#strikes.get(only.key) ?? 0) + 1;
    this.#strikes.set(only.key, strikes);
    if (strikes < strikesToSetAside || this.#inARow >= mostInARow) return false;
    const when = isStoring ? "sent" : "asked for";
    const reason = `the connection broke whenever it was ${when}: ${error.message}`;
    const failure: Failure = { key: only.key, code: isStoring ? "M403" : "M401", reason, final: false };
    this.#aside.set(only.key, failure);
    this.#unrecorded.push(failure);
    this.#inARow += 1;
    this.mostAtOnce = Number.POSITIVE_INFINITY;
    return true;
  }
}
