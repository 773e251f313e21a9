// What changed in the selected mailbox since it was last read (CONDSTORE, RFC 7162), so that the rest need not be listed.

import type { KnownMailbox, MessageRef } from "../message.ts";
import { refusalOf } from "./imap-errors.ts";
import { facts, fetchRows, refOf } from "./imap-row.ts";
import type { ImapSession } from "./imap-session.ts";
import { modSeqIn, modSeqOf } from "./imap-state.ts";
import { searchUids } from "./imap-uids.ts";
import { uidSets } from "./uid-set.ts";

/** Of more than that nothing is remembered: all is listed, one after the other. */
const mostChanges = 50_000;

/**
 * Every message once: those that changed or came as the server lists them, the rest as they are known. Undefined if the
 * server can't tell, or tells something else than the number of messages it counts: then all has to be listed.
 */
export async function listChanges(
  session: ImapSession,
  known: KnownMailbox,
): Promise<Iterable<MessageRef> | undefined> {
  const { client } = session;
  const opened = client.mailbox;
  if (opened === false) return undefined;
  const [since, modSeq] = [modSeqIn(known.state), modSeqOf(opened)];
  // Mod-sequences never go back, unless the server has lost them: then nothing is known of what changed.
  if (since === undefined || modSeq === undefined || modSeq < since) return undefined;
  const changed = new Map<string, MessageRef>();
  try {
    const uids = opened.exists === 0 ? new Uint32Array() : await searchUids(session, opened);
    if (uids?.length !== opened.exists) return undefined;
    if (modSeq !== since) {
      // RFC 7162 section 3.1: a FETCH with CHANGEDSINCE enables the extension by itself.
      client.enabled.add("CONDSTORE");
      if (!(await gather(session, "1:*", changed, since))) return undefined;
    }
    const unknown: number[] = [];
    for (const uid of uids) if (!changed.has(`${uid}`) && known.find(`${uid}`) === undefined) unknown.push(uid);
    if (changed.size + unknown.length > mostChanges) return undefined;
    for (const { set } of uidSets(unknown)) if (!(await gather(session, set, changed))) return undefined;
    if (!unknown.every((uid) => changed.has(`${uid}`))) return undefined;
    return listed(uids, changed, known);
  } catch (error) {
    if (refusalOf(error) === undefined) throw error;
    return undefined;
  }
}

function* listed(
  uids: Iterable<number>,
  changed: ReadonlyMap<string, MessageRef>,
  known: KnownMailbox,
): Iterable<MessageRef> {
  for (const uid of uids) {
    const ref = changed.get(`${uid}`) ?? known.find(`${uid}`);
    if (ref !== undefined) yield ref;
  }
}

/** False if there were too many. */
async function gather(
  session: ImapSession,
  set: string,
  found: Map<string, MessageRef>,
  changedSince?: bigint,
): Promise<boolean> {
  let isWhole = true;
  const only = changedSince === undefined ? {} : { changedSince };
  for await (const row of fetchRows(session, set, { ...facts, size: true }, only)) {
    const ref = refOf(row);
    if (found.size < mostChanges || found.has(ref.key)) found.set(ref.key, ref);
    else isWhole = false;
  }
  return isWhole;
}
