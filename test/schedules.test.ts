import fc from "fast-check";
import { describe, it } from "vitest";
import { liveMove, type MoveStep, moveStep, moveTarget } from "./move-schedule.ts";
import { live, type Step, step } from "./schedule.ts";
import { routes } from "./support/jobs.ts";

describe.each(routes)("$protocol to $format", ({ protocol, format }) => {
  it("loses and doubles nothing, whatever happens in whatever order", async () => {
    const schedules = fc.array(step, { minLength: 2, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(schedules, (steps) => live(protocol, format, steps as Step[])),
      { numRuns: 12, seed: 1969, endOnFailure: true },
    );
  });
});

it("a move loses and doubles nothing, whatever happens in whatever order", async () => {
  const schedules = fc.array(moveStep, { minLength: 2, maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(moveTarget, schedules, (target, steps) => liveMove(steps as MoveStep[], target)),
    { numRuns: 12, seed: 1969, endOnFailure: true },
  );
});
