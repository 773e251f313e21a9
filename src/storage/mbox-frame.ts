// What stands around a message in an mbox: the From_ line before it, which follows from its date, and an empty line behind
// it. Where only that is not as it was written, the message is whole, and the frame can be made again.

import { closeSync, constants, openSync, readSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { digestOf } from "../formats/digest.ts";
import { partOf, partPath } from "../formats/mbox-parts.ts";
import { formatFromLine, parseEntry } from "../formats/mboxrd.ts";
import type { Stored } from "../message.ts";
import { readRange } from "./read-range.ts";

const LF = Buffer.from("\n");
const readOnly = constants.O_RDONLY | constants.O_NONBLOCK;

/** Undefined for a place that can't be in an mbox. A repair has taken mail in as it was: there the line is somebody else's. */
function frameOf({ place, internalDate, recovered }: Stored) {
  const { offset, length, addedNewline } = place;
  const line = Buffer.from(formatFromLine(internalDate));
  const end = addedNewline === true ? Buffer.concat([LF, LF]) : LF;
  if (typeof offset !== "number" || typeof length !== "number" || recovered !== undefined) return undefined;
  return length < line.length + end.length ? undefined : { offset, length, line, end };
}

/** Looks at the From_ lines of messages whose octets are known to be intact; blocks, and never throws. */
export class Frames {
  /** Of the part that was looked at last. */
  #file: { readonly part: number; readonly descriptor: number } | undefined;
  readonly #path: string;
  readonly #line = Buffer.alloc(128);

  constructor(path: string) {
    this.#path = path;
  }

  isRight(stored: Stored): boolean {
    const frame = frameOf(stored);
    if (frame === undefined) return true;
    try {
      const file = this.#open(partOf(stored.place) ?? 1);
      const octets = readSync(file, this.#line, 0, frame.line.length, frame.offset);
      return this.#line.subarray(0, octets).equals(frame.line);
    } catch {
      return true;
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file.descriptor);
    this.#file = undefined;
  }

  #open(part: number): number {
    if (this.#file?.part !== part) {
      this.close();
      const path = partPath(this.#path, part);
      this.#file = { part, descriptor: openSync(path, readOnly) };
    }
    return this.#file.descriptor;
  }
}

/** The entry of this message as it was written, from the file of its part, if what is left of it is as it was. */
export function* reframed(handle: FileHandle, path: string, stored: Stored): Generator<AsyncIterable<Buffer>> {
  const frame = frameOf(stored);
  if (frame === undefined) return;
  const { offset, length, line, end } = frame;
  yield once(line);
  yield readRange(handle, path, offset + line.length, length - line.length - end.length);
  yield once(end);
}

/** True if the message is whole, once it has its frame again. `handle` is that of the file of its part. */
export async function isWholeReframed(handle: FileHandle, path: string, stored: Stored): Promise<boolean> {
  if (frameOf(stored) === undefined) return false;
  const { verbatim, addedNewline } = stored.place;
  const entry = parseEntry(concat(reframed(handle, path, stored)), {
    verbatim: verbatim === true,
    addedNewline: addedNewline === true,
  });
  const found = await digestOf(entry).catch(() => undefined);
  return found?.size === stored.size && found.sha256 === stored.sha256;
}

export async function* concat(parts: Iterable<AsyncIterable<Buffer>>): AsyncGenerator<Buffer, void, undefined> {
  for (const part of parts) yield* part;
}

async function* once(octets: Buffer): AsyncGenerator<Buffer, void, undefined> {
  yield octets;
}
