import { describe, expect, it } from "vitest";
import { MailferryError } from "../../src/errors.ts";
import { withRetries } from "../../src/jobs/retry.ts";

const { signal } = new AbortController();
const broken = (details: { waitMs?: number; isGuess?: boolean } = {}) =>
  new MailferryError("N304", "the server is busy", { scope: "session", retry: "now", ...details });

/** Fails with the errors, in turn, then succeeds; gives how often it was tried. */
async function attempts(errors: readonly MailferryError[], progressed: readonly boolean[] = [], most = 3) {
  let tried = 0;
  const outcome = withRetries(
    async () => {
      const error = errors[tried];
      tried += 1;
      if (error !== undefined) throw error;
    },
    { attempts: most, maxWaitMs: 1 },
    { signal, progressed: () => progressed[tried - 1] ?? false },
  );
  return {
    error: await outcome.then(
      () => undefined,
      (error: unknown) => error,
    ),
    tried,
  };
}

describe("trying again", () => {
  it("ends after so many attempts in a row that brought nothing", async () => {
    const { error, tried } = await attempts(Array.from({ length: 5 }, () => broken()));
    expect([error, tried]).toEqual([expect.any(MailferryError), 3]);
  });

  it("counts anew after an attempt that brought something, and does not wait then", async () => {
    const errors = Array.from({ length: 10 }, () => broken());
    const { error, tried } = await attempts(errors, [false, false, true, false, false, true, true, true, false, false]);
    expect([error, tried]).toEqual([undefined, 11]);
  });

  it("is not done at all where one attempt is allowed", async () => {
    expect(await attempts([broken()], [true], 1)).toMatchObject({ tried: 1 });
  });

  it("waits as long as the server asks, where that is no longer than it may", async () => {
    expect(await attempts([broken({ waitMs: 1 }), broken({ waitMs: 1 })])).toEqual({ error: undefined, tried: 3 });
  });

  it("does not come back before its time where the server asks for longer: it says when to", async () => {
    const { error, tried } = await attempts([broken({ waitMs: 5_400_000 })]);
    expect(tried).toBe(1);
    expect(error).toMatchObject({
      code: "N304",
      scope: "session",
      retry: "later",
      remedy: expect.stringMatching(/in 90 min or later/),
    });
  });

  it("takes a time that no server has named for a guess", async () => {
    expect(await attempts([broken({ waitMs: 30_000, isGuess: true })])).toEqual({ error: undefined, tried: 2 });
  });
});
