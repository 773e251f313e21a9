// The text of a job file, made or added to. What stands there stays as it is, comments and all: new lines are put between,
// and only where the file's form has no place for lines (JSON, `{ }`) is it written anew as a YAML document.

import { isDeepStrictEqual } from "node:util";
import { Document, isMap, isSeq, Pair, parse, parseDocument, Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import type { Account } from "../account.ts";
import type { ArchiveFormat, SecretRef } from "./job.ts";
import { defaultPort } from "./places.ts";

/** An account as a job file has it. What is a default is not written. */
export interface NewAccount {
  readonly name: string;
  readonly protocol: Account["protocol"];
  readonly host: string;
  readonly port?: number | undefined;
  readonly tls?: Account["tls"] | undefined;
  readonly user: string;
  readonly auth?: Account["auth"] | undefined;
  readonly password: SecretRef;
  /** A path, relative to the job file. */
  readonly tlsCa?: string | undefined;
  readonly tlsFingerprint?: string | undefined;
}

/** A job that backs up an account into an archive. */
export interface NewJob {
  readonly name: string;
  /** The name of an account. */
  readonly from: string;
  /** A path, relative to the job file. */
  readonly to: { readonly archive: string; readonly format: ArchiveFormat };
  /** A cron line. */
  readonly schedule?: string | undefined;
}

export interface Addition {
  readonly account?: NewAccount | undefined;
  readonly job?: NewJob | undefined;
}

/** The keys of an account in the job file, in the order of the documentation. */
export function accountEntry({ name: _, port, tls = "implicit", auth = "auto", ...account }: NewAccount) {
  return withoutUndefined({
    protocol: account.protocol,
    host: account.host,
    port: port === defaultPort(account.protocol, tls) ? undefined : port,
    tls: tls === "implicit" ? undefined : tls,
    user: account.user,
    password: account.password,
    auth: auth === "auto" ? undefined : auth,
    tlsCa: account.tlsCa,
    tlsFingerprint: account.tlsFingerprint,
  });
}

function jobEntry({ name, from, to, schedule }: NewJob) {
  return withoutUndefined({ name, from, to, schedule });
}

function withoutUndefined(entry: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
}

/** The text of a whole new job file. `heading` are comment lines, without their `#`. */
export function newJobFileText({ account, job }: Addition, heading: readonly string[]): string {
  const accounts = account === undefined ? {} : { [account.name]: accountEntry(account) };
  const parts = [
    ["# yaml-language-server: $schema=./mailferry.schema.json", ...heading.map((line) => `# ${line}`.trimEnd())],
    ["version: 1"],
    ["accounts:", ...indented(linesOf(accounts), 2)],
    ["jobs:", ...indented(linesOf(job === undefined ? [] : [jobEntry(job)]), 2)],
  ];
  return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/**
 * The text of a valid job file with an account, a job or both added at the end of their lists. The names must be new there.
 * Whoever writes it checks it first.
 */
export function addToText(text: string, { account, job }: Addition): string {
  let grown = text;
  if (account !== undefined) grown = addTo(grown, "accounts", { [account.name]: accountEntry(account) });
  if (job !== undefined) grown = addTo(grown, "jobs", [jobEntry(job)]);
  return grown;
}

type Entries = Readonly<Record<string, unknown>> | readonly unknown[];

function addTo(text: string, key: "accounts" | "jobs", entries: Entries): string {
  const before = parse(text) as Record<string, unknown>;
  const wanted = { ...before, [key]: joined(before[key], entries) };
  const isRight = (candidate: string | undefined): candidate is string =>
    candidate !== undefined &&
    parseDocument(candidate).errors.length === 0 &&
    isDeepStrictEqual(parse(candidate), wanted);
  const spliced = spliceInto(text, key, entries);
  return isRight(spliced) ? spliced : rewrite(text, key, entries);
}

function joined(before: unknown, entries: Entries): unknown {
  if (Array.isArray(entries)) return [...(Array.isArray(before) ? before : []), ...entries];
  return { ...(before as object | null), ...entries };
}

/** New lines after the last entry; undefined where entries are no lines of their own. */
function spliceInto(text: string, key: string, entries: Entries): string | undefined {
  const document = parseDocument(text);
  const list = document.get(key);
  if (!(isMap(list) || isSeq(list)) || list.flow === true || list.range == null) return undefined;
  const end = contentEnd(list);
  if (end === undefined) return undefined;
  // A text of several lines ends with a line end.
  const last = text.slice(0, end).trimEnd().length;
  const [start] = list.range;
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const indent = start - lineStart;
  // A comment further in than the entries belongs to the last of them.
  const lines = /^[^\n]*(?:\n([ \t]+)#[^\n]*)*/.exec(text.slice(last))?.[0] ?? "";
  const at = last + lines.replace(/[\r\n]+$/, "").length;
  const inside = text.slice(start, last);
  const isSpaced = list.items.length > 1 && /\n[ \t\r]*\n/.test(inside);
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const added = [...(isSpaced ? [""] : []), ...indented(linesOf(entries), indent)];
  const rest = text.slice(at);
  return `${text.slice(0, at)}${added.map((line) => eol + line).join("")}${rest === "" ? eol : rest}`;
}

/** Where the content of the last entry ends, what follows it on its line left aside. */
function contentEnd(list: YAMLMap | YAMLSeq): number | undefined {
  const last: unknown = list.items.at(-1);
  const node = last instanceof Pair ? (last.value ?? last.key) : last;
  if ((isMap(node) || isSeq(node)) && node.flow !== true && node.items.length > 0) return contentEnd(node);
  const range = (node as { range?: readonly number[] | null } | null)?.range;
  return range?.[1];
}

/** All of it, written anew: the same data and comments, not always the same spaces. */
function rewrite(text: string, key: string, entries: Entries): string {
  const document = parseDocument(text);
  const list = document.get(key);
  if (isMap(list))
    for (const [name, entry] of Object.entries(entries)) list.set(document.createNode(name), node(entry));
  else if (isSeq(list)) for (const entry of entries as readonly unknown[]) list.add(node(entry));
  else document.set(key, node(entries));
  return document.toString({ lineWidth: 0 });
}

function node(value: unknown): unknown {
  return new Document(value).contents;
}

/** YAML of the entries, short mappings on one line. */
function linesOf(entries: Entries): readonly string[] {
  const document = new Document(entries);
  const isList = Array.isArray(entries);
  for (const entry of Array.isArray(entries) ? entries.keys() : Object.keys(entries)) {
    for (const key of isList ? ["to"] : ["password"]) {
      const inner = document.getIn([entry, key]);
      if (isMap(inner) || isSeq(inner)) inner.flow = true;
    }
    const schedule = document.getIn([entry, "schedule"], true);
    if (schedule instanceof Scalar) schedule.type = Scalar.QUOTE_DOUBLE;
  }
  return document.toString({ lineWidth: 0 }).trimEnd().split("\n");
}

function indented(lines: readonly string[], columns: number): readonly string[] {
  return lines.map((line) => (line === "" ? "" : " ".repeat(columns) + line));
}
