// How far an mbox reaches, as its checkpoint says: `{length, tailDigest}`. One that goes on in further files has the number
// of its last one as `part`, and as `closed` what the files before it came to; they are never written again.

import { constants } from "node:fs";
import { lstat, open } from "node:fs/promises";
import { codeOf } from "../errors.ts";
import { mostParts, partPath } from "../formats/mbox-parts.ts";
import type { Checkpoint } from "../message.ts";
import { diskError } from "./disk-error.ts";
import { sizeOf } from "./durable.ts";
import { digestTail } from "./mbox-tail.ts";

export interface FileEnd {
  /** Octets. */
  readonly length: number;
  readonly tailDigest: string;
}

export interface MboxEnd extends FileEnd {
  readonly part: number;
  /** Of the parts before it, in their order. */
  readonly closed: readonly FileEnd[];
}

const digestOfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** Of a file with nothing in it, which need not be there. */
export const noEnd: FileEnd = { length: 0, tailDigest: digestOfNothing };

/** Undefined if the checkpoint is not that of an mbox. */
export function readEnd({ length, tailDigest, part = 1, closed = [] }: Checkpoint): MboxEnd | undefined {
  if (typeof length !== "number" || typeof part !== "number" || !Array.isArray(closed)) return undefined;
  const isPart = Number.isInteger(part) && part >= 1 && part <= mostParts && closed.length === part - 1;
  if (!isPart || !closed.every(isFileEnd)) return undefined;
  return { length, tailDigest: typeof tailDigest === "string" ? tailDigest : "", part, closed };
}

export function formatEnd({ length, tailDigest, part, closed }: MboxEnd): Checkpoint {
  return { length, tailDigest, ...(part === 1 ? {} : { part, closed }) };
}

function isFileEnd(value: unknown): value is FileEnd {
  const { length, tailDigest } = (value ?? {}) as { readonly [name: string]: unknown };
  return typeof length === "number" && typeof tailDigest === "string";
}

/** Why the parts before the last are not what they were when they were closed, as a path and a clause; undefined if they are. */
export async function faultOfClosed(
  path: string,
  closed: readonly FileEnd[],
): Promise<{ readonly path: string; readonly how: string } | undefined> {
  for (const [index, end] of closed.entries()) {
    const file = partPath(path, index + 1);
    const how = await faultOf(file, end);
    if (how !== undefined) return { path: file, how };
  }
  return undefined;
}

async function faultOf(path: string, { length, tailDigest }: FileEnd): Promise<string | undefined> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: unknown) => {
      if (codeOf(error) === "ENOENT") return undefined;
      throw diskError(error, path);
    },
  );
  if (handle === undefined) return length === 0 ? undefined : "it is missing";
  await using file = handle;
  const size = await sizeOf(file, path);
  if (size < length) return "it is shorter than it was";
  if (size > length) return "it is longer than it was, and was complete";
  return (await digestTail(file, path, length)) === tailDigest ? undefined : "its end is not what was written";
}

/** The parts behind this one that are there, and in no gap: as a run leaves them that died while it began them. */
export async function partsBehind(path: string, part: number): Promise<number[]> {
  const found: number[] = [];
  for (let next = part + 1; next <= mostParts && (await sizeAt(partPath(path, next))) !== undefined; next++) {
    found.push(next);
  }
  return found;
}

/** Octets of what has this name, a link itself; undefined if nothing has. */
export async function sizeAt(path: string): Promise<number | undefined> {
  try {
    return (await lstat(path)).size;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw diskError(error, path);
  }
}
