// Every operation on the disk fails, once or from then on, with each of the errors that a disk has: whatever fails, nothing
// that was stored is lost, the report says what, where and why, and the next run ends as if nothing had been.

import { expect, test } from "vitest";
import { sweepErrors } from "./support/io-errors.ts";
import { openTrial, trialNames } from "./support/io-trials.ts";
import { swept } from "./support/sweep-counts.ts";

/** Of each run: evenly over its operations, the errors, and the two ways to fail. MOST=20 is for a quick look. */
const most = Number(process.env.MOST ?? 150);

test.each(trialNames)("%s: an operation that fails loses nothing and says what it was", async (name) => {
  await using trial = await openTrial(name);
  const injected = await sweepErrors(trial, most);
  expect(injected).toBeGreaterThan(most * 0.8);
  swept("injected I/O errors", injected);
});
