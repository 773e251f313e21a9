// A token bucket: octets go on as soon as those before them are paid for, at the rate that holds at that time of day. The
// next octets wait for these: so a large piece costs a longer pause, never a wait for a right that it alone uses up.

import type { BandwidthLimit } from "../account.ts";
import type { LocalTime } from "./local-time.ts";

/** Rejects with the signal's reason. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

/** A limit that ends, or begins, is heeded after so long at the latest. */
const longestWaitMs = 5_000;
/** What is saved up in quiet times: so many milliseconds' worth. */
const burstMs = 1_000;

export interface BandwidthOptions {
  readonly limits: readonly BandwidthLimit[];
  readonly localTime: LocalTime;
  readonly clock: () => Date;
  readonly wait: Wait;
}

export class Bandwidth {
  readonly #options: BandwidthOptions;
  #credit = 0;
  /** When the credit was reckoned last. */
  #atMs: number | undefined;
  /** Settles when those who came before have been let through. */
  #before: Promise<void> = Promise.resolve();

  constructor(options: BandwidthOptions) {
    this.#options = options;
  }

  /** Resolves when so many octets may pass; in the order of the calls. */
  take(octets: number, signal: AbortSignal): Promise<void> {
    const before = this.#before;
    const turn = this.#take(octets, before, signal);
    // Whoever is given up does not let those behind pass those before.
    this.#before = Promise.allSettled([before, turn]).then(() => undefined);
    return turn;
  }

  async #take(octets: number, before: Promise<void>, signal: AbortSignal): Promise<void> {
    await orAbort(before, signal);
    for (;;) {
      const rate = this.#reckon();
      if (rate === undefined) return;
      if (this.#credit >= 0) break;
      const ms = Math.ceil((-this.#credit * 1000) / rate);
      await this.#options.wait(Math.min(longestWaitMs, ms), signal);
      signal.throwIfAborted();
    }
    this.#credit -= octets;
  }

  /** Octets a second now; undefined without a limit, which cancels what is owed. */
  #reckon(): number | undefined {
    const { clock, localTime, limits } = this.#options;
    const now = clock();
    const rate = rateAt(limits, localTime.minutes(now));
    const sinceMs = now.getTime() - (this.#atMs ?? now.getTime() - burstMs);
    this.#atMs = now.getTime();
    if (rate === undefined) {
      this.#credit = 0;
      return undefined;
    }
    // A clock that is set back earns nothing, and costs no more than that.
    const earned = (Math.max(0, sinceMs) * rate) / 1000;
    this.#credit = Math.min((rate * burstMs) / 1000, this.#credit + earned);
    return rate;
  }
}

/** The least of the limits that hold at this minute of the day. */
export function rateAt(limits: readonly BandwidthLimit[], minutes: number): number | undefined {
  const rates = limits.filter((limit) => holdsAt(limit, minutes)).map(({ limit }) => limit);
  return rates.length === 0 ? undefined : Math.min(...rates);
}

function holdsAt({ from, to }: BandwidthLimit, minutes: number): boolean {
  if (from < to) return minutes >= from && minutes < to;
  return minutes >= from || minutes < to;
}

function orAbort(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) return onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
