// What an IMAP client sends, taken apart: commands with their literals, and sets of message numbers. RFC 9051 section 9.

import type { Wire } from "./wire.ts";

/** A command answered with NO or BAD. The text may begin with a response code such as `[NONEXISTENT]`. */
export class Refusal extends Error {
  readonly status: "NO" | "BAD";

  constructor(status: "NO" | "BAD", text: string) {
    super(text);
    this.status = status;
  }
}

/** An atom, the octets of a quoted string or literal, or a parenthesised list. */
export type Value = string | Buffer | Value[];

export interface Command {
  readonly tag: string;
  /** In capitals; `UID FETCH` is one name. */
  readonly name: string;
  readonly args: readonly Value[];
  /** One line for the log: literals shown as their size, secrets as `***`. */
  readonly line: string;
}

const longestLiteral = 256 * 1024 * 1024;
export const lineTooLong = "* BYE The line is too long\r\n";

/** The text of a command and its literals, in turn; undefined at the end of the connection. Asks for each literal. */
export async function readCommand(wire: Wire): Promise<(string | Buffer)[] | undefined> {
  const parts: (string | Buffer)[] = [];
  for (;;) {
    const line = (await wire.readLine(lineTooLong))?.toString("latin1");
    if (line === undefined) return undefined;
    const literal = /~?\{(\d{1,15})(\+?)\}$/.exec(line);
    if (literal === null) return [...parts, line];
    const size = Number(literal[1]);
    if (size > longestLiteral) {
      await wire.send("* BYE The literal is too big\r\n");
      return undefined;
    }
    if (literal[2] === "") await wire.send("+ Go ahead\r\n");
    const octets = await wire.readOctets(size);
    if (octets === undefined) return undefined;
    parts.push(line.slice(0, literal.index), octets);
  }
}

/** The tag of what may not even be a command; `*` if there is none. */
export function tagOf([text]: readonly (string | Buffer)[]): string {
  return /^[^\s(){"*+\\]+/.exec(typeof text === "string" ? text : "")?.[0] ?? "*";
}

/** @throws Refusal with BAD if the text is no command. */
export function parseCommand(parts: readonly (string | Buffer)[]): Command {
  const tag = tagOf(parts);
  const [first, verb, ...rest] = parseValues(parts);
  if (first !== tag || typeof verb !== "string") throw new Refusal("BAD", "A tag and a command are expected");
  const [object] = rest;
  const uid = verb.toUpperCase() === "UID" && typeof object === "string";
  const name = uid ? `UID ${object.toUpperCase()}` : verb.toUpperCase();
  const args = uid ? rest.slice(1) : rest;
  return { tag, name, args, line: loggable(tag, name, args, parts) };
}

function loggable(tag: string, name: string, args: readonly Value[], parts: readonly (string | Buffer)[]): string {
  if (name === "LOGIN" || name === "AUTHENTICATE") {
    const [who] = args;
    return `${tag} ${name} ${who === undefined || Array.isArray(who) ? "" : who.toString()} ***`;
  }
  return parts.map((part) => (typeof part === "string" ? part : `{${part.length}}`)).join("");
}

function parseValues(parts: readonly (string | Buffer)[]): Value[] {
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
  return typeof value === "string" ? value : value.toString("utf8");
}

/** @throws Refusal with BAD unless the value is a list of atoms and strings, or one of them alone. */
export function textsOf(value: Value | undefined): string[] {
  return Array.isArray(value) ? value.map(textOf) : [textOf(value)];
}

/**
 * Those of the numbers, which are ascending, that a sequence set such as `1,5:*` names; `*` is the last of them.
 * @throws Refusal with BAD if it is no sequence set.
 */
export function selectNumbers(set: string, numbers: readonly number[]): Set<number> {
  const last = numbers.at(-1) ?? 0;
  const ranges = set.split(",").map((part) => {
    const match = /^(\d{1,10}|\*)(?::(\d{1,10}|\*))?$/.exec(part);
    if (match === null) throw new Refusal("BAD", "A sequence set is expected here");
    const ends = [match[1], match[2] ?? match[1]].map((end) => (end === "*" ? last : Number(end)));
    return { from: Math.min(...ends), to: Math.max(...ends) };
  });
  ranges.sort((a, b) => a.from - b.from);
  const selected = new Set<number>();
  let next = 0;
  let reach = 0;
  for (const number of numbers) {
    for (let range = ranges[next]; range !== undefined && range.from <= number; range = ranges[next]) {
      reach = Math.max(reach, range.to);
      next += 1;
    }
    if (number <= reach) selected.add(number);
  }
  return selected;
}
