// kill -9 of a real process at every step of a run that packs and prunes; then the next run.

import PQueue from "p-queue";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/jobs.ts";
import { runChild } from "../support/kill-points.ts";
import type { Household } from "../support/nights.ts";
import { checkAfterDeath, checkNextRun, copyVault, dying, prepareVault } from "../support/pack-crash.ts";

const runAndDie = ({ root, job }: Household, at: number) =>
  runChild({ at, from: job.from, to: job.to, stateDirectory: `${root}/state`, job, now: dying });

test("killed at any step of packing and pruning, a run leaves no half pack and none too few", async () => {
  const template = temporaryFolder();
  await prepareVault(template);
  const steps = Number((await runAndDie(copyVault(template), 0)).output);
  expect(steps).toBeGreaterThan(60);
  let killed = 0;
  const queue = new PQueue({ concurrency: 3 });
  await queue.addAll(
    Array.from({ length: steps }, (_, index) => async () => {
      const at = index + 1;
      const home = copyVault(template);
      const { signal } = await runAndDie(home, at);
      if (signal === "SIGKILL") killed += 1;
      checkAfterDeath(home, at);
      await checkNextRun(home, at);
    }),
  );
  console.log(`kill -9 while packing and pruning: ${killed} of ${steps} steps`);
  expect(killed).toBeGreaterThan(steps * 0.9);
});
