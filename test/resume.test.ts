// Interrupt at a step, resume, compare, run again. Here the disk dies under the process at a sample of all steps;
// kill-points/ has every step, and real processes.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Job, runJobs } from "../src/index.ts";
import { multiset, readBack } from "./support/archives.ts";
import { buryOwners } from "./support/bury-owners.ts";
import { crashAt, type Disk, mend } from "./support/crash-at.mjs";
import { type Crossing, startCrossing } from "./support/crossing.ts";
import { accountOn, jobTo, routes, temporaryFolder } from "./support/jobs.ts";

let crossing: Crossing;
beforeAll(async () => {
  crossing = await startCrossing();
});
afterAll(() => crossing.close());
afterEach(mend);

const points = 10;

describe.each(routes)("$protocol to $format", ({ protocol, format }) => {
  const job = (archive: string): Job =>
    jobTo(archive, format, accountOn(crossing.server(protocol)), { verify: "never" });

  it("goes on after a crash at any step, and ends with the very same messages", async () => {
    const whole = temporaryFolder();
    const { steps } = await dieAt(0, job(whole));
    expect(multiset(await readBack(whole))).toEqual(crossing.expected(protocol));

    for (const at of spread(steps, points)) {
      const folder = temporaryFolder();
      expect((await dieAt(at, job(folder))).dead).toBe(true);
      buryOwners(folder);

      const resumed = await runJobs([job(folder)], { concurrency: 4 });
      expect(resumed.jobs[0]?.error, `after step ${at}`).toBeUndefined();
      expect(multiset(await readBack(folder)), `after step ${at}`).toEqual(crossing.expected(protocol));
      expect(strayMail(folder), `after step ${at}`).toEqual([]);

      const before = crossing.messageOctetsSent();
      const again = await runJobs([job(folder)], { concurrency: 4 });
      expect(again.verdict).toBe("safe");
      expect(crossing.messageOctetsSent() - before, `second run after step ${at}`).toBe(0);
    }
  });

  it("goes on after two crashes in a row", async () => {
    const { steps } = await dieAt(0, job(temporaryFolder()));
    for (const at of spread(steps, 6)) {
      const folder = temporaryFolder();
      await dieAt(at, job(folder));
      buryOwners(folder);
      await dieAt(Math.ceil(at / 2), job(folder));
      buryOwners(folder);
      await runJobs([job(folder)], { concurrency: 4 });
      expect(multiset(await readBack(folder)), `after step ${at}`).toEqual(crossing.expected(protocol));
    }
  });
});

/** Runs the job on a disk that dies at step `at`; 0: never. */
async function dieAt(at: number, job: Job): Promise<Disk> {
  const disk = crashAt({ at });
  try {
    const report = await runJobs([job], { concurrency: 4 });
    if (at === 0) expect(report).toMatchObject({ verdict: "safe" });
    return disk;
  } finally {
    mend();
  }
}

function spread(steps: number, count: number): number[] {
  return [...new Set(Array.from({ length: count }, (_, n) => 1 + Math.floor((n * (steps - 1)) / (count - 1))))];
}

/** Mail files that no ledger names, but for what was moved aside. */
function strayMail(folder: string): string[] {
  const ledgers = readdirSync(join(folder, "ledger")).map((name) => readFileSync(join(folder, "ledger", name), "utf8"));
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\/(cur|new|tmp)\/.+/.test(name))
    .filter((name) => !ledgers.some((text) => text.includes(`"${name.split("/").at(-1)?.split(":")[0]}"`)));
}
