// The subject of a message, for people who look for it: never parsed for anything else, and safe to print.

import { printable } from "./printable.ts";

const longestSubject = 100;

/** From the first octets of a message; undefined if they hold none. Encoded words (RFC 2047) are decoded where they can be. */
export function subjectOf(head: Uint8Array): string | undefined {
  const text = Buffer.from(head).toString("latin1");
  const end = /\r?\n\r?\n/.exec(text);
  const header = end === null ? text : text.slice(0, end.index);
  const [, folded] = /(?:^|\n)subject:[ \t]*((?:[^\n]|\n[ \t])*)/i.exec(header) ?? [];
  if (folded === undefined) return undefined;
  const raw = folded.replaceAll(/\r?\n[ \t]+/g, " ").trim();
  const subject = decodeWords(Buffer.from(raw, "latin1").toString("utf8"));
  const characters = [...printable(subject.trim())];
  if (characters.length === 0) return undefined;
  return characters.length > longestSubject ? `${characters.slice(0, longestSubject).join("")}…` : characters.join("");
}

const encodedWord = /=\?([\w.:-]{1,40})(?:\*[\w-]{1,20})?\?([bq])\?([^?\s]{0,200})\?=(?:\s+(?==\?))?/gi;

function decodeWords(text: string): string {
  return text.replace(encodedWord, (whole, charset: string, encoding: string, encoded: string) => {
    const octets =
      encoding.toLowerCase() === "b" ? Buffer.from(encoded, "base64") : Buffer.from(unescapeQ(encoded), "latin1");
    try {
      return new TextDecoder(charset).decode(octets);
    } catch {
      return whole;
    }
  });
}

function unescapeQ(text: string): string {
  return text
    .replaceAll("_", " ")
    .replaceAll(/=([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}
