// The lines of a ledger file: JSON, each with the CRC-32 of itself, by which a torn or half-written line is known.

import { crc32 } from "node:zlib";
import { MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import type { Checkpoint, Commit, Failure, Stored } from "../message.ts";
import { isLedgerLine } from "./ledger-shape.ts";

export type LedgerLine =
  | { readonly ledger: 1; readonly mailbox: readonly string[] }
  | { readonly validity: string }
  | { readonly forgotten: number }
  | { readonly lost: readonly StoredLine[] }
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
  return { checkpoint, stored: stored.map(storedLine), failed };
}

export function lostLine(lost: readonly Stored[]): LedgerLine {
  return { lost: lost.map(storedLine) };
}

function storedLine({ internalDate, listedDate, ...rest }: Stored): StoredLine {
  return { ...rest, date: dateText(internalDate), listedDate: dateText(listedDate) };
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

const crcMember = /^,"crc":"([0-9a-f]{8})"\}$/;
const crcOctets = ',"crc":"01234567"}'.length;

/** With its LF. */
export function formatLine(line: LedgerLine): string {
  const open = JSON.stringify(line).slice(0, -1);
  return `${open},"crc":"${crc32(open).toString(16).padStart(8, "0")}"}\n`;
}

export function* formatLines(lines: Iterable<LedgerLine>): Iterable<Buffer> {
  for (const line of lines) yield Buffer.from(formatLine(line));
}

const entriesPerLine = 1000;

/** As many at once as go into one line. */
export function* linefuls(entries: Iterable<Stored>): Iterable<Stored[]> {
  let some: Stored[] = [];
  for (const entry of entries) {
    some.push(entry);
    if (some.length < entriesPerLine) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

/** Undefined if this is not a line as it was written, without its LF. */
export function parseLine(octets: Buffer): LedgerLine | undefined {
  const end = octets.length - crcOctets;
  if (end <= 0) return undefined;
  const member = crcMember.exec(octets.toString("latin1", end));
  if (member === null || crc32(octets.subarray(0, end)) !== Number.parseInt(member[1] ?? "", 16)) return undefined;
  try {
    const line: unknown = JSON.parse(`${octets.toString("utf8", 0, end)}}`);
    return isLedgerLine(line) ? line : undefined;
  } catch {
    return undefined;
  }
}

export function damagedLedger(path: string, offset: number): MailferryError {
  return new MailferryError(
    "V901",
    `${printable(path)} is damaged at octet ${offset}; the mail itself was not touched`,
    {
      scope: "mailbox",
      retry: "never",
      remedy:
        "mailferry verify ARCHIVE --repair rebuilds the ledger of an archive from its mail. That of a move can be removed: what is at the target is recognised by content.",
    },
  );
}
