// What an IMAP client sends, taken apart: a command and its arguments. RFC 9051 section 9.

/** A command answered with NO or BAD. The text may begin with a response code such as `[NONEXISTENT]`. */
export class Refusal extends Error {
  readonly status: "NO" | "BAD";

  constructor(status: "NO" | "BAD", text: string) {
    super(text);
    this.status = status;
  }
}

export interface Literal {
  readonly octets: Buffer;
  /** As announced: `octets` is empty where the literal was refused before it came. */
  readonly size: number;
  /** A literal8 of RFC 3516: it may hold NUL. */
  readonly binary: boolean;
}

/** An atom, the octets of a quoted string, a literal, or a parenthesised list. */
export type Value = string | Buffer | Literal | Value[];

export interface Command {
  readonly tag: string;
  /** In capitals; `UID FETCH` is one name. */
  readonly name: string;
  readonly args: readonly Value[];
  /** One line for the log: literals shown as their size, secrets as `***`. */
  readonly line: string;
}

export const lineTooLong = "* BYE The line is too long\r\n";

/** The tag of what may not even be a command; `*` if there is none. */
export function tagOf([text]: readonly (string | Literal)[]): string {
  return /^[^\s(){"*+\\]+/.exec(typeof text === "string" ? text : "")?.[0] ?? "*";
}

/** @throws Refusal with BAD if the text is no command. */
export function parseCommand(parts: readonly (string | Literal)[]): Command {
  const tag = tagOf(parts);
  const [first, verb, ...rest] = parseValues(parts);
  if (first !== tag || typeof verb !== "string") throw new Refusal("BAD", "A tag and a command are expected");
  const [object] = rest;
  const uid = verb.toUpperCase() === "UID" && typeof object === "string";
  const name = uid ? `UID ${object.toUpperCase()}` : verb.toUpperCase();
  const args = uid ? rest.slice(1) : rest;
  return { tag, name, args, line: loggable(tag, name, args, parts) };
}

function loggable(tag: string, name: string, args: readonly Value[], parts: readonly (string | Literal)[]): string {
  if (name === "LOGIN" || name === "AUTHENTICATE") {
    const [who] = args;
    return `${tag} ${name} ${who === undefined || Array.isArray(who) ? "" : textOf(who)} ***`;
  }
  return parts.map((part) => (typeof part === "string" ? part : `{${part.size}}`)).join("");
}

function parseValues(parts: readonly (string | Literal)[]): Value[] {
  const top: Value[] = [];
  const open: Value[][] = [];
  let list = top;
  const token = /(\()|(\))|"([^"\\]*(?:\\["\\][^"\\]*)*)"|((?:BODY|BINARY)[A-Z.]*\[[^\]]*\](?:<[\d.]+>)?|[^ ()"]+)/iy;
  for (const part of parts) {
    if (typeof part !== "string") {
      list.push(part);
      continue;
    }
    for (let at = 0; at < part.length; ) {
      if (part[at] === " ") {
        at += 1;
        continue;
      }
      token.lastIndex = at;
      const match = token.exec(part);
      if (match === null) throw new Refusal("BAD", "The command can't be parsed");
      at = token.lastIndex;
      const [, begin, end, quoted, atom] = match;
      if (begin !== undefined) {
        const inner: Value[] = [];
        list.push(inner);
        open.push(list);
        list = inner;
      } else if (end !== undefined) {
        const outer = open.pop();
        if (outer === undefined) throw new Refusal("BAD", "A parenthesis too many");
        list = outer;
      } else if (quoted !== undefined) list.push(Buffer.from(quoted.replace(/\\(.)/g, "$1"), "latin1"));
      else if (atom !== undefined) list.push(atom);
    }
  }
  if (open.length > 0) throw new Refusal("BAD", "A parenthesis is missing");
  return top;
}

/** @throws Refusal with BAD unless the value is an atom or a string. */
export function textOf(value: Value | undefined): string {
  if (value === undefined || Array.isArray(value)) throw new Refusal("BAD", "A string is expected here");
  if (typeof value === "string") return value;
  return (Buffer.isBuffer(value) ? value : value.octets).toString("utf8");
}

/** @throws Refusal with BAD unless the value is a list of atoms and strings, or one of them alone. */
export function textsOf(value: Value | undefined): string[] {
  return Array.isArray(value) ? value.map(textOf) : [textOf(value)];
}
