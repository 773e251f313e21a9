// Which flags a mailbox keeps (RFC 9051 section 7.1, PERMANENTFLAGS), and changing them.

import type { MailboxObject } from "imapflow";
import { normalizeFlags } from "../flags.ts";
import { facts, fetchRows } from "./imap-row.ts";
import type { ImapSession } from "./imap-session.ts";
import { uidSets } from "./uid-set.ts";

/** RFC 9051 section 9: an atom, or a backslash and an atom. */
const flag = /^\\?[^\x00-\x20\x7f-\uffff(){%*"\\\]]+$/;

/** A test for the flags that can be stored in the mailbox that is selected for writing. */
export function keepsFlag({ permanentFlags }: MailboxObject): (name: string) => boolean {
  // Without the response code all can be changed permanently.
  if (permanentFlags === undefined) return isFlag;
  const known = new Set([...permanentFlags].map((name) => name.toLowerCase()));
  return (name) => isFlag(name) && (known.has(name.toLowerCase()) || (!name.startsWith("\\") && known.has("\\*")));
}

function isFlag(name: string): boolean {
  return flag.test(name) && name.toLowerCase() !== "\\recent";
}

/** The flags that messages have now, by UID, normalized. Those that are gone are left out. */
export async function readFlags(session: ImapSession, uids: Iterable<number>): Promise<Map<number, string[]>> {
  const found = new Map<number, string[]>();
  for (const { set } of uidSets(uids)) {
    for await (const row of fetchRows(session, set, facts)) found.set(row.uid, normalizeFlags(row.flags ?? []));
  }
  return found;
}

/** Flags to add to and to remove from the message with this UID. */
export interface FlagOrder {
  readonly uid: number;
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** As few STOREs as the orders allow. What the server refuses stays as it was; a lost connection rejects. */
export async function storeFlags(session: ImapSession, orders: Iterable<FlagOrder>): Promise<void> {
  const alike = new Map<
    string,
    { readonly flags: readonly string[]; readonly add: boolean; readonly uids: number[] }
  >();
  for (const { uid, add, remove } of orders) {
    for (const [flags, isAdded] of [[add, true] as const, [remove, false] as const]) {
      if (flags.length === 0) continue;
      const name = JSON.stringify([isAdded, ...flags]);
      const group = alike.get(name) ?? { flags, add: isAdded, uids: [] };
      alike.set(name, group);
      group.uids.push(uid);
    }
  }
  for (const { flags, add, uids } of alike.values()) {
    for (const { set } of uidSets(uids)) {
      const options = { uid: true, silent: true } as const;
      if (add) await session.client.messageFlagsAdd(set, [...flags], options);
      else await session.client.messageFlagsRemove(set, [...flags], options);
      if (!session.usable) {
        const lost = new Error("the connection was lost");
        throw session.classify(lost) ?? lost;
      }
    }
  }
}
