// Whoever tells of a failure may die as well: then it is told once more, and never not at all.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buryOwners } from "../support/bury-owners.ts";
import { startHttp } from "../support/http.ts";
import { temporaryFolder } from "../support/jobs.ts";
import { live, straySteps, unwound, watch } from "../support/mortal.ts";
import { at, planOf, ran, tellAt } from "../support/telling.ts";

test("a failure is told, wherever the telling dies: once, or once more, and then no more that day", async () => {
  await using http = await startHttp();
  const towards = Number(new URL(http.url).port);
  const plan = planOf({ webhook: [{ url: http.url }] });
  const root = temporaryFolder();
  watch(root);
  const tell = (state: string, time: string, step = 0) =>
    live({ at: step, towards }, () =>
      tellAt(at(`2026-11-22T${time}`), [ran("nightly", "incomplete")], { plan, state }),
    );
  const fresh = (name: string) => {
    http.requests.length = 0;
    mkdirSync(join(root, name));
    return join(root, name);
  };
  const { steps } = await tell(fresh("whole"), "02:41");
  expect(steps).toBeGreaterThan(15);
  const told = new Set<number>();
  for (let step = 1; step <= steps; step++) {
    const state = fresh(`${step}`);
    const { death } = await tell(state, "02:41", step);
    buryOwners(state);
    await tell(state, "02:45");
    const times = http.requests.length;
    expect(times === 1 || times === 2, `after step ${step} (${death}) it was told ${times} times`).toBe(true);
    told.add(times);
    await tell(state, "08:41");
    expect(http.requests.length, `after step ${step} (${death})`).toBe(times);
  }
  await unwound();
  expect(straySteps()).toEqual([]);
  expect([...told].sort()).toEqual([1, 2]);
});
