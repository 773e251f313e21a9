// How far the attempts at one mailbox got. After an attempt that achieved something another is worth while however many
// there were, as long as that leads to an end: what is merely recognised once more, under keys of which no session knows
// another's, does not.

import type { MessageRef } from "../message.ts";

export class Progress {
  /** What was being fetched last. */
  asked: readonly MessageRef[] = [];
  /** It had come, and was being stored. */
  isStoring = false;
  #isNews = false;
  /** Messages not settled, when the attempt had listed them. */
  #listed = 0;
  #left = 0;
  /** The fewest that any attempt left. */
  #least = Number.POSITIVE_INFINITY;

  /** An attempt begins. */
  begin(): void {
    this.asked = [];
    this.isStoring = false;
    this.#isNews = false;
    this.#least = Math.min(this.#least, this.#left < this.#listed ? this.#left : Number.POSITIVE_INFINITY);
    this.#listed = 0;
    this.#left = 0;
  }

  listed(unsettled: number): void {
    this.#listed = unsettled;
    this.#left = unsettled;
  }

  /** So many of them are settled by now, of which so many were stored; or have other flags. */
  recorded({ settled = 0, stored = 0, reflagged = 0 }): void {
    this.#left -= settled;
    this.#isNews ||= stored + reflagged > 0;
  }

  /** Whether the attempt achieved something. */
  get isMade(): boolean {
    return this.#isNews || (this.#left < this.#listed && this.#left < this.#least);
  }
}
