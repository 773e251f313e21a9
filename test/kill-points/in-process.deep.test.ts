// Every step of every scenario: a run dies there, within this process; then the same job again. The steps are the calls
// that change a file, and what is sent to a target; of each that writes octets also the half of it.

import { afterAll, describe, expect, it } from "vitest";
import { swept } from "../support/sweep-counts.ts";
import { scenarios } from "./scenarios.ts";
import { dieInProcess, evenly, sweep } from "./sweep.ts";

/** The longer ones are swept evenly. */
const mostPoints = 4;

let deaths = 0;
afterAll(() => {
  console.log(`${scenarios.length} scenarios, ${deaths} deaths at distinct steps; 0 lost, 0 duplicated, 0 altered`);
  expect(deaths).toBeGreaterThanOrEqual(400);
});

describe.each(scenarios)("$name", (scenario) => {
  it("ends the same, wherever a run has died", async () => {
    const lanes = scenario.to === "imap" ? 4 : 2;
    const count = await sweep(scenario, dieInProcess, { lanes, choose: evenly(mostPoints) });
    deaths += count;
    swept("kill points", count);
  });
});
