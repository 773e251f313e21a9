// What a source and a target are called: for people, in the marker of an archive, and in the book of a move.

import { type Account, describeAccount } from "../account.ts";
import type { Owner } from "../storage/archive.ts";
import type { MoveIdentity } from "../storage/move-book.ts";
import type { Destination, Job, Origin } from "./job.ts";

export function isAccount(from: Origin): from is Account {
  return "protocol" in from;
}

/** `ada@imap.example.org`, or a path. */
export function describeOrigin(from: Origin): string {
  return isAccount(from) ? describeAccount(from) : ownerOf(from).user;
}

/** `ada@imap.example.org`, or a path. */
export function describeDestination(to: Destination): string {
  if ("account" in to) return describeAccount(to.account);
  if ("archive" in to) return to.archive;
  return "maildir" in to ? to.maildir : to.mbox;
}

/** Whose mail an archive of this source holds. */
export function ownerOf(from: Origin): Owner {
  if (isAccount(from)) return { protocol: from.protocol, host: from.host, user: from.user };
  if ("archive" in from) return { protocol: "archive", host: "", user: from.archive };
  if ("mbox" in from) return { protocol: "mbox", host: "", user: from.mbox };
  return { protocol: "maildir", host: "", user: from.maildir };
}

/** The same for as long as the job brings the same mail to the same place. */
export function moveIdentity({ name, from, to }: Pick<Job, "name" | "from" | "to">): MoveIdentity {
  const under = "account" in to ? to.under.map((segment) => `/${encodeURIComponent(segment)}`).join("") : "";
  const target = "account" in to ? addressOf(to.account) : describeDestination(to);
  return { job: name, from: isAccount(from) ? addressOf(from) : ownerOf(from).user, to: `${target}${under}` };
}

/** Equal for what is one account, whoever names it. */
export function accountKey({ protocol, host, port, user }: Account): string {
  return JSON.stringify([protocol, host.toLowerCase(), port, user]);
}

/** RFC 5092 in spirit: which account on which server. */
function addressOf({ protocol, user, host, port }: Account): string {
  return `${protocol}://${encodeURIComponent(user)}@${host.toLowerCase()}:${port}`;
}
