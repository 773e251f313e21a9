// The first line of a ledger, and the last, without the rest: what mailbox it is of, and, where nothing has happened at
// the source, all that there is to say.

import { constants, type FileHandle, open } from "node:fs/promises";
import { diskError } from "./disk-error.ts";
import { damagedLedger, parseLine, type ReadLine } from "./ledger-lines.ts";

/** A mailbox's name is a line of a server at most. */
const longestHead = 4 * 1024 * 1024;

/** The mailbox a ledger is of, from its first line alone. */
export async function readLedgerMailbox(path: string): Promise<readonly string[]> {
  let head = Buffer.alloc(0);
  try {
    await using handle = await open(path);
    for (let bytesRead = -1; bytesRead !== 0 && !head.includes(0x0a) && head.length < longestHead; ) {
      const buffer = Buffer.alloc(4096);
      ({ bytesRead } = await handle.read(buffer, 0, buffer.length, head.length));
      head = Buffer.concat([head, buffer.subarray(0, bytesRead)]);
    }
  } catch (error) {
    throw diskError(error, path);
  }
  const line = parseLine(head.subarray(0, Math.max(0, head.indexOf(0x0a))));
  if (line === undefined || !("ledger" in line)) throw damagedLedger(path, 0);
  return line.mailbox;
}

/** More than such a line ever takes. */
const longestLine = 4096;

/**
 * The last line of a ledger, if it is whole and tells in which state the source was read. Undefined for anything else,
 * a file that can't be read included: whoever loads the ledger learns what is wrong with it.
 */
export async function readLedgerTail(path: string): Promise<ReadLine | undefined> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => undefined);
  try {
    const octets = handle === undefined ? undefined : await readLastLine(handle);
    const line = octets === undefined ? undefined : parseLine(octets);
    return line !== undefined && "read" in line ? line : undefined;
  } catch {
    return undefined;
  } finally {
    await handle?.close();
  }
}

/** Without its LF; undefined if it has none, or is longer than `longestLine`. */
async function readLastLine(handle: FileHandle): Promise<Buffer | undefined> {
  const { size } = await handle.stat();
  const start = Math.max(0, size - longestLine);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
  if (bytesRead !== size - start || buffer.at(-1) !== 0x0a) return undefined;
  const before = buffer.lastIndexOf(0x0a, -2);
  return before < 0 ? undefined : buffer.subarray(before + 1, -1);
}
