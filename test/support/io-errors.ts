// Runs on a disk of which one operation fails, once or from then on; what has to be so whatever fails, and after the next run.

import { expect } from "vitest";
import type { JobReport } from "../../src/index.ts";
import { photograph, putImage } from "./crash-images.ts";
import { type Failing, failDisk, failures } from "./failing-disk.ts";

export interface Trial {
  readonly root: string;
  /** Never rejects. */
  run(): Promise<JobReport>;
  /** Nothing that was stored before is lost. */
  check(): Promise<void>;
  /** With the disk in order the next run ends as if nothing had been, and the one after it has nothing to do. */
  goOn(): Promise<void>;
  /** Whether a run may end with this exit code because of this operation. */
  mayEnd(exit: number, operation: string): boolean;
}

/** Words of the system, as nobody should get to see them. */
export const bare =
  /i\/o error|no space left on device|disk quota exceeded|: read-only file system,|: permission denied,|unknown system error|unexpected/i;

/** All that the report says in words. */
export function wordsOf({ error, failures: failed, notices = [], pack }: JobReport): string[] {
  const texts = [error?.message, pack?.error?.message, ...[...failed, ...notices].map(({ reason }) => reason)];
  return texts.filter((text) => text !== undefined);
}

/** Goes through `most` of all operations, codes and ways to fail, evenly; returns how many errors were injected. */
export async function sweepErrors(trial: Trial, most: number): Promise<number> {
  const { root } = trial;
  const before = photograph(root);
  const whole = failDisk(root, { code: "EIO", at: 0, forGood: false });
  try {
    expect(await trial.run()).toMatchObject({ exit: { code: 0 } });
  } finally {
    whole.end();
  }
  const all = whole.operations.flatMap((_, index) =>
    failures.flatMap((code) => [false, true].map((forGood) => ({ code, at: index + 1, forGood }))),
  );
  let injected = 0;
  for (const failing of evenly(all, most)) {
    putImage(before, root);
    await tryOne(trial, failing).then(
      (failed) => {
        injected += failed > 0 ? 1 : 0;
      },
      (error: unknown) => {
        const { code, at, forGood } = failing;
        const where = `${code} ${forGood ? "from" : "at"} ${whole.operations[at - 1]} (${at} of ${whole.operations.length})`;
        throw new Error(`${where}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
      },
    );
  }
  return injected;
}

async function tryOne(trial: Trial, failing: Failing): Promise<number> {
  const disk = failDisk(trial.root, failing);
  let report: JobReport;
  try {
    report = await trial.run();
  } finally {
    disk.end();
  }
  const texts = wordsOf(report);
  for (const text of texts) expect(text).not.toMatch(bare);
  const { code } = report.exit;
  const operation = disk.operations[Number(failing.at) - 1] ?? "";
  expect(trial.mayEnd(code, operation), `exit ${code} after ${operation}: ${JSON.stringify(texts)}`).toBe(true);
  // Where it did harm it is said: what, where, and why.
  if (code !== 0) expect(texts.join("\n")).toContain(`(${failing.code})`);
  if (code !== 0) expect(texts.join("\n")).toContain(trial.root);
  await trial.check();
  await trial.goOn();
  return disk.failed;
}

/** So many of them at most, from everywhere. */
export function evenly<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  // Near no simple fraction: every operation, code and way comes about as often as every other.
  const places = Array.from({ length: most }, (_, n) => Math.floor(((n * 0.6180339887) % 1) * all.length));
  return [...new Set(places)].flatMap((place) => all[place] ?? []);
}
