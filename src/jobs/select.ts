// Which mailboxes and which messages a job carries.

import { MailferryError } from "../errors.ts";
import type { Mailbox, MessageRef } from "../message.ts";
import type { Source } from "../sources/source.ts";
import type { MailboxSelection, MessageFilter } from "./job.ts";
import { quote } from "./mistakes.ts";
import { applyTarget, matchesPattern } from "./patterns.ts";

export interface SelectedMailbox {
  readonly mailbox: Mailbox;
  /** Its path in the archive. */
  readonly target: readonly string[];
}

/** The mailboxes that `include` names and `exclude` does not, in the order given. */
export function chooseMailboxes(
  mailboxes: readonly Mailbox[],
  { include, exclude }: Pick<MailboxSelection, "include" | "exclude">,
): Mailbox[] {
  const isIn = (patterns: readonly string[], mailbox: Mailbox) =>
    patterns.some((pattern) => matchesPattern(pattern, mailbox));
  return mailboxes.filter((mailbox) => isIn(include, mailbox) && !isIn(exclude, mailbox));
}

/**
 * The mailboxes that `include` names and `exclude` does not, in the order given, each with the path it goes to.
 * Throws a MailferryError (C701, scope "session") if two of them would go to the same path.
 */
export function selectMailboxes(mailboxes: readonly Mailbox[], selection: MailboxSelection): SelectedMailbox[] {
  const takenBy = new Map<string, Mailbox>();
  const selected: SelectedMailbox[] = [];
  for (const mailbox of chooseMailboxes(mailboxes, selection)) {
    const target = targetOf(mailbox, selection);
    const other = takenBy.get(JSON.stringify(target));
    if (other !== undefined) throw sameTarget(other, mailbox, target);
    takenBy.set(JSON.stringify(target), mailbox);
    selected.push({ mailbox, target });
  }
  return selected;
}

function targetOf(mailbox: Mailbox, { map }: MailboxSelection): readonly string[] {
  return mappedPath(mailbox, map) ?? mailbox.path;
}

/** Where the map sends a mailbox: the first pattern that matches decides. Undefined if none does. */
export function mappedPath(mailbox: Mailbox, map: MailboxSelection["map"]): readonly string[] | undefined {
  const entry = map.find(([pattern]) => matchesPattern(pattern, mailbox));
  if (entry === undefined) return undefined;
  const target = applyTarget(entry[0], entry[1], mailbox);
  // Only where the target is `**` and that took nothing: there is no path to go to but its own.
  return target.length === 0 ? mailbox.path : target;
}

/** The error for a map that would put two mailboxes into one. */
export function sameTarget(first: Mailbox, second: Mailbox, target: readonly string[]): MailferryError {
  return new MailferryError(
    "C701",
    `the mailboxes ${name(first.path)} and ${name(second.path)} would both go to ${name(target)}`,
    { scope: "session", retry: "never", remedy: "Give one of them another name in mailboxes.map, or exclude it." },
  );
}

/** The error for a map that would put a mailbox where an earlier pass has put another one. */
export function targetInUse(mailbox: Mailbox, earlier: readonly string[], target: readonly string[]): MailferryError {
  return new MailferryError(
    "C701",
    `the mailbox ${name(mailbox.path)} can't go to ${name(target)}, where ${name(earlier)} went before`,
    { scope: "session", retry: "never", remedy: "Give it another name in mailboxes.map." },
  );
}

function name(path: readonly string[]): string {
  return quote(path.join("/"));
}

/** Whether a message is carried. What the listing does not tell can't keep a message out. */
export function passesFilter(ref: MessageRef, filter: MessageFilter): boolean {
  const { since, before, maxSize, unseen } = filter;
  if (ref.internalDate !== undefined) {
    if (since !== undefined && ref.internalDate < since) return false;
    if (before !== undefined && ref.internalDate >= before) return false;
  }
  if (maxSize !== undefined && ref.size !== undefined && ref.size > maxSize) return false;
  if (unseen !== undefined && ref.flags !== undefined) {
    const seen = ref.flags.some((flag) => flag.toLowerCase() === "\\seen");
    if (seen === unseen) return false;
  }
  return true;
}

/** INBOX first, then by name. */
export function comparePaths(a: readonly string[], b: readonly string[]): number {
  const inbox = Number(b.join("/") === "INBOX") - Number(a.join("/") === "INBOX");
  return inbox || a.join("/").localeCompare(b.join("/"), "en");
}

/** Every mailbox of a source. */
export async function allMailboxes(source: Pick<Source, "mailboxes">): Promise<Mailbox[]> {
  const mailboxes: Mailbox[] = [];
  for await (const mailbox of source.mailboxes()) mailboxes.push(mailbox);
  return mailboxes;
}
