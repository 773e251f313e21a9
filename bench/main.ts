// npm run bench: see arguments.ts.

import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { dovecotAvailable } from "../test/support/dovecot.ts";
import { type Arguments, parseArguments } from "./arguments.ts";
import { writeRecord } from "./record.ts";
import { type Block, runBlock } from "./rounds.ts";
import { openStage } from "./stage.ts";
import { formatBlock } from "./table.ts";
import { longRoundTripMs } from "./works.ts";

const words = process.argv.slice(2);
const memory = "/dev/shm";

const say = (line: string) => console.error(line);

const parsed = parseArguments(words);
if ("text" in parsed) {
  (parsed.exitCode === 0 ? console.log : console.error)(parsed.text);
  process.exitCode = parsed.exitCode;
} else if (!dovecotAvailable()) {
  process.exitCode = 1;
} else {
  const interruption = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => interruption.abort());
  try {
    const blocks = await bench(parsed, interruption.signal);
    // Goals that are missed are a finding; a run that fails is a fault.
    if (blocks.some(hasFailed)) process.exitCode = 1;
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    say("interrupted");
    process.exitCode = 130;
  }
}

async function bench(options: Arguments, signal: AbortSignal): Promise<Block[]> {
  const started = new Date();
  const scratch: string[] = [];
  const makeScratch = async (parent: string) => {
    const folder = await mkdtemp(join(resolve(parent), "mailferry-bench-"));
    scratch.push(folder);
    // One contender runs as another user, and has to pass.
    await chmod(folder, 0o711);
    return folder;
  };
  try {
    const disk = await makeScratch(options.directory);
    // The server, too, puts its files there.
    process.env.TMPDIR = disk;
    const protocols = [...new Set(options.selected.map(({ work }) => work.protocol))];
    await using stage = await openStage({ ...options, protocols, roundTripMs: longRoundTripMs, say });
    const blocks: Block[] = [];
    for (const { work, roundTripMs } of options.selected) {
      if (work.output === "memory" && !existsSync(memory)) {
        console.log(`${work.title}: SKIPPED, this system has no ${memory}\n`);
        continue;
      }
      const folder = work.output === "memory" ? await makeScratch(memory) : disk;
      const block = await runBlock(work, roundTripMs, stage, { ...options, folder, signal, say });
      blocks.push(block);
      console.log(formatBlock(block));
    }
    console.log(`All figures: ${await writeRecord(started, words, blocks)}`);
    return blocks;
  } finally {
    say("deleting what was written");
    for (const folder of scratch) await rm(folder, { recursive: true, force: true });
  }
}

function hasFailed({ rows }: Block): boolean {
  return rows.some(({ name, runs }) => name === "mailferry" && runs.some(({ result }) => typeof result === "string"));
}
