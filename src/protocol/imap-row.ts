// The rows of FETCH answers: asking for them, and what they say past what imapflow's types tell of it.

import type { FetchMessageObject, FetchQueryObject } from "imapflow";
import { normalizeFlags } from "../flags.ts";
import type { MessageRef } from "../message.ts";
import { heldIn } from "./imap-bounds.ts";
import type { ImapSession } from "./imap-session.ts";

/** What is asked of every message. */
export const facts: FetchQueryObject = { uid: true, flags: true, internalDate: true };

/**
 * The rows of one UID FETCH that carry a UID. Throws what concerns the session classified, and a refusal as imapflow
 * gives it. `changedSince`: only those whose mod-sequence is higher (RFC 7162 section 3.1.4.1). `octets`: of their content, as far as
 * it is known, where that is asked for. Left before its end, it ends the session: imapflow would read the rest of the answer all the same.
 */
export async function* fetchRows(
  session: ImapSession,
  set: string,
  query: FetchQueryObject,
  { changedSince, octets = 0 }: { readonly changedSince?: bigint; readonly octets?: number } = {},
): AsyncGenerator<FetchMessageObject> {
  session.bounds.expect(heldIn(session.client), octets);
  let ended = false;
  try {
    for await (const row of session.client.fetch(set, query, {
      uid: true,
      ...(changedSince === undefined ? {} : { changedSince }),
    })) {
      if (Number.isSafeInteger(row.uid)) yield row;
    }
    ended = true;
  } catch (error) {
    ended = true;
    throw session.classify(error) ?? error;
  } finally {
    if (!ended) session.close();
  }
}

export type Row = Partial<FetchMessageObject> & { readonly uid: number };

export function refOf(row: Row): MessageRef {
  return {
    key: `${row.uid}`,
    size: row.size,
    flags: normalizeFlags(row.flags ?? []),
    internalDate: dateOf(row),
    ...(typeof row.emailId === "string" ? { emailId: row.emailId } : {}),
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
