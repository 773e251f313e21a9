// Every way to damage a small archive, one at a time: found, named, repaired without a server and then by one.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dieAndRepairAgain, openTemplate, sweepOne, type Template } from "./support/damaged.ts";
import { additions, cuts, type Damage, flips, removals } from "./support/damages.ts";
import { swept } from "./support/sweep-counts.ts";

/** So many places of each file, evenly; of every so many kinds of damage, one is repaired by a repair that dies. */
const sample = {
  mbox: { flips: 25, cuts: 12, oneOf: 18, leastSteps: 40 },
  maildir: { flips: 6, cuts: 4, oneOf: 30, leastSteps: 40 },
  "mbox in parts": { flips: 2, cuts: 2, oneOf: 60, leastSteps: 20 },
};

describe.each(["mbox", "maildir", "mbox in parts"] as const)("an archive in the %s format", (format) => {
  let template: Template;
  beforeAll(async () => {
    template = format === "mbox in parts" ? await openTemplate("mbox", 3, 420) : await openTemplate(format);
  });
  afterAll(() => template[Symbol.asyncDispose]());

  async function sweep(damages: Iterable<Damage>): Promise<void> {
    let count = 0;
    for (const damage of damages) {
      await sweepOne(template, damage);
      count++;
    }
    expect(count).toBeGreaterThan(0);
    swept("damaged archives", count);
    console.log(`${format}: ${count} archives damaged and repaired; 0 lost, 0 duplicated, 0 altered`);
  }

  test("with a flipped bit is repaired, and no good message is lost for it", () =>
    sweep(flips(template, sample[format].flips)));
  test("with a file that was cut is repaired", () => sweep(cuts(template, sample[format].cuts)));
  test("with a file that is gone is repaired", () => sweep(removals(template)));
  test("is repaired in the end, whatever step a repair dies at", async () => {
    const all = [...removals(template), ...additions(template), ...flips(template, 3), ...cuts(template, 2)];
    // Those that have the most to do, of every kind.
    const chosen = all.filter((damage, n) => damage.harmless !== true && n % sample[format].oneOf === 0);
    let steps = 0;
    for (const damage of chosen) {
      for (let at = 1; await dieAndRepairAgain(template, damage, at); at++) steps++;
    }
    expect(steps).toBeGreaterThan(sample[format].leastSteps);
    swept("kill points", steps);
    console.log(`${format}: a repair died at ${steps} steps; 0 lost, 0 duplicated, 0 altered`);
  });

  test("with a copy, or what others put there, is repaired", () => sweep(additions(template)));
});
