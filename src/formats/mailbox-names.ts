// Mailbox paths, which are hostile, as names on disk. Names are encoded, never concatenated: what a layout can't hold
// becomes %XX (UTF-8 octets) or %uXXXX (a lone surrogate), so every name can be read back exactly. A name can't be
// absolute, hold `..` or a separator that the layout did not put there.
import { createHash } from "node:crypto";
import { MailferryError } from "../errors.ts";
import { decodeMutf7, encodeMutf7 } from "./mutf7.ts";

/** A name read back. The variant is 1 where the name carries none. */
export interface ParsedName {
  readonly path: readonly string[];
  readonly variant: number;
}

/** Longest name of one file or directory, in octets; file systems stop at 255 and other files need room for a suffix. */
const longestName = 200;
/** Longest relative path of an mbox, in octets. */
const longestPath = 600;

/**
 * The directory of a mailbox in a Maildir++: "" for INBOX (the Maildir itself), else `.` and the segments in modified
 * UTF-7 joined by `.`. A `variant` above 1 gives another name, for a mailbox whose own name is taken (`nameKey`).
 */
export function maildirName(path: readonly string[], variant = 1): string {
  const segments = canonical(path);
  if (isInbox(segments) && variant === 1) return "";
  const readable = segments.map((segment) => escapeSegment(segment, unfitForMaildir)).join(".");
  return encodeMutf7(bounded(`.${readable}`, "", segments, variant, (name) => encodeMutf7(name).length));
}

/** The path of a directory name that `maildirName` gave. Undefined for any other name, and for one that was shortened. */
export function parseMaildirName(name: string): ParsedName | undefined {
  if (name === "") return { path: ["INBOX"], variant: 1 };
  const readable = decodeMutf7(name);
  return readable === undefined ? undefined : parse(name, readable.slice(1).split("."), maildirName);
}

/** The relative path of a mailbox's mbox file: `INBOX.mbox`, `Projets/2026.mbox`. The separator is always `/`. */
export function mboxName(path: readonly string[], variant = 1): string {
  const segments = canonical(path);
  const escaped = segments.map((segment) => escapeSegment(segment, unfitForFiles));
  const last = bounded(escaped.at(-1) ?? "", ".mbox", segments.slice(-1), variant);
  const directories = escaped
    .slice(0, -1)
    .map((name, depth) => bounded(asDirectory(name), "", segments.slice(depth, depth + 1), 1));
  const name = [...directories, last].join("/");
  if (Buffer.byteLength(name) <= longestPath) return name;
  return shorten(escaped.join("."), ".mbox", segments, variant, utf8Size);
}

/** The path of a relative file name that `mboxName` gave. Undefined for any other name, and for one that was shortened. */
export function parseMboxName(name: string): ParsedName | undefined {
  return name.endsWith(".mbox") ? parse(name, name.slice(0, -".mbox".length).split("/"), mboxName) : undefined;
}

/** The file name of a mailbox's ledger: `INBOX.jsonl`, `Projets.2026.jsonl`. */
export function ledgerName(path: readonly string[], variant = 1): string {
  const segments = canonical(path);
  const readable = segments.map((segment) => escapeSegment(segment, unfitForLedger)).join(".");
  return bounded(readable, ".jsonl", segments, variant);
}

/** The path of a file name that `ledgerName` gave. Undefined for any other name, and for one that was shortened. */
export function parseLedgerName(name: string): ParsedName | undefined {
  return name.endsWith(".jsonl") ? parse(name, name.slice(0, -".jsonl".length).split("."), ledgerName) : undefined;
}

/**
 * Equal for names that some file system takes for one and the same (case, Unicode normal forms, characters without a
 * shape). Of two mailboxes whose names have equal keys, the second must get the next variant.
 */
export function nameKey(name: string): string {
  return name
    .replace(/\p{Default_Ignorable_Code_Point}/gu, "")
    .normalize("NFKC")
    .toUpperCase()
    .toLowerCase()
    .normalize("NFC");
}

function isInbox(path: readonly string[]): boolean {
  return path.length === 1 && /^inbox$/i.test(path[0] ?? "");
}

/** INBOX has no case (RFC 9051 section 5.1); all other segments do. */
function canonical(path: readonly string[]): readonly string[] {
  if (path.length === 0) {
    throw new MailferryError("D504", "a mailbox without a name can't be stored", { scope: "mailbox", retry: "never" });
  }
  return isInbox(path) ? ["INBOX"] : path;
}

const loneSurrogate = "[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]";
const controls = "\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff";
const unfitEdges = "^[-~. ]|[. ]$";

function unfit(characters: string): RegExp {
  return new RegExp(`[%/\\\\${characters}${controls}]|${unfitEdges}|${loneSurrogate}`, "g");
}

const unfitForMaildir = unfit(".");
const unfitForFiles = unfit('<>:"|?*');
const unfitForLedger = unfit('.<>:"|?*');

// Windows takes these for devices, whatever follows the first dot.
const deviceName = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?=[. ]*$|[ ]*\.)/i;

function escapeSegment(segment: string, unfitCharacters: RegExp): string {
  if (segment === "") return "%-";
  const escaped = segment.replace(unfitCharacters, percent).replace(deviceName, escapeFirst);
  // A file system that normalises would change it: then only ASCII is safe.
  return escaped === escaped.normalize("NFC") ? escaped : escaped.replace(/[^\x00-\x7f]/gu, percent);
}

/** An mbox directory must not look like an mbox, like a file beside one (`a.mbox.lock`), or like part of a Maildir. */
function asDirectory(escaped: string): string {
  return escaped.replace(/\.(?=mbox(?:\.|$))/gi, percent).replace(/^(?:cur|new|tmp)$/i, escapeFirst);
}

function percent(character: string): string {
  if (/^[\ud800-\udfff]$/.test(character)) return `%u${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return [...Buffer.from(character)].map((octet) => `%${octet.toString(16).toUpperCase().padStart(2, "0")}`).join("");
}

function escapeFirst(text: string): string {
  return percent(text.slice(0, 1)) + text.slice(1);
}

function unescapeSegment(escaped: string): string {
  if (escaped === "%-") return "";
  return escaped.replace(/((?:%[0-9A-F]{2})+)|%u([0-9A-F]{4})/g, (_escape, octets?: string, unit?: string) =>
    octets === undefined
      ? String.fromCharCode(Number.parseInt(unit ?? "", 16))
      : Buffer.from(octets.replaceAll("%", ""), "hex").toString(),
  );
}

function variantSuffix(variant: number): string {
  return variant === 1 ? "" : `%~${variant}`;
}

type SizeOf = (name: string) => number;

/** The name with its variant and suffix, shortened if it is too long. `segments` are what it stands for. */
function bounded(
  name: string,
  suffix: string,
  segments: readonly string[],
  variant: number,
  sizeOf: SizeOf = utf8Size,
) {
  const whole = name + variantSuffix(variant) + suffix;
  return sizeOf(whole) <= longestName ? whole : shorten(name, suffix, segments, variant, sizeOf);
}

/** As much of the name as fits, then a digest of what it stands for. */
function shorten(name: string, suffix: string, segments: readonly string[], variant: number, sizeOf: SizeOf) {
  const digest = createHash("sha256").update(JSON.stringify(segments)).digest("hex").slice(0, 16);
  const ending = `%~${digest}${variantSuffix(variant)}${suffix}`;
  const characters = [...name.slice(0, longestName)];
  while (sizeOf(characters.join("") + ending) > longestName) characters.pop();
  return characters.join("") + ending;
}

function utf8Size(name: string): number {
  return Buffer.byteLength(name);
}

/** Reads segments back; a name counts only if the very same one comes out again. */
function parse(
  name: string,
  escaped: readonly string[],
  format: (path: readonly string[], variant: number) => string,
): ParsedName | undefined {
  const [, last = "", variantDigits = "1"] = /^(.*?)(?:%~([1-9]\d{0,5}))?$/s.exec(escaped.at(-1) ?? "") ?? [];
  const path = [...escaped.slice(0, -1), last].map(unescapeSegment);
  const variant = Number(variantDigits);
  return format(path, variant) === name ? { path, variant } : undefined;
}
