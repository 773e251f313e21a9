// Trying again: the same operation from its beginning, which reopens whatever it needs.

import { setTimeout as delay } from "node:timers/promises";
import pRetry from "p-retry";
import { MailferryError } from "../errors.ts";

export interface RetryPolicy {
  readonly attempts: number;
  readonly maxWaitMs: number;
}

/**
 * Runs `operation` until it succeeds, fails for another reason than a passing one, or has failed `attempts` times in a
 * row without any progress. Waits grow from one second to `maxWaitMs`, unless the server named a time.
 */
export function withRetries<T>(
  operation: () => Promise<T>,
  policy: RetryPolicy,
  hooks: {
    readonly signal: AbortSignal;
    /** True if the attempt that failed achieved something all the same. */
    readonly progressed?: () => boolean;
    readonly retrying?: (error: MailferryError, attempt: number) => void;
  },
): Promise<T> {
  const passing = (error: unknown): error is MailferryError => error instanceof MailferryError && error.retry === "now";
  return pRetry(operation, {
    retries: policy.attempts - 1,
    minTimeout: Math.min(1000, policy.maxWaitMs),
    maxTimeout: policy.maxWaitMs,
    randomize: true,
    signal: hooks.signal,
    shouldRetry: ({ error }) => passing(error) && !hooks.signal.aborted,
    shouldConsumeRetry: () => !(hooks.progressed?.() ?? false),
    onFailedAttempt: async ({ error, attemptNumber, retriesLeft }) => {
      if (!passing(error) || retriesLeft === 0 || hooks.signal.aborted) return;
      hooks.retrying?.(error, attemptNumber);
      if (error.waitMs !== undefined) {
        await delay(Math.min(error.waitMs, policy.maxWaitMs), undefined, { signal: hooks.signal });
      }
    },
  });
}
