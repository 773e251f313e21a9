// kill -9 at the steps that change a file, of packing a small archive. test/packs/packs.deep.test.ts has more of it.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/jobs.ts";
import { spread } from "../support/kill-points.ts";
import { makeArchive, pack } from "../support/packs.ts";
import { tortureMessages } from "../support/torture.ts";
import { countSteps, dieAndPackAgain } from "./killed.ts";

test("killed at any of some steps of writing, a run leaves a whole pack under its name or none", async () => {
  const root = temporaryFolder();
  const archive = await makeArchive(root, "maildir", { "": tortureMessages().slice(0, 8) });
  for (const as of ["zip", "tar.gz"] as const) {
    const { sha256 } = await pack(archive, join(root, `whole.${as}`), as);
    const packing = { archive, as, sha256 };
    const steps = await countSteps(packing, join(root, as), false);
    expect(steps).toBeGreaterThan(5);
    for (const at of as === "zip" ? spread(steps, 5) : spread(steps, 3)) {
      const folder = join(root, `${as}-${at}`);
      mkdirSync(folder);
      const isKilled = await dieAndPackAgain(packing, folder, at, false);
      expect(isKilled, `step ${at}`).toBe(true);
    }
  }
});
