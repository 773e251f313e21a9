// Whether what stands in a line of a ledger is what one can hold. Its checksum tells damage, not malice: a pack may come
// from anybody.

import type { LedgerLine } from "./ledger-lines.ts";

/** A line of which nothing is known is one, too: a later version may write it, and it is passed over. */
export function isLedgerLine(value: unknown): value is LedgerLine {
  if (!isRecord(value)) return false;
  const { ledger, mailbox, validity, forgotten, read, settled, checkpoint, stored, failed } = value;
  if (ledger !== undefined || mailbox !== undefined) return ledger === 1 && isList(mailbox, isText);
  if (validity !== undefined && !isText(validity)) return false;
  if (forgotten !== undefined && !isNumber(forgotten)) return false;
  if (read !== undefined && !isText(read)) return false;
  if (settled !== undefined && !isSettled(settled)) return false;
  if (checkpoint === undefined && stored === undefined && failed === undefined) return true;
  return isRecord(checkpoint) && isList(stored, isStored) && isList(failed, isFailure);
}

function isStored(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { key, size, sha256, place, flags, date, listedDate, listedSize, altered, unkept, emailId } = value;
  if (!isText(key) || !isNumber(size) || !isText(sha256) || !isRecord(place) || !isList(flags, isText)) return false;
  return (
    (date === undefined || isText(date)) &&
    (listedDate === undefined || isText(listedDate)) &&
    (listedSize === undefined || isNumber(listedSize)) &&
    (altered === undefined || (isRecord(altered) && isNumber(altered.size) && isText(altered.sha256))) &&
    (unkept === undefined || isList(unkept, isText)) &&
    (emailId === undefined || isText(emailId))
  );
}

function isFailure(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { key, code, reason, final } = value;
  return isText(key) && isText(code) && isText(reason) && typeof final === "boolean";
}

function isSettled(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { validity, asked, onServer, filtered, kept, twins } = value;
  return isText(validity) && isText(asked) && [onServer, filtered, kept, twins].every(isNumber);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}
