// All there is to reading an account over IMAP: one connection, one FETCH for each mailbox, nothing kept.

import type { Login } from "../login.ts";
import { listMailboxes, openImap } from "./imap-wire.ts";

export interface Drained {
  readonly messages: number;
  readonly octets: number;
}

export async function drainImap(login: Login): Promise<Drained> {
  const imap = await openImap(login);
  for (const name of await listMailboxes(imap)) {
    const lines = await imap.command(`EXAMINE ${name}`);
    // A mailbox without messages refuses 1:* in some servers.
    if (lines.includes("* 0 EXISTS")) continue;
    await imap.command("UID FETCH 1:* (UID FLAGS INTERNALDATE BODY.PEEK[])");
  }
  imap.close();
  return { messages: imap.literals.count, octets: imap.literals.octets };
}

export async function countImap(login: Login): Promise<number> {
  const imap = await openImap(login);
  let messages = 0;
  for (const name of await listMailboxes(imap)) {
    const lines = await imap.command(`STATUS ${name} (MESSAGES)`);
    messages += Number(/\(MESSAGES (\d+)\)/.exec(lines.join("\n"))?.[1] ?? 0);
  }
  imap.close();
  return messages;
}
