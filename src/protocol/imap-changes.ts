// What changed in the selected mailbox since it was last read (CONDSTORE, RFC 7162), so that the rest need not be listed.

import type { KnownMailbox, MessageRef } from "../message.ts";
import { refusalOf } from "./imap-errors.ts";
import { facts, fetchRows, refOf } from "./imap-row.ts";
import type { ImapSession } from "./imap-session.ts";
import { modSeqIn, modSeqOf } from "./imap-state.ts";
import { parseUidSet, uidSets } from "./uid-set.ts";

/**
 * Every message once: those that changed or came as the server lists them, the rest as they are known. Undefined if the
 * server can't tell, or tells something else than the number of messages it counts: then all has to be listed.
 */
export async function listChanges(session: ImapSession, known: KnownMailbox): Promise<MessageRef[] | undefined> {
  const { client } = session;
  const opened = client.mailbox;
  if (opened === false) return undefined;
  const [since, modSeq] = [modSeqIn(known.state), modSeqOf(opened)];
  // Mod-sequences never go back, unless the server has lost them: then nothing is known of what changed.
  if (since === undefined || modSeq === undefined || modSeq < since) return undefined;
  const changed = new Map<string, MessageRef>();
  try {
    const uids = await searchAll(session, opened.exists);
    if (uids === undefined) return undefined;
    if (modSeq !== since) {
      // RFC 7162 section 3.1: a FETCH with CHANGEDSINCE enables the extension by itself.
      client.enabled.add("CONDSTORE");
      await gather(session, "1:*", changed, since);
    }
    const refs = uids.map((uid) => changed.get(`${uid}`) ?? known.find(`${uid}`) ?? uid);
    const unknown = refs.filter((ref) => typeof ref === "number");
    for (const { set } of uidSets(unknown)) await gather(session, set, changed);
    const whole = refs.map((ref) => (typeof ref === "number" ? changed.get(`${ref}`) : ref));
    return whole.every((ref) => ref !== undefined) ? whole : undefined;
  } catch (error) {
    if (refusalOf(error) === undefined) throw error;
    return undefined;
  }
}

async function gather(
  session: ImapSession,
  set: string,
  found: Map<string, MessageRef>,
  changedSince?: bigint,
): Promise<void> {
  for await (const row of fetchRows(session, set, { ...facts, size: true }, changedSince)) {
    const ref = refOf(row);
    found.set(ref.key, ref);
  }
}

/** Undefined if the server does not answer with as many as it counts. */
async function searchAll(session: ImapSession, exists: number): Promise<number[] | undefined> {
  if (exists === 0) return [];
  // RFC 4731: 20,000 UIDs in one short line, where the server offers it.
  const answer: unknown = await session.client
    .search({ all: true }, { uid: true, returnOptions: ["ALL"] })
    .catch((error: unknown) => {
      throw session.classify(error) ?? error;
    });
  const { all } = (typeof answer === "object" && answer !== null ? answer : {}) as { readonly all?: unknown };
  const uids = Array.isArray(answer) ? answer : typeof all === "string" ? parseUidSet(all, exists + 1) : undefined;
  return uids?.length === exists && new Set(uids).size === exists ? uids : undefined;
}
