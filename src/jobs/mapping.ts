// Where each mailbox goes when mail moves into an account. Every mailbox gets one target and no two the same, whatever
// the order of the listings; what an earlier pass has decided stays.
//
// Each mailbox has wishes. They are granted in the order of their ranks, and in a rank by name:
//
//   explicit, recorded   what the map says; as in an earlier pass, where the target had to be renamed then
//   before               where it went in an earlier pass
//   home                 the target's mailbox of the same special-use
//   own                  its own path, just as it is
//   adapted              its own path, in another spelling, or with what can't be used there replaced
//
// Whoever is left with no wish gets the last one with a number.

import type { Mailbox } from "../message.ts";
import type { MappedMailbox } from "./events.ts";
import { mappedPath, sameTarget, targetInUse } from "./select.ts";
import { findHomes, type Home, type ListedUse } from "./special-use-homes.ts";
import { compare, isInbox, namesAt, type TargetNames, type TargetNaming } from "./target-names.ts";

export interface MappingOptions extends Omit<TargetNaming, "earlier"> {
  /** Those that are to be carried. */
  readonly mailboxes: readonly ListedUse[];
  readonly targets: readonly ListedUse[];
  /** In the order of the job file; the first pattern that matches decides. */
  readonly map: readonly (readonly [pattern: string, target: string])[];
  /** Whether Sent goes to Sent whatever either is called. */
  readonly specialUse: boolean;
  /** What everything goes below; empty for nothing. Then special-uses count for nothing. */
  readonly under: readonly string[];
  /**
   * By JSON of a source path, where it went in earlier passes with the same `under`. The target of a mailbox that is
   * not carried now is not given to another: its ledger is about the other's messages.
   */
  readonly before: ReadonlyMap<string, readonly string[]>;
}

export interface MappedRoute {
  readonly mailbox: Mailbox;
  readonly target: readonly string[];
  readonly why: MappedMailbox["why"];
  /** Whether the target account has it already. */
  readonly exists: boolean;
}

export interface Mapping {
  /** In the order of the mailboxes. */
  readonly routes: readonly MappedRoute[];
}

/**
 * Decides where each mailbox goes; nothing is made. The same for any order of the listings. Throws a MailferryError
 * (C701, scope "session") if the map sends two mailboxes to one target, or one to where another went before.
 */
export function planMapping(options: MappingOptions): Mapping {
  const { mailboxes, map, under } = options;
  const names = namesAt({ ...options, earlier: [...options.before.values()] });
  checkMap(mailboxes, map);
  const reserved = new Map([...options.before].map(([from, path]) => [names.key(path), from]));
  const homes = options.specialUse && under.length === 0 ? findHomesOf(options, names) : new Map<string, Home>();

  const sorted = [...mailboxes].sort((a, b) => compare(a.path, b.path));
  const candidates = sorted.map((mailbox) => ({ mailbox, wishes: wishesOf(mailbox, options, names, homes) }));
  const granted = new Map<Mailbox, Wish>();
  const taken = new Set<string>();
  const grant = (mailbox: Mailbox, wish: Wish): boolean => {
    const key = names.key(wish.path);
    const earlier = reserved.get(key);
    const isAnothers = earlier !== undefined && earlier !== JSON.stringify(mailbox.path);
    if (isAnothers && wish.rank === ranks.explicit) throw targetInUse(mailbox, parsePath(earlier), wish.path);
    if (isAnothers || taken.has(key)) return false;
    taken.add(key);
    granted.set(mailbox, wish);
    return true;
  };

  for (const rank of Object.values(ranks)) {
    for (const { mailbox, wishes } of candidates) {
      const wish = granted.has(mailbox) ? undefined : wishes.find((each) => each.rank === rank);
      if (wish !== undefined) grant(mailbox, wish);
    }
  }
  const numbers = new Map<string, number>();
  for (const { mailbox, wishes } of candidates) {
    const last = wishes.at(-1);
    if (granted.has(mailbox) || last === undefined) continue;
    const key = names.key(last.path);
    for (let number = numbers.get(key) ?? 2; ; number += 1) {
      const { path } = names.settle(names.number(last.path, number));
      numbers.set(key, number + 1);
      if (grant(mailbox, { path, rank: ranks.adapted, why: "renamed" })) break;
    }
  }
  return {
    routes: mailboxes.flatMap((mailbox) => {
      const wish = granted.get(mailbox);
      return wish === undefined ? [] : [routeOf(mailbox, wish, names)];
    }),
  };
}

/** In this order wishes are granted. */
const ranks = { explicit: 0, recorded: 1, before: 2, home: 3, own: 4, adapted: 5 } as const;

interface Wish {
  readonly path: readonly string[];
  readonly rank: (typeof ranks)[keyof typeof ranks];
  readonly why: MappedMailbox["why"];
}

/** At most one of each rank; the last one is the one to put a number to. */
function wishesOf(
  mailbox: ListedUse,
  { map, under, before }: MappingOptions,
  names: TargetNames,
  homes: ReadonlyMap<string, Home>,
): Wish[] {
  const from = JSON.stringify(mailbox.path);
  const earlier = before.get(from);
  const explicit = mappedPath(mailbox, map);
  if (explicit !== undefined) {
    const { path, fitted } = names.settle([...under, ...explicit]);
    if (earlier !== undefined && isNumbered(earlier, path, names)) {
      return [{ path: names.settle(earlier).path, rank: ranks.recorded, why: "renamed" }];
    }
    return [fitted ? { path, rank: ranks.recorded, why: "renamed" } : { path, rank: ranks.explicit, why: "map" }];
  }
  const wishes: Wish[] = [];
  if (earlier !== undefined) {
    const { path, fitted } = names.settle(earlier);
    wishes.push({ path, rank: ranks.before, why: fitted ? "renamed" : "before" });
  }
  const home = homes.get(from);
  if (home !== undefined) {
    const why = names.key(home.path) === names.key(mailbox.path) ? "same" : home.why;
    wishes.push({ path: home.path, rank: ranks.home, why });
  }
  const own = [...under, ...(isInbox(mailbox.path) ? ["INBOX"] : mailbox.path)];
  const { path, fitted } = names.settle(own);
  const rank = compare(path, own) === 0 ? ranks.own : ranks.adapted;
  wishes.push({ path, rank, why: fitted ? "renamed" : "same" });
  return wishes;
}

function findHomesOf({ mailboxes, targets, before }: MappingOptions, names: TargetNames): Map<string, Home> {
  return findHomes(mailboxes, targets, ({ path }, target) => {
    const earlier = before.get(JSON.stringify(path));
    return earlier !== undefined && names.key(earlier) === names.key(target);
  });
}

/** Two that differ in case alone, or in what can't be used there, are no mistake: they get numbers. */
function checkMap(mailboxes: readonly Mailbox[], map: MappingOptions["map"]): void {
  const mapped = new Map<string, Mailbox>();
  for (const mailbox of mailboxes) {
    const target = mappedPath(mailbox, map);
    if (target === undefined) continue;
    const key = JSON.stringify(isInbox(target) ? ["INBOX"] : target.map((segment) => segment.normalize("NFC")));
    const other = mapped.get(key);
    if (other !== undefined) throw sameTarget(other, mailbox, target);
    mapped.set(key, mailbox);
  }
}

function isNumbered(path: readonly string[], base: readonly string[], names: TargetNames): boolean {
  const [, digits] = / \((\d{1,6})\)$/.exec(path.at(-1) ?? "") ?? [];
  return digits !== undefined && names.key(names.number(base, Number(digits))) === names.key(path);
}

function routeOf(mailbox: Mailbox, { path, why }: Wish, names: TargetNames): MappedRoute {
  return { mailbox, target: path, why, exists: names.exists(path) };
}

function parsePath(json: string): readonly string[] {
  const path: unknown = JSON.parse(json);
  return Array.isArray(path) ? path.map(String) : [json];
}
