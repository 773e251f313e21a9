// A clock that stands still until somebody waits, or the test lets time pass.

import type { Wait } from "../../src/jobs/bandwidth.ts";

export class StandingClock {
  readonly waits: number[] = [];
  readonly #startMs: number;
  #nowMs: number;

  constructor(start: string) {
    this.#startMs = Date.parse(start);
    this.#nowMs = this.#startMs;
  }

  get passedMs(): number {
    return this.#nowMs - this.#startMs;
  }

  readonly clock = (): Date => new Date(this.#nowMs);

  readonly wait: Wait = async (ms, signal) => {
    signal.throwIfAborted();
    this.waits.push(ms);
    this.pass(ms);
  };

  pass(ms: number): void {
    this.#nowMs += ms;
  }

  set(time: string): void {
    this.#nowMs = Date.parse(time);
  }
}
