// A few kill points of each kind of run; the deep tests have all of them.

import { expect, it } from "vitest";
import { scenarios } from "./scenarios.ts";
import { dieInProcess, evenly, sweep } from "./sweep.ts";

const every = 6;
const points = 4;

const chosen = scenarios.filter((_, index) => index % every === 0);

it.each(chosen.map((scenario) => [scenario.name, scenario] as const))(
  "%s: ends the same, wherever a run has died",
  async (_, scenario) => {
    const choose = evenly(points, scenarios.indexOf(scenario) * 7);
    expect(await sweep(scenario, dieInProcess, { lanes: 2, choose })).toBeGreaterThanOrEqual(points - 1);
  },
);
