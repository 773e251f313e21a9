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
 * row without any progress; where one attempt is all, that is all. Waits grow from one second to `maxWaitMs`, unless the
 * server named a time: one that is longer than `maxWaitMs` ends it, as to ask before would only make it longer.
 */
export async function withRetries<T>(operation: () => Promise<T>, policy: RetryPolicy, hooks: RetryHooks): Promise<T> {
  const passing = (error: unknown): error is MailferryError =>
    error instanceof MailferryError && error.retry === "now" && !asksForMore(error, policy);
  for (;;) {
    let goesOn = false;
    try {
      return await pRetry(operation, {
        retries: policy.attempts - 1,
        minTimeout: Math.min(1000, policy.maxWaitMs),
        maxTimeout: policy.maxWaitMs,
        randomize: true,
        signal: hooks.signal,
        // What has made progress begins to count anew.
        shouldRetry: ({ error }) => passing(error) && !goesOn && !hooks.signal.aborted,
        onFailedAttempt: async ({ error, attemptNumber, retriesLeft }) => {
          goesOn = policy.attempts > 1 && (hooks.progressed?.() ?? false);
          if (!passing(error) || (retriesLeft === 0 && !goesOn) || hooks.signal.aborted) return;
          hooks.retrying?.(error, attemptNumber);
          if (error.waitMs !== undefined) {
            await delay(Math.min(error.waitMs, policy.maxWaitMs), undefined, { signal: hooks.signal });
          }
        },
      });
    } catch (error) {
      if (goesOn && passing(error) && !hooks.signal.aborted) continue;
      throw asksForMore(error, policy) ? comeLater(error) : error;
    }
  }
}

/** The server has named a longer pause than a run may wait. */
function asksForMore(error: unknown, { maxWaitMs }: RetryPolicy): error is MailferryError & { waitMs: number } {
  if (!(error instanceof MailferryError) || error.retry !== "now") return false;
  return error.isServersWait && error.waitMs !== undefined && error.waitMs > maxWaitMs;
}

function comeLater(error: MailferryError & { readonly waitMs: number }): MailferryError {
  const { code, message, scope, waitMs } = error;
  return new MailferryError(code, message, {
    scope,
    retry: "later",
    waitMs,
    remedy: `Run it again in ${inWords(waitMs)} or later: what came before is safe, and it goes on where it stopped.`,
    cause: error,
  });
}

function inWords(ms: number): string {
  const minutes = Math.ceil(ms / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
}
