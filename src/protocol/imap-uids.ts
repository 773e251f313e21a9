// The UIDs of the selected mailbox, asked for without anything else.

import type { MailboxObject } from "imapflow";
import type { ImapSession } from "./imap-session.ts";
import { parseUidSet } from "./uid-set.ts";

/** So many UIDs and no more fit into an answer, whichever of them there are: its line may have a million octets. */
const askedAtOnce = 50_000;
/** A question has to spare so many rows of a listing. */
const rowsAQuestion = 500;

/** In ascending order, each once. Undefined if the server does not tell, or only by more questions than are worth it. */
export async function searchUids(
  session: ImapSession,
  { exists, uidNext }: Pick<MailboxObject, "exists" | "uidNext">,
): Promise<Uint32Array | undefined> {
  const found: number[] = [];
  if (exists <= askedAtOnce) {
    if (!(await search(session, { all: true }, found))) return undefined;
  } else {
    if (!(uidNext / askedAtOnce <= exists / rowsAQuestion)) return undefined;
    for (let low = 1; low < uidNext; low += askedAtOnce) {
      const isLast = low + askedAtOnce >= uidNext;
      const uid = `${low}:${isLast ? "*" : low + askedAtOnce - 1}`;
      if (!(await search(session, { uid }, found))) return undefined;
    }
  }
  const uids = Uint32Array.from(found).sort();
  return uids.filter((uid, at) => uid !== uids[at - 1]);
}

async function search(
  session: ImapSession,
  query: { readonly all: true } | { readonly uid: string },
  found: number[],
): Promise<boolean> {
  // RFC 4731: 20,000 UIDs in one short line, where the server offers it.
  const answer: unknown = await session.client
    .search(query, { uid: true, returnOptions: ["ALL"] })
    .catch((error: unknown) => {
      throw session.classify(error) ?? error;
    });
  const { all } = (typeof answer === "object" && answer !== null ? answer : {}) as { readonly all?: unknown };
  const none = typeof answer === "object" && answer !== null && all === undefined ? "" : all;
  const uids = Array.isArray(answer) ? answer : typeof none === "string" ? parseUidSet(none, most) : undefined;
  for (const uid of uids ?? []) found.push(uid);
  return uids !== undefined;
}

/** Mail may have come since the mailbox was opened. */
const most = 2 * askedAtOnce;
