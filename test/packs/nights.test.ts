// Nights of a job with packs and rules for them, on a clock of its own. The deep tests live through 400 of them.

import { expect, test } from "vitest";
import { liveNights, openHousehold } from "../support/nights.ts";

test("after each night exactly those packs are there that the rules keep", async () => {
  // Over a year's end, into a third ISO week, and a night on which the machine is off.
  const written = await liveNights(openHousehold(), {
    nights: 17,
    from: new Date("2026-12-20T01:30:00Z"),
    rules: { keepDaily: 3, keepWeekly: 2, keepMonthly: 2, keepYearly: 2 },
    skip: (night) => night === 9,
  });
  expect(written).toBe(16);
});
