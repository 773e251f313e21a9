// What is remembered of a job whose target is not an archive: the ledger says what was stored there, and how far.
//
//   STATE/moves/NAME-DIGEST/
//     move.json             which job, from where, to where; no secret
//     mapping.json          where each mailbox goes
//     in-doubt              only there if the server may still be storing what the last run had sent
//     ledger/, runs/        as in an archive
//     mailferry.lock        while a run writes

import { createHash } from "node:crypto";
import { join } from "node:path";
import { MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import { exists, makeDirectory, removeFile, replaceFile } from "./durable.ts";
import { LedgerFolder, type LedgerIndex, lastReport, prepareLedgers, readIndex } from "./ledger-folder.ts";
import { acquireLock, type Lock } from "./lock.ts";
import { namesIn } from "./read-folder.ts";
import { readText } from "./read-text.ts";

/** What tells one move from another. */
export interface MoveIdentity {
  readonly job: string;
  /** Both as people name them, account or path. */
  readonly from: string;
  readonly to: string;
}

/** The source's path and the target's. */
export type MappedPath = readonly [from: readonly string[], to: readonly string[]];

export class MoveBook extends LedgerFolder {
  readonly identity: MoveIdentity;
  #mapping: readonly MappedPath[];
  /** Undefined where it is only read. */
  #isMarked: boolean | undefined;

  /** `writing`: with the lock, and whether the last run has left its mark. */
  constructor(
    directory: string,
    identity: MoveIdentity,
    mapping: readonly MappedPath[],
    index: LedgerIndex,
    writing?: { readonly lock: Lock; readonly isMarked: boolean },
  ) {
    super(directory, index, writing?.lock);
    this.identity = identity;
    this.#mapping = mapping;
    this.#isMarked = writing?.isMarked;
  }

  /** True if what the run before had sent may still be on its way: it has died, or ended before it knew. */
  get followsDoubt(): boolean {
    return this.followsDeath || this.#isMarked === true;
  }

  /** What the next run is to know: whether it follows doubt. */
  async rememberDoubt(isInDoubt: boolean): Promise<void> {
    if (this.#isMarked === undefined || this.#isMarked === isInDoubt) return;
    const mark = join(this.directory, doubtMark);
    if (isInDoubt) await replaceFile(mark, "");
    else await removeFile(mark);
    this.#isMarked = isInDoubt;
  }

  /** Where mailboxes went in earlier runs. */
  get mapping(): readonly MappedPath[] {
    return this.#mapping;
  }

  /** Mailboxes that are not among these keep their place. */
  async rememberMapping(mapping: readonly MappedPath[]): Promise<void> {
    const all = new Map([...this.#mapping, ...mapping].map((mapped) => [JSON.stringify(mapped[0]), mapped]));
    const merged = [...all.values()];
    if (JSON.stringify(merged) === JSON.stringify(this.#mapping)) return;
    const lines = merged.map((mapped) => `  ${JSON.stringify(mapped)}`);
    await replaceFile(join(this.directory, "mapping.json"), `[\n${lines.join(",\n")}\n]\n`);
    this.#mapping = merged;
  }
}

const doubtMark = "in-doubt";

/** Where a move keeps its book. */
export function moveDirectory(stateDirectory: string, identity: MoveIdentity): string {
  return join(stateDirectory, "moves", nameOfIdentity(identity));
}

/** A file name that no other job, or the same one with other ends, shares. */
export function nameOfIdentity(identity: MoveIdentity): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([identity.job, identity.from, identity.to]))
    .digest("hex");
  const name = identity.job
    .normalize("NFC")
    .replaceAll(/[^\p{L}\p{N}_-]/gu, "_")
    .slice(0, 40);
  return `${name}-${digest.slice(0, 12)}`;
}

/** Opens the book for writing, making it where there is none. Takes the lock; disposing gives it back. */
export async function openMoveBook(stateDirectory: string, identity: MoveIdentity): Promise<MoveBook> {
  const directory = moveDirectory(stateDirectory, identity);
  await makeDirectory(directory);
  const lock = await acquireLock(join(directory, "mailferry.lock"));
  try {
    const index = await prepareLedgers(directory);
    const marker = `${JSON.stringify({ move: 1, ...identity }, null, 2)}\n`;
    if ((await readText(join(directory, "move.json"))) !== marker) {
      await replaceFile(join(directory, "move.json"), marker);
    }
    const isMarked = await exists(join(directory, doubtMark));
    return new MoveBook(directory, identity, await readMapping(directory), index, { lock, isMarked });
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

/** The book for reading only: no lock, nothing is changed. Undefined if there is none yet. */
export async function readMoveBook(stateDirectory: string, identity: MoveIdentity): Promise<MoveBook | undefined> {
  const directory = moveDirectory(stateDirectory, identity);
  if ((await readText(join(directory, "move.json"))) === undefined) return undefined;
  return new MoveBook(directory, identity, await readMapping(directory), await readIndex(directory));
}

/** The newest run report of a move or an archive; undefined if it has none. */
export async function readLastReport(directory: string): Promise<unknown> {
  const folder = join(directory, "runs");
  const names = await namesIn(folder);
  const last = lastReport(names);
  const text = last === undefined ? undefined : await readText(join(folder, last));
  return text === undefined ? undefined : parse(text, join(folder, last ?? ""));
}

async function readMapping(directory: string): Promise<MappedPath[]> {
  const path = join(directory, "mapping.json");
  const text = await readText(path);
  if (text === undefined) return [];
  const mapping = parse(text, path);
  if (!Array.isArray(mapping)) throw unreadable(path);
  return mapping.map((mapped: unknown) => {
    const [from, to] = Array.isArray(mapped) ? mapped : [];
    if (!isPath(from) || !isPath(to)) throw unreadable(path);
    return [from, to];
  });
}

function isPath(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((name) => typeof name === "string");
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable(path);
  }
}

function unreadable(path: string): MailferryError {
  return new MailferryError("V901", `${printable(path)} is not what mailferry wrote`, {
    scope: "session",
    retry: "never",
    remedy: "Put it back from a copy, or remove it.",
  });
}
