// Trying again: the same operation from its beginning, which reopens whatever it needs.

import { setTimeout as delay } from "node:timers/promises";
import pRetry from "p-retry";
import { MailferryError } from "../errors.ts";

export interface RetryPolicy {
  readonly attempts: number;
  readonly maxWaitMs: number;
}

export interface RetryHooks {
  readonly signal: AbortSignal;
  /** True if the attempt that failed achieved something all the same. */
  readonly progressed?: () => boolean;
  readonly retrying?: (error: MailferryError, attempt: number) => void;
}

/**
 * Runs `operation` until it succeeds, fails for another reason than a passing one, or has failed `attempts` times in a
 * row without any progress. Waits grow from one second to `maxWaitMs`, unless the server named a time; after progress
 * there is none. One attempt is one attempt, whatever it achieved.
 */
export async function withRetries<T>(operation: () => Promise<T>, policy: RetryPolicy, hooks: RetryHooks): Promise<T> {
  let failures = 0;
  for (;;) {
    try {
      return await inARow(operation, policy, hooks, () => ++failures);
    } catch (error) {
      if (error !== progress) throw error;
    }
  }
}

/** What a row of failures ends with that is to begin anew: p-retry forgets none of them. */
const progress = new Error("the attempt achieved something");

function inARow<T>(
  operation: () => Promise<T>,
  { attempts, maxWaitMs }: RetryPolicy,
  { signal, progressed = () => false, retrying }: RetryHooks,
  countFailure: () => number,
): Promise<T> {
  const passing = (error: unknown): error is MailferryError => error instanceof MailferryError && error.retry === "now";
  return pRetry(operation, {
    retries: attempts - 1,
    minTimeout: Math.min(1000, maxWaitMs),
    maxTimeout: maxWaitMs,
    randomize: true,
    signal,
    shouldRetry: ({ error }) => passing(error) && !signal.aborted,
    onFailedAttempt: async ({ error, retriesLeft }) => {
      const failure = countFailure();
      if (!passing(error) || signal.aborted || attempts === 1) return;
      const hasProgressed = progressed();
      if (retriesLeft === 0 && !hasProgressed) return;
      retrying?.(error, failure);
      if (error.waitMs !== undefined) await delay(Math.min(error.waitMs, maxWaitMs), undefined, { signal });
      if (hasProgressed) throw progress;
    },
  });
}
