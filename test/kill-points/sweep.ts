// Interrupt at a step, resume, compare, run again.

import { expect } from "vitest";
import { buryOwners } from "../support/bury-owners.ts";
import { runChild } from "../support/kill-points.ts";
import { straySteps, unwound } from "../support/mortal.ts";
import type { Scenario } from "./scenarios.ts";
import { openScene, type Scene } from "./scene.ts";

interface SweepOptions {
  /** Scenes at work at the same time. */
  readonly lanes: number;
  /** Which of so many steps; the first is 1. */
  choose(steps: number): readonly number[];
}

/** How a run is made to die at a step; false if it lived. With 0 it lives, and the number of its steps comes back. */
type Kill = (scene: Scene, at: number) => Promise<{ readonly steps: number; readonly death: string | undefined }>;

/** Within this process. */
export const dieInProcess: Kill = async (scene, at) => {
  const { steps, death, result } = await scene.run(at);
  if (at === 0) expect(result).toMatchObject({ verdict: "safe" });
  if (death !== undefined) buryOwners(scene.folder);
  return { steps, death };
};

/** Of a process of its own, by SIGKILL: its steps are all that it reads, digests and writes. */
export const dieOfSigkill: Kill = async (scene, at) => {
  const { signal, output } = await runChild({ at, ...scene.child });
  return { steps: Number(output), death: signal === "SIGKILL" ? "SIGKILL" : undefined };
};

/** Kills a run of the scenario at these steps. How often it died, and was found whole afterwards. */
export async function sweep(scenario: Scenario, kill: Kill, { lanes, choose }: SweepOptions): Promise<number> {
  const first = await openScene(scenario);
  const scenes = [first];
  try {
    const { steps } = await kill(first, 0);
    const whole = await first.contents();
    expect(mailOf(whole), `${scenario.name}: what the uninterrupted run has brought`).toEqual(first.wanted());
    const points = choose(steps).values();
    while (scenes.length < lanes) scenes.push(await openScene(scenario));
    let deaths = 0;
    const lane = async (scene: Scene) => {
      for (const at of points) {
        scene.reset();
        const { death } = await kill(scene, at);
        // How octets fall into chunks is the kernel's business: a run may have a few steps less than another one.
        if (death === undefined) expect(at, `survived step ${at} of ${steps}`).toBeGreaterThan(steps / 2);
        const second = scenario.twice && (await kill(scene, 1 + ((at * 31) % Math.max(1, steps - at))));
        // Where a run should have died twice, this is a point only if it did.
        if (death !== undefined && (!second || second.death !== undefined)) deaths += 1;
        await checkResumed(scene, whole, `${scenario.name}, after step ${at} (${death})`, at % 4 === 0);
      }
    };
    await Promise.all(scenes.map(lane));
    await unwound();
    expect(straySteps(), `${scenario.name}: steps of nobody`).toEqual([]);
    return deaths;
  } finally {
    for (const scene of scenes) await scene.close();
  }
}

async function checkResumed(scene: Scene, whole: readonly string[], where: string, isSample: boolean): Promise<void> {
  await scene.checkAfterDeath();
  const { result: resumed } = await scene.run(0);
  expect(resumed, where).toMatchObject({ verdict: "safe", exit: { code: 0 } });
  expect(await scene.contents(), where).toEqual(whole);

  const before = scene.octetsMoved();
  const { result: again } = await scene.run(0);
  expect(again, `${where}, once more`).toMatchObject({ verdict: "safe", octets: 0, messages: { copied: 0 } });
  expect(scene.octetsMoved() - before, `${where}: octets of messages, once more`).toBe(0);
  // Nothing has moved; a sample is enough to see that nothing else has happened either.
  if (isSample) expect(await scene.contents(), `${where}, once more`).toEqual(whole);
  expect((await scene.remembered()).slice(-2), `${where}: the memory of the job`).toEqual(["safe", "safe"]);
}

/** `mailbox sha256` of the messages among these lines. */
function mailOf(lines: readonly string[]): string[] {
  return lines
    .filter((line) => !/^\S+\.tar\.gz /.test(line))
    .map((line) => line.split(" ").slice(0, 2).join(" "))
    .sort();
}

/** So many of the steps, evenly; all where there are no more. The same each time, and with another `offset` others. */
export function evenly(count: number, offset = 0): (steps: number) => number[] {
  return (steps) => {
    if (steps <= count) return Array.from({ length: steps }, (_, n) => n + 1);
    return Array.from({ length: count }, (_, n) => 1 + ((Math.floor((n * steps) / count) + offset) % steps));
  };
}
