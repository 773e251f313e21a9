// What mailboxes can be called at a target account: names that its server takes, spelled as it spells them already.

import { createHash } from "node:crypto";
import type { Mailbox } from "../message.ts";

type Path = readonly string[];

export interface TargetNaming {
  /** What the account has. */
  readonly targets: readonly Mailbox[];
  /** The hierarchy delimiter; empty if names have no levels. */
  readonly delimiter: string;
  /** The prefix of the personal namespace. Below `INBOX.` the paths INBOX/x and x are one mailbox, listed as x. */
  readonly prefix?: string | undefined;
  /** Paths that it had, or was to have, some time ago. */
  readonly earlier?: readonly Path[] | undefined;
  /** Whether names that differ in case alone are one mailbox; taken for so if absent, unless it is known to have such two. */
  readonly caseInsensitive?: boolean | undefined;
}

export interface TargetNames {
  /** Equal for paths that are, or may be, one mailbox there. */
  key(path: Path): string;
  /** The path as it can be used there, in the spelling of what exists; `fitted` if something of it had to be replaced. */
  settle(path: Path): { readonly path: Path; readonly fitted: boolean };
  /** The path with a number at its end, such as ` (2)`. */
  number(path: Path, number: number): Path;
  exists(path: Path): boolean;
}

/** Longest segment in octets of UTF-8: file systems stop at 255, and names grow on the wire and on disk. */
const longestSegment = 200;
const deepest = 50;

export function namesAt(naming: TargetNaming): TargetNames {
  const { targets, delimiter, prefix = "", earlier = [] } = naming;
  const listed = new Set(targets.map(({ path }) => JSON.stringify(path)));
  const foldsCase = naming.caseInsensitive ?? !tellsCaseApart([...targets.map(({ path }) => path), ...earlier]);
  const inboxIsPrefix = prefix.length > 1 && isInbox([prefix.slice(0, -1)]);
  const filler = delimiter === "_" ? "-" : "_";

  const withoutInbox = (path: Path): Path => {
    let start = 0;
    while (inboxIsPrefix && start + 1 < path.length && isInbox([path[start] ?? ""])) start += 1;
    return path.slice(start);
  };
  const key = (path: Path) => JSON.stringify(foldPath(withoutInbox(path), foldsCase));

  // Levels above a mailbox count too, also where they are none themselves.
  const spellings = new Map<string, Path>();
  for (const path of targets.map((target) => target.path).sort(compare)) {
    for (const upTo of levelsOf(path)) {
      const known = spellings.get(key(upTo));
      const isBetter = upTo === path && known !== undefined && !listed.has(JSON.stringify(known));
      if (known === undefined || isBetter) spellings.set(key(upTo), upTo === path ? path : withoutInbox(upTo));
    }
  }
  const spell = (path: Path): Path => {
    for (const upTo of levelsOf(path)) {
      const known = spellings.get(key(upTo));
      if (known !== undefined) return [...known, ...path.slice(upTo.length)];
    }
    return path;
  };

  const clean = (segment: string) => {
    const plain = segment.replace(/[\p{Cc}\p{Cs}]/gu, filler);
    // Gmail refuses spaces at the ends.
    return (delimiter === "" ? plain : plain.replaceAll(delimiter, filler)).trim() || filler;
  };
  const adjust = (path: Path): Path => {
    const cleaned = path.length === 0 ? [filler] : path.map(clean);
    const levels = delimiter === "" ? [cleaned.join(" - ")] : cleaned;
    const fitted = levels.map((segment) => shorten(segment, filler));
    // What is not INBOX must not become it: Dovecot takes even INBOX.INBOX for INBOX.
    return isInbox(withoutInbox(fitted)) ? number(fitted, 2) : fitted;
  };
  const number = (path: Path, count: number): Path => {
    const suffix = ` (${count})`;
    return [...path.slice(0, -1), cut(path.at(-1) ?? "", longestSegment - suffix.length) + suffix];
  };

  return {
    key,
    number,
    settle(path) {
      if (isInbox(path)) return { path: ["INBOX"], fitted: false };
      if (listed.has(JSON.stringify(path))) return { path, fitted: false };
      const fitted = adjust(path);
      return { path: spell(withoutInbox(fitted)), fitted: JSON.stringify(fitted) !== JSON.stringify(path) };
    },
    exists: (path) => isInbox(path) || listed.has(JSON.stringify(path)),
  };
}

/** RFC 9051 section 5.1: in any mixture of cases. */
export function isInbox(path: Path): boolean {
  return path.length === 1 && /^inbox$/i.test(path[0] ?? "");
}

/** An order of paths that is the same on every machine. */
export function compare(a: Path, b: Path): number {
  const [first, second] = [JSON.stringify(a), JSON.stringify(b)];
  return first < second ? -1 : first > second ? 1 : 0;
}

/** A server that has both `Sent` and `sent` answers the question itself. */
function tellsCaseApart(paths: readonly Path[]): boolean {
  const count = (foldsCase: boolean) => new Set(paths.map((path) => JSON.stringify(foldPath(path, foldsCase)))).size;
  return count(true) < count(false);
}

function foldPath(path: Path, foldsCase: boolean): Path {
  return path.map((segment, depth) => {
    if (depth === 0 && isInbox([segment])) return "INBOX";
    return foldsCase ? segment.normalize("NFC").toLowerCase().normalize("NFC") : segment.normalize("NFC");
  });
}

/** The path and what lies above it, the longest first; of a path that no person has made, only the first levels. */
function* levelsOf(path: Path): Generator<Path> {
  for (let depth = Math.min(path.length, deepest); depth > 0; depth -= 1) {
    yield depth === path.length ? path : path.slice(0, depth);
  }
}

/** As much as fits, then a digest of the whole. */
function shorten(segment: string, filler: string): string {
  if (Buffer.byteLength(segment) <= longestSegment) return segment;
  const digest = createHash("sha256").update(segment).digest("hex").slice(0, 8);
  return `${cut(segment, longestSegment - 1 - digest.length)}${filler}${digest}`;
}

/** The code points that fit into so many octets, without a space at the end. */
function cut(segment: string, octets: number): string {
  let kept = "";
  let size = 0;
  for (const character of segment) {
    size += Buffer.byteLength(character);
    if (size > octets) break;
    kept += character;
  }
  return kept.trimEnd();
}
