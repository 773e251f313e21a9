// YAML 1.2 as a job file may use it: plain data, with the place of every key and value. No tags, aliases or merge keys.

import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseAllDocuments } from "yaml";
import type { Path } from "./mistakes.ts";

/** Offsets into the text, `end` exclusive. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

export interface Finding extends Extent {
  readonly path: Path;
  readonly message: string;
}

export interface YamlText {
  /** Objects, arrays and scalars. No key is ever `__proto__`; of a key that is there twice, the first counts. */
  readonly value: unknown;
  /** What is wrong as YAML. */
  readonly findings: readonly Finding[];
  /** Where the structure can't be trusted any more, Infinity if it can: only what ends before this offset is what its author meant. */
  readonly soundUntil: number;
  /** Extent of the value at a path, or of the key that holds it; of the nearest mapping or list around it if there is no such key. */
  locate(path: Path, what: "key" | "value"): Extent;
  /** True if the value at this path was left out because a finding tells of it already. */
  isSpoilt(path: Path): boolean;
  lineAndColumn(offset: number): { line: number; column: number };
}

const deepest = 12;

const options = {
  version: "1.2",
  schema: "core",
  merge: false,
  resolveKnownTags: false,
  // Duplicates are found while converting, where their path is known.
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: "silent",
} as const;

/** Reads one YAML document. Never throws, whatever the text. */
export function readYaml(text: string): YamlText {
  const lines = new LineCounter();
  const findings: Finding[] = [];
  const places = new Map<string, { key: Extent; value: Extent }>();
  const spoilt = new Set<string>();
  const quoted: Extent[] = [];
  let brokenAt = Number.POSITIVE_INFINITY;

  const spoil = (path: Path, extent: Extent, message: string): undefined => {
    spoilt.add(JSON.stringify(path));
    findings.push({ ...extent, path, message });
    return undefined;
  };

  const convert = (node: unknown, path: Path, key: Extent): unknown => {
    const extent = extentOf(node) ?? key;
    const value = isScalar(node) && node.value === null && !node.source ? key : extent;
    places.set(JSON.stringify(path), { key, value });
    if (isAlias(node)) return spoil(path, extent, "aliases (*) are not supported; write the value out");
    if (isScalar(node)) {
      if (node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE") quoted.push(extent);
      return node.value;
    }
    if (path.length > deepest) return spoil(path, extent, "nested too deeply");
    if (isSeq(node)) return node.items.map((item, index) => convert(item, [...path, index], extent));
    if (!isMap(node)) return null;
    const members = new Map<string, unknown>();
    for (const pair of node.items) {
      const keyExtent = extentOf(pair.key) ?? extent;
      const name = isScalar(pair.key) ? keyName(pair.key.value, pair.key.source) : undefined;
      if (name === undefined) {
        findings.push({ ...keyExtent, path, message: "a key is a plain word" });
      } else if (members.has(name)) {
        const first = places.get(JSON.stringify([...path, name]));
        const line = first === undefined ? 0 : lines.linePos(first.key.start).line;
        const message = `this key is here twice, first on line ${line}`;
        findings.push({ ...keyExtent, path: [...path, name], message });
      } else if (name === "__proto__") {
        findings.push({ ...keyExtent, path, message: "__proto__ can't be a key or a name" });
      } else if (name === "<<") {
        findings.push({ ...keyExtent, path, message: "merge keys (<<) are not supported; write the keys out" });
      } else {
        members.set(name, convert(pair.value, [...path, name], keyExtent));
      }
    }
    return Object.fromEntries(members);
  };

  const documents = parseAllDocuments(text, { ...options, lineCounter: lines });
  const [document, second] = "empty" in documents ? [] : documents;
  const whole = { start: document?.contents?.range?.[0] ?? 0, end: text.length };
  const value = document === undefined ? undefined : convert(document.contents, [], whole);
  if (document === undefined) spoil([], { start: 0, end: 0 }, "the file is empty");
  if (second !== undefined) {
    const start = second.contents?.range?.[0] ?? second.range[0];
    const message = "a second document starts here; a job file is a single one";
    findings.push({ start, end: start, path: [], message });
  }
  const brokenLines = new Set<number>();
  for (const error of [...(document?.errors ?? []), ...(document?.warnings ?? [])]) {
    // Of a quote that is not closed, the parser tells where the file ends.
    const opened = quoted.findLast(({ start, end }) => start < error.pos[0] && end >= error.pos[0]);
    const start = error.code === "MISSING_CHAR" && opened !== undefined ? opened.start : error.pos[0];
    if (error.code !== "TAG_RESOLVE_FAILED") brokenAt = Math.min(brokenAt, start);
    // One line that is wrong makes several errors.
    const { line } = lines.linePos(start);
    const message = syntaxWords.get(error.code) ?? "this is not YAML";
    if (!brokenLines.has(line)) findings.push({ start, end: start, path: [], message });
    brokenLines.add(line);
  }

  return {
    value,
    findings,
    // What ends just before may have been meant to go on.
    soundUntil: Number.isFinite(brokenAt) ? text.slice(0, brokenAt).trimEnd().length : brokenAt,
    locate(path, what) {
      const place = places.get(JSON.stringify(path));
      if (place !== undefined) return place[what];
      return path.length === 0 ? whole : this.locate(path.slice(0, -1), "value");
    },
    isSpoilt: (path) =>
      spoilt.has("[]") || path.some((_, depth) => spoilt.has(JSON.stringify(path.slice(0, depth + 1)))),
    lineAndColumn(offset) {
      const { line, col } = lines.linePos(offset);
      return { line: Math.max(line, 1), column: Math.max(col, 1) };
    },
  };
}

function extentOf(node: unknown): Extent | undefined {
  return isNode(node) && node.range ? { start: node.range[0], end: node.range[1] } : undefined;
}

/** Numbers and the like are names as they are written: `2024:`, `true:`. */
function keyName(value: unknown, source: string | undefined): string | undefined {
  if (typeof value === "string") return value;
  return source === undefined || source === "" ? undefined : source;
}

// The parser's own messages may repeat what is written there, and that may be a secret.
const syntaxWords = new Map<string, string>([
  ["TAB_AS_INDENT", "a tab can't be indentation; use spaces"],
  ["TAG_RESOLVE_FAILED", "tags (!) are not supported; write the plain value"],
  ["MISSING_CHAR", "a quote, a colon or a bracket is missing here"],
  ["BAD_INDENT", "this is not indented like the lines around it, or a bracket before it is not closed"],
  [
    "BLOCK_AS_IMPLICIT_KEY",
    "this line and the ones around it don't fit: check indentation, or quote a value that has a colon",
  ],
  ["MULTILINE_IMPLICIT_KEY", "a key must be on one line; check the indentation"],
  ["BAD_DQ_ESCAPE", 'this backslash means nothing in double quotes; write it twice ("\\\\") or use single quotes'],
  ["BAD_SCALAR_START", "a value can't start with this character; put it in quotes"],
  ["RESOURCE_EXHAUSTION", "nested too deeply"],
  ["UNEXPECTED_TOKEN", "something here does not belong; check indentation and quotes"],
  ["BAD_DIRECTIVE", "lines that start with % are not supported"],
]);
