// Globs on decoded mailbox paths. A path is matched segment by segment, so a "/" within a name is never a separator.
//
// `*` any characters of one name, `?` one character, `**` between slashes any number of names, also none: `Junk/**` is
// Junk and all below it. The single pattern `*` is every mailbox. `\Junk` is whatever mailbox has that special-use.
// Letters count as written, except INBOX (RFC 9051 section 5.1) and special-uses.

import type { Mailbox } from "../message.ts";

/** RFC 6154 section 2 and RFC 8457. */
const specialUses = ["\\All", "\\Archive", "\\Drafts", "\\Flagged", "\\Important", "\\Junk", "\\Sent", "\\Trash"];

/** What is wrong with a pattern, as the end of a sentence; undefined if nothing is. */
export function checkPattern(pattern: string): string | undefined {
  if (pattern.startsWith("\\")) {
    const known = specialUses.some((use) => use.toLowerCase() === pattern.toLowerCase());
    return known ? undefined : `is not one of ${specialUses.join(", ")}`;
  }
  const segments = pattern.split("/");
  if (segments.includes("")) return "is not a pattern: a name is missing before, after or between slashes";
  if (segments.some((segment) => segment !== "**" && segment.includes("**"))) {
    return "is not a pattern: ** stands alone between slashes";
  }
  return undefined;
}

/** What is wrong with the target that a pattern is mapped to, as the end of a sentence; undefined if nothing is. */
export function checkTarget(pattern: string, target: string): string | undefined {
  const segments = target.split("/");
  if (segments.includes("")) return "is not a mailbox: a name is missing before, after or between slashes";
  const carried = segments.filter((segment) => segment === "**").length;
  if (segments.some((segment) => segment !== "**" && segment.includes("*")))
    return "is not a mailbox: * has no meaning here";
  if (carried > 1) return "has more than one **";
  const taken = splitPattern(pattern).filter((segment) => segment === "**").length;
  if (carried === 1 && taken !== 1) return "has **, so its pattern needs exactly one ** too";
  return undefined;
}

export function matchesPattern(pattern: string, mailbox: Mailbox): boolean {
  if (pattern.startsWith("\\")) return mailbox.specialUse?.toLowerCase() === pattern.toLowerCase();
  return matches(splitPattern(pattern), mailbox.path.map(fold), "**", matchesSegment);
}

/** Where a mailbox that matches the pattern goes: `**` in the target is what `**` in the pattern took. */
export function applyTarget(pattern: string, target: string, mailbox: Mailbox): string[] {
  const segments = splitPattern(pattern);
  const start = segments.indexOf("**");
  const taken = mailbox.path.slice(start, start + mailbox.path.length - (segments.length - 1));
  return target.split("/").flatMap((segment) => (segment === "**" ? taken : [segment]));
}

function splitPattern(pattern: string): string[] {
  return pattern === "*" ? ["**"] : pattern.split("/").map(fold);
}

/** A server and a keyboard may spell é with different code points. INBOX is the only name without case, and only at the top. */
function fold(segment: string, depth: number): string {
  return depth === 0 && segment.toUpperCase() === "INBOX" ? "INBOX" : segment.normalize("NFC");
}

function matchesSegment(pattern: string, name: string): boolean {
  return matches([...pattern], [...name], "*", (wanted, character) => wanted === "?" || wanted === character);
}

/** Glob over any sequence. Goes back only to the last star, so its time is bounded by the product of both lengths. */
function matches(
  pattern: readonly string[],
  text: readonly string[],
  star: "*" | "**",
  matchesOne: (wanted: string, given: string) => boolean,
): boolean {
  let next = 0;
  let afterStar = -1;
  let taken = 0;
  for (let index = 0; index < text.length; ) {
    const wanted = pattern[next];
    if (wanted === star) {
      next++;
      afterStar = next;
      taken = index;
    } else if (wanted !== undefined && matchesOne(wanted, text[index] ?? "")) {
      next++;
      index++;
    } else if (afterStar >= 0) {
      next = afterStar;
      taken++;
      index = taken;
    } else {
      return false;
    }
  }
  return pattern.slice(next).every((wanted) => wanted === star);
}
