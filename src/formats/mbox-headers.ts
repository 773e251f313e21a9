// What mail readers note in the header of a message in an mbox file: Dovecot, mutt, Pine and Python in Status, X-Status
// and X-Keywords, Thunderbird in X-Mozilla-Status and X-Mozilla-Keys. It is read, never removed. Whoever sent the
// message may have written such fields too; the readers themselves can't tell either.

import { normalizeFlags } from "../flags.ts";

const LF = 0x0a;

/** What the header of one message says. */
export interface StateHeaders {
  /** The letters of Status and X-Status. */
  readonly letters: string;
  /** X-Keywords: they count only if the first message of the file lists them. */
  readonly keywords: readonly string[];
  /** X-IMAPbase or X-IMAP: the keywords in use in this file. */
  readonly listed: readonly string[];
  /** The bits of X-Mozilla-Status. */
  readonly mozillaStatus: number;
  readonly mozillaKeys: readonly string[];
  /** Not mail: a note of Dovecot or Pine to itself, at the beginning of a file. */
  readonly isFolderData: boolean;
}

/** Reads a header, LF or CRLF, with or without the empty line after it. Lines that are no fields are passed over. */
export function parseStateHeaders(head: Buffer): StateHeaders {
  let letters = "";
  let mozillaStatus: number | undefined;
  let mozillaKeys: string[] | undefined;
  let subject = "";
  let hasImap = false;
  const keywords: string[] = [];
  const listed: string[] = [];
  for (const { name, start, end } of fieldsOf(head)) {
    if (!stateFields.has(name) && name !== "subject") continue;
    const value = head.toString("latin1", start, end).replace(/^[^:]*:/, "");
    const words = value.split(/[ \t\r\n]+/).filter((word) => word !== "");
    if (name === "status") letters += value.replace(/[^R]/g, "");
    else if (name === "x-status") letters += value.replace(/[^AFDT]/g, "");
    else if (name === "x-keywords") keywords.push(...words);
    else if (name === "x-imap" || name === "x-imapbase") listed.push(...words.slice(2));
    // Thunderbird writes its own before all others.
    else if (name === "x-mozilla-status")
      mozillaStatus ??= Number.parseInt(/^[0-9a-f]{1,8}$/i.exec(words[0] ?? "")?.[0] ?? "0", 16);
    else if (name === "x-mozilla-keys") mozillaKeys ??= words;
    if (name === "x-imap") hasImap = true;
    if (name === "subject") subject ||= value.trim();
  }
  return {
    letters,
    keywords,
    listed,
    mozillaStatus: mozillaStatus ?? 0,
    mozillaKeys: mozillaKeys ?? [],
    isFolderData: hasImap && /^DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA$/.test(subject),
  };
}

/** The flags that the header tells; `listed` are the keywords that the first message of the file lists. */
export function flagsOf(state: StateHeaders, listed: readonly string[]): string[] {
  const known = new Set(listed.map((keyword) => keyword.toLowerCase()));
  const keywords = [...state.keywords.filter((each) => known.has(each.toLowerCase())), ...state.mozillaKeys];
  const flags = keywords.filter(isKeyword).slice(0, mostKeywords);
  for (const [letter, flag] of letterFlags) if (state.letters.includes(letter)) flags.push(flag);
  for (const [bit, flag] of mozillaFlags) if ((state.mozillaStatus & bit) !== 0) flags.push(flag);
  return normalizeFlags(flags);
}

/** The header without the fields in which mail readers keep their notes: the same, whatever they note. */
export function withoutStateHeaders(head: Buffer): Buffer {
  const pieces: Buffer[] = [];
  let from = 0;
  for (const { name, start, end } of fieldsOf(head)) {
    if (!stateFields.has(name)) continue;
    pieces.push(head.subarray(from, start));
    from = end;
  }
  return Buffer.concat([...pieces, head.subarray(from)]);
}

const stateFields = new Set([
  "status",
  "x-status",
  "x-keywords",
  "x-imap",
  "x-imapbase",
  "x-uid",
  "x-mozilla-status",
  "x-mozilla-status2",
  "x-mozilla-keys",
]);

const letterFlags = [
  ["R", "\\Seen"],
  ["A", "\\Answered"],
  ["F", "\\Flagged"],
  ["D", "\\Deleted"],
  ["T", "\\Draft"],
] as const;

const mozillaFlags = [
  [0x0001, "\\Seen"],
  [0x0002, "\\Answered"],
  [0x0004, "\\Flagged"],
  [0x0008, "\\Deleted"],
  [0x1000, "$Forwarded"],
] as const;

/** More is no mail reader's doing. */
const mostKeywords = 100;

/** An atom of RFC 9051 section 9, of a length that servers take. */
function isKeyword(text: string): boolean {
  return text.length <= 200 && /^[^\x00-\x20(){%*"\\\]\x7f-\xff]+$/.test(text);
}

interface Field {
  /** In lower case; "" for a line that is no field. */
  readonly name: string;
  readonly start: number;
  /** After its last line end. */
  readonly end: number;
}

/** The fields of a header, each with the lines that continue it. */
function* fieldsOf(head: Buffer): Generator<Field, void, undefined> {
  const longestName = 40;
  for (let start = 0; start < head.length; ) {
    let end = endOfLine(head, start);
    while (end < head.length && (head[end] === 0x20 || head[end] === 0x09)) end = endOfLine(head, end);
    const beginning = head.toString("latin1", start, Math.min(end, start + longestName));
    const name = /^([!-9;-~]+)[ \t]*:/.exec(beginning)?.[1] ?? "";
    yield { name: name.toLowerCase(), start, end };
    start = end;
  }
}

function endOfLine(octets: Buffer, from: number): number {
  const found = octets.indexOf(LF, from);
  return found < 0 ? octets.length : found + 1;
}
