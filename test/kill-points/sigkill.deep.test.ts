// The same scenarios with kill -9 of a real process, at steps spread over all that it writes, reads and digests.

import { afterAll, describe, expect, it } from "vitest";
import { swept } from "../support/sweep-counts.ts";
import { scenarios } from "./scenarios.ts";
import { dieOfSigkill, evenly, sweep } from "./sweep.ts";

const pointsEach = 3;

let deaths = 0;
afterAll(() => {
  console.log(`kill -9: ${deaths} points in ${scenarios.length} scenarios; 0 lost, 0 duplicated, 0 altered`);
  expect(deaths).toBeGreaterThanOrEqual(scenarios.length * (pointsEach - 1));
});

describe.each(scenarios.map((scenario) => [scenario.name, scenario] as const))("%s", (_, scenario) => {
  it("ends the same, wherever a process was killed", async () => {
    const choose = evenly(pointsEach, 1 + scenarios.indexOf(scenario));
    const count = await sweep(scenario, dieOfSigkill, { lanes: 2, choose });
    deaths += count;
    swept("kill points", count);
  });
});
