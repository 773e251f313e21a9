// The lines of a ledger file: JSON, each with the CRC-32 of itself, by which a torn or half-written line is known.

import { crc32 } from "node:zlib";
import { MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import type { Checkpoint, Commit, Failure, Stored } from "../message.ts";

export type LedgerLine =
  | { readonly ledger: 1; readonly mailbox: readonly string[] }
  | { readonly validity: string }
  | { readonly forgotten: number }
  | ReadLine
  | { readonly checkpoint: Checkpoint; readonly stored: readonly StoredLine[]; readonly failed: readonly Failure[] };

export interface ReadLine {
  readonly read: string;
  readonly settled?: Settled | undefined;
}

/** All that was asked for is stored, of the source in the state of this line, and there is nothing to say of any message. */
export interface Settled {
  /** Under which the state holds. */
  readonly validity: string;
  /** What was asked for: of anything else this says nothing. */
  readonly asked: string;
  /** Messages that were asked for, others at the source, and those that are only stored; copies of others among the first. */
  readonly onServer: number;
  readonly filtered: number;
  readonly kept: number;
  readonly twins: number;
}

export type StoredLine = Omit<Stored, "internalDate" | "listedDate"> & {
  readonly date?: string | undefined;
  readonly listedDate?: string | undefined;
};

/** A date that can't be understood is none. */
export function commitLine({ checkpoint, stored, failed }: Commit): LedgerLine {
  return {
    checkpoint,
    stored: stored.map(({ internalDate, listedDate, ...rest }) => ({
      ...rest,
      date: dateText(internalDate),
      listedDate: dateText(listedDate),
    })),
    failed,
  };
}

/** What `commitLine` made a line of. */
export function storedOf({ date, listedDate, ...rest }: StoredLine): Stored {
  return {
    ...rest,
    ...(date === undefined ? {} : { internalDate: new Date(date) }),
    ...(listedDate === undefined ? {} : { listedDate: new Date(listedDate) }),
  };
}

function dateText(date: Date | undefined): string | undefined {
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

const crcMember = /,"crc":"([0-9a-f]{8})"\}$/;

/** With its LF. */
export function formatLine(line: LedgerLine): string {
  const open = JSON.stringify(line).slice(0, -1);
  return `${open},"crc":"${crc32(open).toString(16).padStart(8, "0")}"}\n`;
}

/** Undefined if this is not a line as it was written. */
export function parseLine(text: string): LedgerLine | undefined {
  const member = crcMember.exec(text);
  if (member === null) return undefined;
  const open = text.slice(0, member.index);
  if (crc32(open) !== Number.parseInt(member[1] ?? "", 16)) return undefined;
  return JSON.parse(`${open}}`) as LedgerLine;
}

/**
 * The lines of a ledger file, with the offset each ends at. A torn last line is passed over: each record was synced
 * before the next was begun. Throws V901 where a line is broken that others follow, or where there is no header.
 */
export function* parseLines(
  path: string,
  octets: Buffer,
): Iterable<{ readonly line: LedgerLine; readonly end: number }> {
  for (let start = 0; start < octets.length || start === 0; ) {
    const newline = octets.indexOf(0x0a, start);
    const line = newline < 0 ? undefined : parseLine(octets.toString("utf8", start, newline));
    const isHeader = line !== undefined && "ledger" in line;
    if (line === undefined || isHeader !== (start === 0)) {
      if (start > 0 && line === undefined && isTail(octets, newline)) return;
      throw damagedLedger(path, start);
    }
    start = newline + 1;
    yield { line, end: start };
  }
}

/** The mailbox that the first line names. Throws V901 if that is none. */
export function mailboxOf(path: string, octets: Buffer): readonly string[] {
  const line = parseLine(octets.toString("utf8", 0, octets.indexOf(0x0a)));
  if (line === undefined || !("ledger" in line)) throw damagedLedger(path, 0);
  return line.mailbox;
}

/** True if no whole line follows the broken one that ends at `newline`. */
function isTail(octets: Buffer, newline: number): boolean {
  for (let start = newline + 1; newline >= 0 && start < octets.length; ) {
    const next = octets.indexOf(0x0a, start);
    if (next < 0) return true;
    if (parseLine(octets.toString("utf8", start, next)) !== undefined) return false;
    start = next + 1;
  }
  return true;
}

export function damagedLedger(path: string, offset: number): MailferryError {
  return new MailferryError(
    "V901",
    `${printable(path)} is damaged at octet ${offset}; the mail itself was not touched`,
    {
      scope: "mailbox",
      retry: "never",
      remedy: "Put the file back from a copy; the mail beside it can be read without it.",
    },
  );
}
