// More than a year of nights.

import { expect, test } from "vitest";
import { liveNights, openHousehold } from "../support/nights.ts";

test.each(["maildir", "mbox"] as const)(
  "400 nights of a %s leave exactly the packs that the rules keep",
  async (format) => {
    const household = openHousehold();
    const { archive } = household.job.to as { archive: string };
    // From September 2027: a year's end, a leap day, three changes of clocks, and nights on which the machine is off.
    const written = await liveNights(
      {
        ...household,
        run: (at, options) => household.run(at, { ...options, job: { ...options?.job, to: { archive, format } } }),
      },
      {
        nights: 400,
        from: new Date("2027-09-25T00:30:00Z"),
        rules: { keepDaily: 7, keepWeekly: 4, keepMonthly: 24, keepYearly: 10 },
        skip: (night) => night % 41 > 38,
      },
    );
    expect(written).toBe(382);
  },
);
