// Which mailbox of the source goes to which of the target because both are Sent, or Trash, whatever they are called.

import type { Mailbox } from "../message.ts";
import { doubtOf, specialUseByName } from "../protocol/special-use.ts";
import { compare, isInbox } from "./target-names.ts";

/** A mailbox, and where its special-use comes from, where the listing tells that too. */
export interface ListedUse extends Mailbox {
  readonly specialUseSource?: "attribute" | "name" | undefined;
}

export interface Home {
  readonly path: readonly string[];
  readonly why: "special-use" | "name";
}

/**
 * For each special-use that source and target have, the one mailbox of the source that goes there, by its JSON path.
 * What a listing tells goes before what its names say. No home is given by name that bears the name of another mailbox
 * of the source. `isAt` tells whether a source mailbox was brought to a path in an earlier pass.
 */
export function findHomes(
  mailboxes: readonly ListedUse[],
  targets: readonly ListedUse[],
  isAt: (mailbox: Mailbox, path: readonly string[]) => boolean,
): Map<string, Home> {
  const bySource = groupByUse(mailboxes);
  const byTarget = groupByUse(targets);
  const homes = new Map<string, Home>();
  const all = new Set(mailboxes.map(({ path }) => JSON.stringify(path)));
  for (const [use, sources] of bySource) {
    const atTarget = byTarget.get(use);
    if (atTarget === undefined) continue;
    const own = new Set(sources.map(({ path }) => JSON.stringify(path)));
    const [home] = best(atTarget, ({ path }) => [own.has(JSON.stringify(path)) ? 0 : 1]);
    const [holder] = best(sources, (source) => [
      home !== undefined && isAt(source, home.path) ? 0 : 1,
      home !== undefined && compare(source.path, home.path) === 0 ? 0 : 1,
    ]);
    if (home === undefined || holder === undefined) continue;
    const isOthers = compare(holder.path, home.path) !== 0 && all.has(JSON.stringify(home.path));
    if (isOthers && !isTold(holder)) continue;
    const byAttribute = isByAttribute(holder) && isByAttribute(home, "attribute");
    homes.set(JSON.stringify(holder.path), {
      path: home.path,
      why: byAttribute ? "special-use" : "name",
    });
  }
  return homes;
}

/** Of each use those that are told to have it, or else those whose name says so. */
function groupByUse(mailboxes: readonly ListedUse[]): Map<string, readonly ListedUse[]> {
  const [told, named] = [new Map<string, ListedUse[]>(), new Map<string, ListedUse[]>()];
  for (const mailbox of mailboxes) {
    if (isInbox(mailbox.path)) continue;
    const use = mailbox.specialUse ?? specialUseByName(mailbox.path);
    if (use === undefined) continue;
    const groups = isTold(mailbox) ? told : named;
    const group = groups.get(use);
    if (group === undefined) groups.set(use, [mailbox]);
    else group.push(mailbox);
  }
  return new Map([...named, ...told]);
}

function isTold({ specialUse, specialUseSource }: ListedUse): boolean {
  return specialUse !== undefined && specialUseSource !== "name";
}

/** Without a word from the listing, a source's name that says the same may have been all there was to go by. */
function isByAttribute(
  { path, specialUse, specialUseSource }: ListedUse,
  otherwise: "attribute" | "name" = specialUseByName(path) === specialUse ? "name" : "attribute",
): boolean {
  return specialUse !== undefined && (specialUseSource ?? otherwise) === "attribute";
}

/** In order, the best first: by these ranks, then by how clear the name is, its depth, and the name itself. */
function best(
  mailboxes: readonly ListedUse[],
  ranksOf: (mailbox: ListedUse) => readonly number[],
): readonly ListedUse[] {
  const ranked = mailboxes.map((mailbox) => ({
    mailbox,
    ranks: [...ranksOf(mailbox), doubtOf(mailbox.path), mailbox.path.length],
  }));
  ranked.sort((a, b) => {
    const difference = a.ranks.map((rank, at) => rank - (b.ranks[at] ?? 0)).find((each) => each !== 0);
    return difference ?? compare(a.mailbox.path, b.mailbox.path);
  });
  return ranked.map(({ mailbox }) => mailbox);
}
