import fc from "fast-check";
import { afterAll, describe, it } from "vitest";
import { liveMove, type MoveStep, moveStep, moveTarget } from "./move-schedule.ts";
import { live, type Step, step } from "./schedule.ts";
import { routes } from "./support/jobs.ts";

const runsPerRoute = 60;
const runsOfMoves = 100;
let done = 0;
let moves = 0;
afterAll(() => {
  console.log(`schedules: ${done} at random over ${routes.length} routes, ${moves} of moves; 0 lost, 0 duplicated`);
});

describe.each(routes)("$protocol to $format", ({ protocol, format }) => {
  it(`loses and doubles nothing in ${runsPerRoute} schedules`, async () => {
    const schedules = fc.array(step, { minLength: 4, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(schedules, async (steps) => {
        await live(protocol, format, steps as Step[]);
        done += 1;
      }),
      { numRuns: runsPerRoute, seed: 4155 },
    );
  });
});

it(`a move loses and doubles nothing in ${runsOfMoves} schedules`, async () => {
  const schedules = fc.array(moveStep, { minLength: 4, maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(moveTarget, schedules, async (target, steps) => {
      await liveMove(steps as MoveStep[], target);
      moves += 1;
    }),
    { numRuns: runsOfMoves, seed: 3502 },
  );
});
