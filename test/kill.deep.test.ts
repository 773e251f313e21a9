// kill -9 of a real process, at steps spread over all that it writes and all that it receives; then the same job again.

import PQueue from "p-queue";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runJobs } from "../src/index.ts";
import { multiset, readBack } from "./support/archives.ts";
import { type Crossing, startCrossing } from "./support/crossing.ts";
import { accountOn, jobTo, routes, temporaryFolder } from "./support/jobs.ts";
import { runChild, spread } from "./support/kill-points.ts";

const pointsPerRoute = 160;

let crossing: Crossing;
let killed = 0;
beforeAll(async () => {
  crossing = await startCrossing(100);
});
afterAll(async () => {
  await crossing.close();
  expect(killed).toBeGreaterThanOrEqual(500);
  console.log(`kill -9: ${killed} distinct points over ${routes.length} routes; 0 lost, 0 duplicated, 0 altered`);
});

describe.each(routes)("$protocol to $format", ({ protocol, format }) => {
  it(`loses and doubles nothing, killed at up to ${pointsPerRoute} points`, async () => {
    const server = crossing.server(protocol);
    const child = (at: number, archive: string) => runChild({ at, from: server, to: { archive, format } });
    const steps = Number((await child(0, temporaryFolder())).output);
    expect(steps).toBeGreaterThan(80);

    const dieAndResume = async (at: number) => {
      const folder = temporaryFolder();
      const { signal } = await child(at, folder);
      // How the octets fall into chunks is the kernel's business: a run may have fewer steps than the first one had.
      if (signal === "SIGKILL") killed += 1;
      else expect(at, `survived step ${at} of ${steps}`).toBeGreaterThan(steps / 2);

      const job = jobTo(folder, format, accountOn(server), { verify: "never" });
      const resumed = await runJobs([job], { concurrency: 4 });
      expect(resumed.verdict, `after step ${at}: ${JSON.stringify(resumed.jobs[0]?.error)}`).toBe("safe");
      expect(multiset(await readBack(folder)), `after step ${at}`).toEqual(crossing.expected(protocol));

      const again = await runJobs([job], { concurrency: 4 });
      expect(again.jobs[0], `second run after step ${at}`).toMatchObject({ verdict: "safe", octets: 0 });
    };
    const queue = new PQueue({ concurrency: 3 });
    await queue.addAll(spread(steps, Math.min(steps, pointsPerRoute)).map((at) => () => dieAndResume(at)));
  });
});
