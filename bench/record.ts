// Everything that was measured, as JSON: the runs themselves too, and what they were made on.

import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { cpus, release, totalmem, type } from "node:os";
import { dirname } from "node:path";
import { figuresOf, verdictsOf } from "./figures.ts";
import { resultFile } from "./places.ts";
import type { Block } from "./rounds.ts";

/** Returns the path of the file. */
export async function writeRecord(started: Date, words: readonly string[], blocks: readonly Block[]): Promise<string> {
  const record = {
    date: started.toISOString(),
    arguments: words,
    node: process.version,
    system: `${type()} ${release()}`,
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    memory: totalmem(),
    dovecot: dovecotVersion(),
    blocks: blocks.map((block) => ({
      work: block.work.name,
      roundTripMs: block.roundTripMs,
      reference: block.work.reference,
      floor: block.work.floor,
      figures: figuresOf(block),
      goals: verdictsOf(block),
      absent: block.absent,
      runs: block.rows,
    })),
  };
  await mkdir(dirname(resultFile), { recursive: true });
  await writeFile(resultFile, `${JSON.stringify(record, undefined, 2)}\n`);
  return resultFile;
}

/** Often it is not in the PATH of users. */
function dovecotVersion(): string {
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin` };
  return execFileSync("dovecot", ["--version"], { encoding: "utf8", env }).trim();
}
