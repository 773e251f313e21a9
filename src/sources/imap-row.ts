// What a row of a FETCH answer says, past what imapflow's types tell of it.

import type { FetchMessageObject } from "imapflow";
import { normalizeFlags } from "../flags.ts";
import type { MessageRef } from "../message.ts";

export type Row = Partial<FetchMessageObject> & { readonly uid: number };

export function refOf(row: Row): MessageRef {
  return {
    key: `${row.uid}`,
    size: row.size,
    flags: normalizeFlags(row.flags ?? []),
    internalDate: dateOf(row),
  };
}

/** What can't be understood as a date is none. */
export function dateOf({ internalDate }: Row): Date | undefined {
  return internalDate instanceof Date && !Number.isNaN(internalDate.getTime()) ? internalDate : undefined;
}

/** What came for BODY[]; imapflow gives false for NIL, whatever its types say. */
export function contentOf(row: FetchMessageObject | undefined): Buffer | undefined {
  return Buffer.isBuffer(row?.source) ? row.source : undefined;
}

/** The octet a part begins at, `BODY[]<origin>`; imapflow keeps it, but off its types. */
export function originOf(row: FetchMessageObject | undefined): unknown {
  const origins: unknown = row === undefined ? undefined : Reflect.get(row, "partialOrigins");
  return origins instanceof Map ? origins.get("") : undefined;
}
