// A ledger file from its first octet to its last, line after line, however long it is.

import type { LinePlace } from "./ledger-entries.ts";
import { damagedLedger, type LedgerLine, parseLine } from "./ledger-lines.ts";

export interface Scanned {
  /** Octets up to the end of the last whole line. */
  readonly end: number;
  /** Octets that were read. */
  readonly size: number;
  /** The last line has its end and is not what was written: by a power loss, or by damage. What it told is not known. */
  readonly hasBrokenEnd: boolean;
}

/**
 * Gives each line to `take`. A torn last line is passed over: each record was synced before the next was begun. Throws V901
 * where a line is broken that others follow, or where there is no header.
 */
export async function scanLines(
  path: string,
  chunks: AsyncIterable<Buffer>,
  take: (line: LedgerLine, place: LinePlace) => void,
): Promise<Scanned> {
  let end = 0;
  let offset = 0;
  let broken: number | undefined;
  const next = (octets: Buffer) => {
    const line = parseLine(octets);
    const isWhole = line !== undefined && "ledger" in line === (offset === 0);
    if (broken === undefined && line === undefined && offset > 0) broken = offset;
    else if (broken === undefined && !isWhole) throw damagedLedger(path, offset);
    else if (broken !== undefined && line !== undefined) throw damagedLedger(path, broken);
    const place = { offset, length: octets.length + 1 };
    offset += place.length;
    if (broken !== undefined || line === undefined) return;
    end = offset;
    take(line, place);
  };
  const rest = await splitLines(chunks, next);
  if (end === 0) throw damagedLedger(path, 0);
  return { end, size: offset + rest.length, hasBrokenEnd: broken !== undefined };
}

/** Gives each line to `next`, without its LF; resolves to what comes after the last LF. */
export async function splitLines(chunks: AsyncIterable<Buffer>, next: (line: Buffer) => void): Promise<Buffer> {
  let begun: Buffer[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let newline = chunk.indexOf(0x0a); newline >= 0; newline = chunk.indexOf(0x0a, start)) {
      const rest = chunk.subarray(start, newline);
      next(begun.length === 0 ? rest : Buffer.concat([...begun, rest]));
      begun = [];
      start = newline + 1;
    }
    if (start < chunk.length) begun.push(chunk.subarray(start));
  }
  return Buffer.concat(begun);
}
