// Power losses: a run is recorded, and for each image of the disk that it may have left it is looked whether all is there that
// a ledger calls stored; then the next run is made on it, and one more.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import { readArchive } from "../../src/storage/archive.ts";
import { readLedger } from "../../src/storage/ledger.ts";
import { readBack } from "./archives.ts";
import { digestOfImage, imageAt, lossesPerPoint, putImage } from "./crash-images.ts";
import { type DiskRecord, type Point, recordDisk } from "./disk-record.ts";

export interface Scenario<Seen> {
  /** All that may be lost lies here. */
  readonly root: string;
  /** What there was when the power failed, of what the disk does not hold. */
  see(): Seen;
  /** Puts the rest of the world back to that. */
  rewind?(seen: Seen): void;
  /** What is recorded. */
  run(): Promise<unknown>;
  /** Nothing that was recorded as stored is lost. */
  check(seen: Seen): Promise<void>;
  /** The next run ends well, and the one after it has nothing to do. */
  goOn(): Promise<void>;
}

const made: string[] = [];
afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder in memory where there is such a thing: what is tested is not the disk. */
export function memoryFolder(): string {
  const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "mailferry-power-"));
  made.push(folder);
  return folder;
}

/** Records the run of a scenario. */
export async function recordRun<Seen>(scenario: Scenario<Seen>): Promise<DiskRecord<Seen>> {
  const record = recordDisk(scenario.root, () => scenario.see());
  try {
    await scenario.run();
  } finally {
    record.end();
  }
  return record;
}

/**
 * Goes through images that differ, `most` of them at most, evenly over all points and losses; returns how many. `points`: of
 * those alone.
 */
export async function sweepImages<Seen>(
  scenario: Scenario<Seen>,
  record: DiskRecord<Seen>,
  most: number,
  points: readonly Point<Seen>[] = record.points,
): Promise<number> {
  const all = points.flatMap((point) => lossesPerPoint.map((loss) => ({ point, loss })));
  const stride = strideFor(all.length);
  const known = new Set<string>();
  for (let n = 0, at = 0; n < all.length && known.size < most; n++, at = (at + stride) % all.length) {
    const { point, loss } = all[at] ?? expect.fail("there is no such image");
    const image = imageAt(record, point.at, loss);
    const digest = `${digestOfImage(image)} ${scenario.rewind === undefined ? "" : point.at}`;
    if (known.has(digest)) continue;
    known.add(digest);
    putImage(image, scenario.root);
    scenario.rewind?.(point.seen);
    try {
      await scenario.check(point.seen);
      await scenario.goOn();
    } catch (error) {
      const where = `power lost before ${point.before} (step ${point.at}), ${JSON.stringify(loss)}`;
      throw new Error(`${where}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
  return known.size;
}

/** Without a common divisor, so that every image comes once, and near no simple fraction, so that they come from everywhere. */
function strideFor(length: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  for (let stride = Math.max(1, Math.floor(length * 0.381966)); ; stride++) {
    if (divisor(length, stride) === 1) return stride;
  }
}

/** Each message that a ledger of the archive names can be read from it, with its digest; and there are `least` of them. */
export async function expectStored(archive: string, least: number): Promise<void> {
  if (!existsSync(join(archive, "mailferry.json"))) {
    expect(await storedIn(join(archive, "ledger"))).toBe(0);
    expect(least).toBe(0);
    return;
  }
  await using opened = await readArchive(archive);
  expect(opened.damaged).toEqual([]);
  expect((await readBack(archive)).length).toBeGreaterThanOrEqual(least);
}

async function storedIn(folder: string): Promise<number> {
  let stored = 0;
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    await using ledger = name.endsWith(".jsonl") ? await readLedger(join(folder, name)) : undefined;
    stored += ledger?.size ?? 0;
  }
  return stored;
}

/** How many messages lie in an archive, as other programs count them. */
export function countMail(archive: string): number {
  const files = readdirSync(archive, { recursive: true, encoding: "utf8" });
  const inMaildirs = files.filter((name) => /(^|\/)(cur|new)\/[^/]+$/.test(name)).length;
  const mboxes = files.filter((name) => name.endsWith(".mbox"));
  const inMboxes = mboxes.map((name) => `\n${readFileSync(join(archive, name), "latin1")}`.split("\nFrom ").length - 1);
  return inMboxes.reduce((sum, count) => sum + count, inMaildirs);
}
