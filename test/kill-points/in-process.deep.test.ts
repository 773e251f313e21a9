// A run dies, within this process, at the steps of every scenario; then the same job again. The steps are the calls that
// change a file, and what is sent to a target: of what writes octets none, and a part.

import { afterAll, describe, expect, it } from "vitest";
import { swept } from "../support/sweep-counts.ts";
import { scenarios } from "./scenarios.ts";
import { dieInProcess, evenly, sweep } from "./sweep.ts";

/** Longer scenarios are swept evenly: together they have some 6,200 steps. */
const mostPoints = 65;

let deaths = 0;
afterAll(() => {
  console.log(`${scenarios.length} scenarios, ${deaths} deaths at distinct steps; 0 lost, 0 duplicated, 0 altered`);
  expect(deaths).toBeGreaterThanOrEqual(3_600);
});

describe.each(scenarios.map((scenario) => [scenario.name, scenario] as const))("%s", (_, scenario) => {
  it("ends the same, wherever a run has died", async () => {
    const lanes = scenario.to === "imap" ? 4 : 2;
    const count = await sweep(scenario, dieInProcess, { lanes, choose: evenly(mostPoints) });
    deaths += count;
    swept("kill points", count);
  });
});
