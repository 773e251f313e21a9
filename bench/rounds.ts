// One work at one latency: every contender in turn, round after round, so that a bad minute hits them all.

import { execFile } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Contender, Prepared, Task } from "./contender.ts";
import { type Measurement, measure } from "./measure.ts";
import type { Stage } from "./stage.ts";
import type { Work } from "./works.ts";

export interface Run {
  readonly round: number;
  /** A message, if it failed; a run that did not bring every message has failed too. */
  readonly result: Omit<Measurement, "stdout"> | string;
}

export interface Row {
  readonly name: string;
  readonly isSample: boolean;
  /** How many it had to bring, and their octets on the wire. */
  readonly messages: number;
  readonly octets: number;
  readonly runs: readonly Run[];
}

export interface Block {
  readonly work: Work;
  readonly roundTripMs: number;
  readonly rows: readonly Row[];
  /** Contenders that can't run here, and why. */
  readonly absent: readonly { readonly name: string; readonly reason: string }[];
}

export interface RoundOptions {
  readonly rounds: number;
  /** Where output goes. Nothing in it is deleted before all is over, unless it is in memory. */
  readonly folder: string;
  readonly signal: AbortSignal;
  say(line: string): void;
}

interface Entrant {
  readonly contender: Contender;
  readonly runs: Run[];
  /** Of a repeat: what has been run once, and is run again and again. */
  readonly again?: Trial;
}

interface Trial {
  readonly task: Task;
  readonly prepared: Prepared;
}

export async function runBlock(work: Work, roundTripMs: number, stage: Stage, options: RoundOptions): Promise<Block> {
  const title = `${work.name}@${roundTripMs}`;
  const absent: { name: string; reason: string }[] = [];
  const entrants: Entrant[] = [];

  const prepare = async (contender: Contender, attempt: string): Promise<Trial> => {
    const folder = join(options.folder, `${title}-${attempt}-${contender.name.replace(/\W+/g, "-")}`);
    await mkdir(folder, { mode: 0o700 });
    const { source, mail } = stage.source(work.protocol, contender.isSample ?? false, roundTripMs);
    const target = work.output === "account" ? { target: await stage.newTarget(roundTripMs) } : {};
    const task = { folder, source, mail, ...target };
    return { task, prepared: await contender.prepare(task) };
  };
  const attempt = async (round: number, { contender, again, runs }: Entrant) => {
    const trial = again ?? (await prepare(contender, `${round}`));
    const result = await run(trial, options.signal);
    runs.push({ round, result });
    const outcome = typeof result === "string" ? `failed: ${result}` : `${result.seconds.toFixed(2)} s`;
    options.say(`${title} round ${round}/${options.rounds}: ${contender.name} ${outcome}`);
    if (work.output === "memory") await rm(trial.task.folder, { recursive: true });
  };

  for (const contender of work.contenders) {
    const reason = contender.obstacle();
    if (reason !== undefined) {
      absent.push({ name: contender.name, reason });
      continue;
    }
    if (!work.isRepeat) {
      entrants.push({ contender, runs: [] });
      continue;
    }
    const again = await prepare(contender, "first");
    const first = await run(again, options.signal);
    options.say(`${title} before the rounds: ${contender.name} ${typeof first === "string" ? first : "has all"}`);
    entrants.push({ contender, again, runs: typeof first === "string" ? [{ round: 0, result: first }] : [] });
  }
  for (let round = 1; round <= options.rounds; round += 1) {
    const start = (round - 1) % entrants.length;
    for (const entrant of [...entrants.slice(start), ...entrants.slice(0, start)]) {
      if (entrant.contender.isSample && round > 1) continue;
      // Where the first run of a repeat failed, nothing that follows would mean anything.
      if (entrant.runs[0]?.round !== 0) await attempt(round, entrant);
    }
  }

  const rows = entrants.map(({ contender, runs }) => {
    const isSample = contender.isSample ?? false;
    const { messages, octets } = stage.source(work.protocol, isSample, roundTripMs).mail;
    return { name: contender.name, isSample, messages, octets, runs };
  });
  return { work, roundTripMs, rows, absent };
}

async function run({ task, prepared }: Trial, signal: AbortSignal): Promise<Run["result"]> {
  // Nobody is to pay for what others have left in the page cache.
  await promisify(execFile)("sync", ["-f", task.folder]);
  try {
    const { words, env = {} } = prepared;
    const { stdout, ...measurement } = await measure({ words, env, cwd: task.folder }, signal);
    const arrived = await prepared.arrived(stdout);
    return arrived === task.mail.messages ? measurement : `${arrived} of ${task.mail.messages} messages arrived`;
  } catch (error) {
    signal.throwIfAborted();
    return error instanceof Error ? error.message : String(error);
  }
}
