// What zip and tar.gz have in common for who reads them: entries in an order, found by their keys.

import type { EntryKind } from "./entry-names.ts";

export interface Found {
  readonly name: string;
  readonly key: string;
  readonly kind: EntryKind;
  readonly size: number;
  /** Exactly `size` of them, or it throws a MailferryError. Once, and before the cursor moves on. */
  octets(): AsyncIterable<Buffer>;
}

/** Reads one entry at a time. */
export interface Cursor extends AsyncDisposable {
  next(): Promise<Found | undefined>;
  /** Wherever it is. What lies ahead of the last one that was found costs least. */
  find(key: string): Promise<Found | undefined>;
}

export interface Container extends AsyncDisposable {
  /** Of the file. */
  readonly octets: number;
  /** Several at once do not disturb each other. Disposing gives it back: who comes next goes on from there. */
  cursor(): Cursor;
}
