// A run that is killed while it packs: whatever has the final name is a whole pack, and the next run makes it.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { verifyArchive } from "../../src/jobs/verify.ts";
import { runChild } from "../support/kill-points.ts";
import { pack } from "../support/packs.ts";

export interface Packing {
  readonly archive: string;
  readonly as: "zip" | "tar.gz";
  /** What is expected of it, in the end. */
  readonly sha256: string;
}

const script = "pack-child.mjs";

/** How many steps there are. */
export async function countSteps({ archive, as }: Packing, folder: string, everywhere: boolean): Promise<number> {
  const { output } = await runChild({ at: 0, everywhere, archive, to: join(folder, "counted"), as }, script);
  return Number(output);
}

/** True if the run was killed there. */
export async function dieAndPackAgain(packing: Packing, folder: string, at: number, everywhere: boolean) {
  const { archive, as, sha256 } = packing;
  const to = join(folder, `pack.${as}`);
  const { signal } = await runChild({ at, everywhere, archive, to, as }, script);
  if (existsSync(to)) expect((await verifyArchive(to)).problems, `after step ${at}`).toEqual([]);
  expect(await pack(archive, to, as), `after step ${at}`).toMatchObject({ sha256 });
  expect(readdirSync(folder), `after step ${at}`).toEqual([`pack.${as}`]);
  return signal === "SIGKILL";
}
