// A scenario, set up: the same run can be begun there again and again, each time from the same state.

import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Job, type JobReport, runJobs } from "../../src/index.ts";
import { runsOf } from "../../src/jobs/run-record.ts";
import { type Life, live, watch } from "../support/mortal.ts";
import { limitFiles } from "../support/small-files.mjs";
import { atFirst, inBetween, letter } from "./letters.ts";
import type { Scenario } from "./scenarios.ts";
import { openMailSource } from "./sources.ts";
import { openMailTarget } from "./targets.ts";

export interface Scene {
  /** All that a run changes is below this folder, or on the target's server. */
  readonly folder: string;
  /** A run, which dies at this step; 0: it lives. */
  run(at: number): Promise<Life<JobReport>>;
  /** What kill-child.mjs needs to do the same. */
  readonly child: object;
  /** As it was before the run. */
  reset(): void;
  /** All that is at the target, and remembered of it. */
  contents(): Promise<string[]>;
  /** `mailbox sha256` of all that has to be there. */
  wanted(): string[];
  checkAfterDeath(): Promise<void>;
  /** The verdicts that the memory of the job tells, the oldest first. */
  remembered(): Promise<string[]>;
  octetsMoved(): number;
  close(): Promise<void>;
}

const dayMs = 86_400_000;
const firstDay = Date.parse("2026-11-20T01:30:00Z");

export async function openScene(scenario: Scenario): Promise<Scene> {
  const { daysBefore = 0, keepLast, mail } = scenario;
  // Nothing here is about the disk: in memory, an fsync costs nothing.
  const root = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "mailferry-kill-"));
  const [folder, kept] = [join(root, "live"), join(root, "kept")];
  mkdirSync(folder);
  watch(folder);
  const disk = scenario.fileOctets === undefined ? undefined : limitFiles(scenario.fileOctets);
  const source = await openMailSource(scenario.from, join(root, "source"));
  const target = await openMailTarget(scenario.to, folder, { ...scenario, isUndated: scenario.from === "pop3" });
  const stateDirectory = join(folder, "state");
  const { from, to, pack }: Pick<Job, "from" | "to" | "pack"> = { from: source.from, ...target };
  const rest: Omit<Job, "from" | "to"> = {
    name: "killed",
    mailboxes: { include: ["*"], exclude: [], map: [] },
    filter: {},
    verify: "never",
    retry: { attempts: 2, maxWaitMs: 0 },
    timeZone: "UTC",
    ...(pack === undefined ? {} : { pack }),
  };
  let job: Job = { ...rest, from, to };
  let now = new Date(firstDay);

  const runOn = async (): Promise<JobReport> => {
    const options = { concurrency: 2, stateDirectory, trigger: "schedule", clock: () => now } as const;
    const { jobs } = await runJobs([job], options);
    const [report] = jobs;
    if (report === undefined) throw new Error("there is no report");
    return report;
  };
  const run = (at: number) => live({ at, towards: target.port }, runOn);

  const deliver = async (letters: Readonly<Record<string, readonly Buffer[]>>) => {
    for (const [mailbox, all] of Object.entries(letters)) for (const each of all) source.deliver(mailbox, each);
    await source.settle?.();
  };
  const byName = (names: typeof atFirst) =>
    Object.fromEntries(Object.entries(names).map(([mailbox, all]) => [mailbox, all.map(letter)]));
  await deliver(mail ?? byName(atFirst));
  for (let day = 0; day < daysBefore; day++) {
    const { result } = await run(0);
    if (result?.verdict !== "safe") throw new Error(`${scenario.name}: ${JSON.stringify(result)}`);
    if (scenario.meanwhile !== "flags are changed") await deliver(byName(inBetween));
    now = new Date(now.getTime() + dayMs);
  }
  const retention = keepLast === undefined ? {} : { retention: { keepLast } };
  job = { ...job, ...retention };
  if (scenario.meanwhile === "flags are changed") source.mark?.();
  if (scenario.meanwhile === "renumbered") source.renumber?.();
  cpSync(folder, kept, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  target.keep();

  return {
    folder,
    run,
    child: {
      from: source.child,
      to: target.child,
      stateDirectory,
      trigger: "schedule",
      job: { ...rest, ...retention },
      now,
      fileOctets: scenario.fileOctets,
    },
    reset() {
      rmSync(folder, { recursive: true });
      cpSync(kept, folder, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
      target.restore();
    },
    contents: () => target.contents(job, stateDirectory),
    wanted: () => source.digests(),
    checkAfterDeath: () => target.checkAfterDeath(),
    remembered: async () => (await runsOf(job, stateDirectory)).map(({ verdict }) => verdict),
    octetsMoved: () => source.octetsSent() + target.octetsMoved(),
    async close() {
      disk?.end();
      await source.close();
      await target.close();
      rmSync(root, { recursive: true });
    },
  };
}
