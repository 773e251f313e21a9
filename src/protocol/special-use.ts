// Which mailbox is Sent, Trash, Junk: the server's word (RFC 6154), or a name that leaves no doubt.

import { names as knownNames } from "imapflow/lib/special-use.js";
import { doubtfulNames, gmailNames, otherNames } from "./special-use-names.ts";

/** Where a mailbox bears more than one attribute, the first of these counts. The last one is of RFC 8457. */
const specialUses = ["\\Sent", "\\Drafts", "\\Trash", "\\Junk", "\\Archive", "\\All", "\\Flagged", "\\Important"];

/** As they may stand in a listing. The last three are of XLIST, which Gmail spoke before there was RFC 6154. */
const attributes = new Map([
  ...specialUses.map((use): [string, string] => [use.toLowerCase(), use]),
  ["\\allmail", "\\All"],
  ["\\starred", "\\Flagged"],
  ["\\spam", "\\Junk"],
]);

/** By folded name. */
const anywhere = new Map([...indexOf(Object.entries(knownNames)), ...indexOf(otherNames), ...indexOf(doubtfulNames)]);
const atGmail = indexOf(gmailNames);
const doubtful = indexOf(doubtfulNames);

function indexOf(table: readonly (readonly [string, readonly string[]])[]): Map<string, string> {
  return new Map(table.flatMap(([use, names]) => names.map((name): [string, string] => [fold(name), use])));
}

/** The RFC 6154 attribute among those of a LIST line, in the RFC's spelling. */
export function specialUseByAttribute(flags: Iterable<string>): string | undefined {
  const found = new Set([...flags].map((flag) => attributes.get(flag.toLowerCase())));
  return specialUses.find((use) => found.has(use));
}

/**
 * The RFC 6154 attribute, with its backslash, that a mailbox of this name would bear: Sent, Envoyés, 送信済み. Only a
 * name at the top counts, or directly below INBOX or `[Gmail]`, whether they are segments or part of the name
 * (`INBOX.Sent`): `Archive/Sent` is somebody's own. INBOX has none.
 */
export function specialUseByName(path: readonly string[]): string | undefined {
  const { name, below } = placeOf(path);
  return anywhere.get(name) ?? (below === "gmail" ? atGmail.get(name) : undefined);
}

/** Of mailboxes whose names mean the same use, the one with the lowest number is the likeliest: 0 for `Sent` itself. */
export function doubtOf(path: readonly string[]): number {
  const { name } = placeOf(path);
  if (doubtful.has(name)) return 2;
  return `\\${name}` === anywhere.get(name)?.toLowerCase() ? 0 : 1;
}

const gmail = /^\[(?:Gmail|Google Mail)\]$/i;
const withPrefix = /^(?:(INBOX)[./]|\[(?:Gmail|Google Mail)\]\/)(.*)$/is;

/** The folded name, and what it lies below; no name where it lies deeper than any that means something. */
function placeOf(path: readonly string[]): { name: string; below?: "inbox" | "gmail" } {
  const [first = "", second] = path;
  if (path.length === 2 && second !== undefined) {
    if (gmail.test(first)) return { name: fold(second), below: "gmail" };
    return /^inbox$/i.test(first) ? { name: fold(second), below: "inbox" } : { name: "" };
  }
  if (path.length !== 1) return { name: "" };
  const [, inbox, rest] = withPrefix.exec(first) ?? [];
  if (rest === undefined) return { name: fold(first) };
  return { name: fold(rest), below: inbox === undefined ? "gmail" : "inbox" };
}

/** Some programs put marks of direction, or wide and narrow forms of letters, into the names they make. */
function fold(name: string): string {
  return name
    .replace(/[\u200e\u200f]/g, "")
    .normalize("NFKC")
    .toLowerCase()
    .normalize("NFKC")
    .trim();
}
