// A run that dies while it packs or prunes: its disk at a sample of its steps, and a real process at a few of them. Those of
// kill-points/ have every step.

import { afterEach, expect, test } from "vitest";
import { buryOwners } from "../support/bury-owners.ts";
import { crashAt, mend } from "../support/crash-at.mjs";
import { temporaryFolder } from "../support/jobs.ts";
import { runChild, spread } from "../support/kill-points.ts";
import { type Household, nameAt } from "../support/nights.ts";
import { checkAfterDeath, checkNextRun, copyVault, dying, prepareVault } from "../support/pack-crash.ts";

afterEach(mend);

async function dieAt(at: number, home: Household) {
  const disk = crashAt({ at });
  try {
    await home.run(dying);
    return disk;
  } finally {
    mend();
  }
}

test("whenever a run dies, no half pack has the name of a pack, and none is too few", async () => {
  const template = temporaryFolder();
  await prepareVault(template);
  const { steps } = await dieAt(0, copyVault(template));
  expect(steps).toBeGreaterThan(40);
  /** How many packs there were after each death, and whether the new one was among them. */
  const found = new Set<string>();
  const dieAndGoOn = async (at: number) => {
    const home = copyVault(template);
    expect((await dieAt(at, home)).dead).toBe(true);
    buryOwners(home.root);
    checkAfterDeath(home, at);
    const names = home.packs();
    found.add(names.includes(nameAt(dying)) ? `${names.length} with the new one` : `${names.length}`);
    await checkNextRun(home, at);
  };
  // Backwards through the removals, to where the new pack has its name and nothing is removed yet.
  let at = steps - 4;
  for (; at > 0 && !found.has("6 with the new one"); at -= 2) await dieAndGoOn(at);
  for (const earlier of spread(at, 6)) await dieAndGoOn(earlier);
  expect([...found]).toEqual(expect.arrayContaining(["5", "6 with the new one", "3 with the new one"]));
  expect([...found].some((each) => /^[45] with/.test(each))).toBe(true);
});

test("nor where it is killed with kill -9", async () => {
  const template = temporaryFolder();
  await prepareVault(template);
  const run = ({ root, job }: Household, at: number) =>
    runChild({ at, from: job.from, to: job.to, stateDirectory: `${root}/state`, job, now: dying });
  const steps = Number((await run(copyVault(template), 0)).output);
  for (const at of [Math.floor(steps * 0.7), steps - 8]) {
    const home = copyVault(template);
    expect((await run(home, at)).signal).toBe("SIGKILL");
    checkAfterDeath(home, at);
    await checkNextRun(home, at);
  }
});
