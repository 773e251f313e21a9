// Mailbox names on the wire: modified UTF-7 (RFC 3501 section 5.1.3), delimiter, namespace prefix and LIST patterns.

import { decodeMutf7, encodeMutf7 } from "../formats/mutf7.ts";

/** How a server names its mailboxes. An empty delimiter is sent as NIL. */
export interface Naming {
  readonly delimiter: string;
  /** Of the personal namespace, such as `INBOX.`; INBOX itself has none. */
  readonly prefix: string;
}

export function formatName(path: readonly string[], naming: Naming): string {
  const name = path.map(encodeMutf7).join(naming.delimiter);
  return isInbox(name) ? "INBOX" : naming.prefix + name;
}

/** Undefined if the name lies outside the namespace. */
export function parseName(name: string, naming: Naming): string[] | undefined {
  if (isInbox(name)) return ["INBOX"];
  if (!name.startsWith(naming.prefix)) return undefined;
  const rest = name.slice(naming.prefix.length);
  return (naming.delimiter === "" ? [rest] : rest.split(naming.delimiter)).map((part) => decodeMutf7(part) ?? part);
}

function isInbox(name: string): boolean {
  return name.toUpperCase() === "INBOX";
}

/** RFC 9051 section 6.3.9: `*` stands for anything, `%` for anything without a delimiter. */
export function matchesPattern(name: string, pattern: string, naming: Naming, ignoreCase: boolean): boolean {
  const level = naming.delimiter === "" ? ".*" : `[^${escapeForRegex(naming.delimiter)}]*`;
  const source = pattern
    .split(/([*%])/)
    .map((part) => (part === "*" ? ".*" : part === "%" ? level : escapeForRegex(part)))
    .join("");
  return new RegExp(`^${source}$`, ignoreCase || isInbox(name) ? "is" : "s").test(name);
}

function escapeForRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** A quoted string; what must not stand in one is sent as a literal. */
export function quote(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return `"${text.replace(/["\\]/g, "\\$&")}"`;
  return `{${Buffer.byteLength(text)}}\r\n${text}`;
}
