// The daemon under load: 200 jobs due at once, five nights long, are a thousand runs in one process.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { daemon } from "../../src/cli/daemon.ts";
import { openCaller } from "../support/in-process.ts";
import { simulateTime } from "../support/simulated-time.ts";

const jobsAtOnce = 200;
const nights = 5;
/** So many nights until everything is compiled, and every cache is as large as it gets. */
const warmUp = 2;

test("200 jobs on one schedule: at most `concurrency` mailboxes at work, and memory that does not grow with the runs", async () => {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  const caller = openCaller("");
  writeFileSync(join(caller.cwd, "mail.mbox"), "From a@b Thu Nov 26 10:00:00 2026\nSubject: a\n\nhello\n");
  const jobs = Array.from({ length: jobsAtOnce }, (_, index) => ({
    name: `job${index}`,
    from: { mbox: "./mail.mbox" },
    to: { archive: `./archives/${index}`, format: "mbox" },
    schedule: "30 2 * * *",
  }));
  const file = { version: 1, defaults: { concurrency: 3, timezone: "UTC" }, accounts: {}, jobs };
  writeFileSync(join(caller.cwd, "jobs.yaml"), JSON.stringify(file), { mode: 0o600 });

  const time = simulateTime("2026-11-20T12:00Z");
  const stop = new AbortController();
  const atWork = new Set<string>();
  const sizes: { readonly rss: number; readonly heapUsed: number }[] = [];
  let [most, ended, notSafe] = [0, 0, 0];
  let nightIsOver: () => void = () => undefined;
  for (let night = 0; night < nights; night++)
    time.at(
      `2026-11-${21 + night}T02:30Z`,
      () => void time.hold(new Promise<void>((resolve) => (nightIsOver = resolve))),
    );
  await caller.call(daemon, {
    events: true,
    signal: stop.signal,
    clock: time.clock,
    wait: time.wait,
    heard: (text) => {
      const event = JSON.parse(text);
      if (event.type === "mailbox-listed") atWork.add(event.job);
      if (event.type === "mailbox-finished") atWork.delete(event.job);
      most = Math.max(most, atWork.size);
      if (event.type !== "run-ended") return;
      ended += 1;
      if (event.report.verdict !== "safe") notSafe += 1;
      if (ended % jobsAtOnce !== 0) return;
      collect();
      sizes.push(process.memoryUsage());
      nightIsOver();
      if (ended === nights * jobsAtOnce) stop.abort();
    },
  });
  expect({ ended, notSafe }).toEqual({ ended: nights * jobsAtOnce, notSafe: 0 });
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(3);
  const runs = (nights - warmUp) * jobsAtOnce;
  const slope = (key: "rss" | "heapUsed") => ((sizes.at(-1)?.[key] ?? 0) - (sizes[warmUp - 1]?.[key] ?? 0)) / runs;
  console.log(`each run leaves ${Math.round(slope("rss"))} octets of memory, ${Math.round(slope("heapUsed"))} in use`);
  // The runs are printed by the caller of this test, who keeps some two kilobytes of each.
  expect(slope("heapUsed")).toBeLessThan(8_000);
  expect(slope("rss")).toBeLessThan(30_000);
});
