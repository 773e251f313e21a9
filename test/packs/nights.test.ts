// Nights of a job with packs and rules for them, on a clock of its own; 400 of them are in the deep tests if need be.

import { expect, test } from "vitest";
import { liveNights, openHousehold } from "../support/nights.ts";

const rules = { keepDaily: 7, keepWeekly: 4, keepMonthly: 24, keepYearly: 10 };

test("after each night exactly those packs are there that the rules keep", { timeout: 120_000 }, async () => {
  const household = openHousehold();
  const started = performance.now();
  // 400 nights from September 2027: over two year ends, a leap day, and four changes of clocks.
  const written = await liveNights(household, {
    nights: 60,
    from: new Date("2027-09-25T00:30:00Z"),
    rules,
    skip: (night) => night % 41 > 38,
  });
  console.log(performance.now() - started);
  expect(written).toBe(58);
});
