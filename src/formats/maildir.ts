// Maildir file names (https://cr.yp.to/proto/maildir.html) with Dovecot's extensions: sizes in the unique name, keywords
// as letters. A file name is the unique name, then the info suffix `:2,` and its letters in ASCII order.
import { createHash } from "node:crypto";
import { normalizeFlags } from "../flags.ts";

const letters = new Map([
  ["D", "\\Draft"],
  ["F", "\\Flagged"],
  ["P", "$Forwarded"],
  ["R", "\\Answered"],
  ["S", "\\Seen"],
  ["T", "\\Deleted"],
]);
const lettersByFlag = new Map([...letters].map(([letter, flag]) => [flag.toLowerCase(), letter]));

/** The keywords of one Maildir folder: the first is letter `a`, at most 26. An empty string is a letter not in use. */
export type KeywordTable = readonly string[];

const mostKeywords = 26;

/** The letter of a keyword, compared without regard to case. Undefined if the table does not have it. */
export function keywordLetter(table: KeywordTable, keyword: string): string | undefined {
  const wanted = keyword.toLowerCase();
  const place = keyword === "" ? -1 : table.findIndex((known) => known.toLowerCase() === wanted);
  return place < 0 || place >= mostKeywords ? undefined : String.fromCharCode(0x61 + place);
}

/**
 * The table with the keywords among `flags` that it lacks, in the order they come; the very same table if it lacks none.
 * Those beyond 26, and those that are no atoms, have no place in it.
 */
export function extendKeywords(table: KeywordTable, flags: Iterable<string>): KeywordTable {
  let extended = table;
  for (const flag of flags) {
    const isAtom = /^[\x21-\x7e]+$/.test(flag) && !flag.startsWith("\\");
    if (!isAtom || keywordLetter(extended, flag) !== undefined) continue;
    const free = extended.indexOf("");
    if (free >= 0) extended = extended.with(free, flag);
    else if (extended.length < mostKeywords) extended = [...extended, flag];
  }
  return extended;
}

/** The content of a `dovecot-keywords` file. */
export function formatKeywords(table: KeywordTable): string {
  return table.map((keyword, place) => (keyword === "" ? "" : `${place} ${keyword}\n`)).join("");
}

/** Reads a `dovecot-keywords` file; lines that are not a place from 0 to 25 and a keyword are passed over. */
export function parseKeywords(text: string): KeywordTable {
  const table: string[] = [];
  for (const line of text.split("\n")) {
    const [, place, keyword] = /^(\d{1,2}) (\S+)$/.exec(line) ?? [];
    if (place === undefined || keyword === undefined || Number(place) >= mostKeywords) continue;
    while (table.length <= Number(place)) table.push("");
    table[Number(place)] = keyword;
  }
  return table;
}

/**
 * The info suffix with its colon. A flag that has no letter is left out: the ledger keeps it. $Forwarded gets two, the
 * standard's P and a keyword's: Dovecot knows only the second.
 */
export function formatInfo(flags: Iterable<string>, letterOf: (keyword: string) => string | undefined): string {
  const found = new Set<string>();
  for (const flag of flags) {
    for (const letter of [lettersByFlag.get(flag.toLowerCase()), letterOf(flag)]) {
      if (letter !== undefined) found.add(letter);
    }
  }
  return `:2,${[...found].sort().join("")}`;
}

/** The flags in a file name, normalized; letters that mean nothing are passed over. No `:2,`, no flags. */
export function parseInfo(fileName: string, table: KeywordTable): string[] {
  const info = /:2,(.*)$/s.exec(fileName)?.[1] ?? "";
  const flags = [...info].map((letter) => letters.get(letter) ?? table[letter.charCodeAt(0) - 0x61] ?? "");
  return normalizeFlags(flags.filter((flag) => flag !== ""));
}

export interface UniqueName {
  /** Of the delivery or the INTERNALDATE: whole seconds since 1970. */
  readonly seconds: number;
  readonly id: string;
  /** Octets on disk. */
  readonly size: number;
  /** Octets if every bare LF on disk were CRLF. */
  readonly virtualSize: number;
}

/** Dovecot believes both sizes: they are exact. */
export function formatUniqueName(name: UniqueName): string {
  return `${name.seconds}.${name.id}.mailferry,S=${name.size},W=${name.virtualSize}`;
}

export interface ParsedFileName {
  /** All before the info suffix: names the file as long as it exists, whatever its flags become. */
  readonly unique: string;
  /** Present if mailferry gave the name. */
  readonly id?: string | undefined;
  readonly seconds?: number | undefined;
  readonly size?: number | undefined;
  readonly virtualSize?: number | undefined;
}

/** Reads any Maildir file name; what it does not tell stays undefined. */
export function parseUniqueName(fileName: string): ParsedFileName {
  const unique = fileName.split(":", 1)[0] ?? "";
  const [base = "", ...fields] = unique.split(",");
  const number = (text: string | undefined) =>
    text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  const field = (key: string) => number(fields.find((each) => each.startsWith(key))?.slice(key.length));
  return {
    unique,
    id: /^\d+\.([0-9a-z]+)\.mailferry$/.exec(base)?.[1],
    seconds: number(base.split(".", 1)[0]),
    size: field("S="),
    virtualSize: field("W="),
  };
}

/** The same key gives the same id, 24 hexadecimal digits; `attempt` gives others, for a name that is taken. */
export function uniqueId(key: string, attempt: number): string {
  return createHash("sha256")
    .update(JSON.stringify([key, attempt]))
    .digest("hex")
    .slice(0, 24);
}
