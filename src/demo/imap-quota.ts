// How much an account may hold. RFC 9208; the one quota root is the account itself.

import { mailboxOf } from "./imap-mailboxes.ts";
import { quote } from "./imap-names.ts";
import { type Command, Refusal, textOf } from "./imap-parser.ts";
import type { Handler, ImapSession } from "./imap-session.ts";

export const quotaCommands: [string, Handler][] = [
  ["GETQUOTA", getQuota],
  ["GETQUOTAROOT", getQuotaRoot],
];

const root = "User quota";

async function getQuota(session: ImapSession, { args }: Command): Promise<string> {
  if (textOf(args[0]) !== root || session.service.quota === undefined) {
    throw new Refusal("NO", "[NONEXISTENT] No such quota root");
  }
  await tellQuota(session);
  return "GETQUOTA done";
}

async function getQuotaRoot(session: ImapSession, { args }: Command): Promise<string> {
  mailboxOf(session, args[0]);
  const roots = session.service.quota === undefined ? "" : ` ${quote(root)}`;
  await session.untagged(`QUOTAROOT ${quote(textOf(args[0]))}${roots}`);
  await tellQuota(session);
  return "GETQUOTAROOT done";
}

async function tellQuota(session: ImapSession): Promise<void> {
  const { quota } = session.service;
  if (quota === undefined) return;
  const used = Math.ceil(octetsStored(session) / 1024);
  await session.untagged(`QUOTA ${quote(root)} (STORAGE ${used} ${quota.storageKiB})`);
}

/** @throws Refusal if so many octets more are beyond the quota. */
export function requireRoom(session: ImapSession, octets: number): void {
  const { quota } = session.service;
  if (quota !== undefined && octetsStored(session) + octets > quota.storageKiB * 1024) {
    throw new Refusal("NO", "[OVERQUOTA] The account is full");
  }
}

function octetsStored({ service }: ImapSession): number {
  const messages = service.store.mailboxes.flatMap((mailbox) => mailbox.messages);
  return messages.reduce((sum, message) => sum + message.bytes.length, 0);
}
