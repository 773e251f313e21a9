// The octets of messages that an account may give and take in a day. What is asked for is reserved first, by the sizes that
// the server lists; what then comes is counted, and kept for the other processes and the next run.

import { MailferryError } from "../errors.ts";
import { formatSize } from "../formats/sizes.ts";
import type { MessageRef } from "../message.ts";
import type { DayCounts } from "../storage/day-counts.ts";
import type { LocalTime } from "./local-time.ts";

export interface BudgetOptions {
  /** Octets a day. */
  readonly limit: number;
  /** As people name the account. */
  readonly account: string;
  readonly timeZone: string | undefined;
  readonly localTime: LocalTime;
  readonly clock: () => Date;
  /** Undefined: nothing is kept beyond the run. */
  readonly counts: DayCounts | undefined;
}

/** Octets that one process may have asked for and others don't know of. */
const mostReserved = 16 * 1024 * 1024;
/** A crash loses no more of the count than this, and the piece that was being counted. */
const mostUnwritten = 1024 * 1024;

/** Messages that may be asked for. */
export interface Grant {
  readonly refs: readonly MessageRef[];
  /** Octets of this one have come, or gone: what was reserved of it is so much less. */
  count(ref: MessageRef, octets: number): Promise<void>;
  /** Nothing is reserved any more. */
  end(): void;
}

export class DailyBudget {
  readonly #options: BudgetOptions;
  #day: string;
  /** By this process, today. */
  #counted = 0;
  #written = 0;
  #reserved = 0;
  /** The limit would be passed: nothing more today, however small, so that a run ends the same way for all mailboxes. */
  #end: MailferryError | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: BudgetOptions) {
    this.#options = options;
    this.#day = this.#today();
  }

  /**
   * As many of these, from the first on, as there is room for; the other side may ask again when it has them. A message
   * without a size is let through, and counted. Rejects with N308 where there is no room for the first: it is the same
   * error until the day ends. One that is larger than the limit itself is let through while half of the day's is left.
   */
  async reserve(refs: readonly MessageRef[]): Promise<Grant> {
    this.throwIfUsedUp();
    const others = (await this.#options.counts?.others(this.#day)) ?? 0;
    this.throwIfUsedUp();
    const { limit } = this.#options;
    const used = this.#counted + this.#reserved + others;
    const room = limit - used;
    const granted = leading(refs, Math.min(room, mostReserved));
    const [first] = refs;
    if (first === undefined) return this.#grant([]);
    if (granted.length > 0 && room > 0) return this.#grant(granted);
    // The first may be larger than what is reserved at once, or than any day's room.
    const { size = 0 } = first;
    if (size <= room || (size > limit && used <= limit / 2)) return this.#grant([first]);
    throw this.#endDay();
  }

  /** @throws N308 where more has come than the sizes had promised. What was granted comes, whoever was refused since. */
  throwIfOverdrawn(): void {
    this.#turnDay();
    if (this.#counted > this.#options.limit) throw this.#endDay();
  }

  /** @throws N308 where nothing more is to be asked for today. */
  throwIfUsedUp(): void {
    this.#turnDay();
    if (this.#end !== undefined) throw this.#end;
  }

  /** Octets have come that nothing was reserved for. */
  count(octets: number): Promise<void> {
    this.#turnDay();
    return this.#count(octets);
  }

  /** Octets that were counted have not gone after all. */
  giveBack(octets: number): void {
    this.#counted = Math.max(0, this.#counted - octets);
  }

  /** What is counted is durable when it resolves. */
  write(): Promise<void> {
    const writing = this.#writing.then(async () => {
      const [day, counted] = [this.#day, this.#counted];
      if (counted === this.#written) return;
      await this.#options.counts?.write(day, counted);
      if (day === this.#day) this.#written = counted;
    });
    this.#writing = writing.catch(() => undefined);
    return writing;
  }

  async #count(octets: number): Promise<void> {
    this.#counted += octets;
    if (this.#counted - this.#written >= mostUnwritten) await this.write();
  }

  #grant(refs: readonly MessageRef[]): Grant {
    const day = this.#day;
    const left = new Map(refs.map((ref) => [ref.key, ref.size ?? 0]));
    const release = (key: string, most: number) => {
      const octets = Math.min(most, left.get(key) ?? 0);
      left.set(key, (left.get(key) ?? 0) - octets);
      // At midnight all that was reserved is let go.
      if (day === this.#day) this.#reserved -= octets;
    };
    for (const size of left.values()) this.#reserved += size;
    return {
      refs,
      count: ({ key }, octets) => {
        this.#turnDay();
        release(key, octets);
        return this.#count(octets);
      },
      end() {
        for (const [key, octets] of left) release(key, octets);
      },
    };
  }

  #endDay(): MailferryError {
    this.#end = usedUp(this.#options);
    return this.#end;
  }

  #today(): string {
    return this.#options.localTime.day(this.#options.clock());
  }

  #turnDay(): void {
    const today = this.#today();
    if (today === this.#day) return;
    this.#day = today;
    this.#counted = 0;
    this.#written = 0;
    this.#reserved = 0;
    this.#end = undefined;
  }
}

/** As many as fit, up to the first that does not. */
function leading(refs: readonly MessageRef[], room: number): readonly MessageRef[] {
  let octets = 0;
  let count = 0;
  for (const { size = 0 } of refs) {
    octets += size;
    if (octets > room) break;
    count += 1;
  }
  return refs.slice(0, count);
}

function usedUp({ limit, account, timeZone }: BudgetOptions): MailferryError {
  const zone = timeZone === undefined ? "" : ` (${timeZone})`;
  return new MailferryError("N308", `the daily limit of ${formatSize(limit)} for ${account} is used up`, {
    scope: "session",
    // Not in this run: retries are for "now".
    retry: "later",
    remedy: `Nothing: the next run after 00:00${zone} goes on where this one has stopped.`,
  });
}

export function isUsedUp(error: unknown): boolean {
  return error instanceof MailferryError && error.code === "N308";
}
