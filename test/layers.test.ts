// The one-way rule of the source tree, and which file may know which package.

import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../src/", import.meta.url));

interface SourceFile {
  /** Relative to `src`. */
  readonly path: string;
  readonly layer: string;
  readonly lines: number;
  /** What it imports, statically or not: a path relative to `src`, `node:x`, or a package. */
  readonly imports: readonly string[];
  /** Those of `imports` of which only types are used: they are gone at run time. */
  readonly typesOnly: readonly string[];
  /** Members of the global `process` that it uses; "process" alone where it hands it on as a whole. */
  readonly process: readonly string[];
}

const words = ["message.ts", "account.ts", "flags.ts", "errors.ts"];

/** For each layer, the layers it may import besides itself. */
const mayImport = new Map<string, readonly string[]>([
  ["words", []],
  ["language", ["errors.ts"]],
  ["formats", ["message.ts", "flags.ts", "errors.ts"]],
  ["storage", [...words, "formats"]],
  ["protocol", [...words, "formats"]],
  ["packs", [...words, "formats", "storage"]],
  ["sources", [...words, "formats", "storage", "protocol", "packs"]],
  ["sinks", [...words, "formats", "storage", "protocol"]],
  ["detect", [...words, "language", "formats", "protocol"]],
  ["jobs", [...words, "language", "formats", "detect", "storage", "protocol", "packs", "sources", "sinks"]],
  ["schedule", [...words, "formats", "storage", "jobs"]],
  ["index", [...words, "jobs", "sources", "sinks", "detect"]],
  ["notify", [...words, "language", "formats", "storage", "jobs", "reports"]],
  ["reports", [...words, "language", "formats", "storage", "jobs"]],
  ["cli", [...words, "language", "formats", "detect", "jobs", "schedule", "notify", "reports", "index"]],
  ["demo", ["message.ts", "flags.ts", "errors.ts", "formats"]],
]);

/** For each package, the files that may import it. */
const mayKnow = new Map<string, RegExp>([
  ["imapflow", /^(protocol\/(imap|special-use)|(sources|sinks)\/imap)/],
  ["@napi-rs/keyring", /^jobs\/keyring\.ts$/],
  ["node-pop3", /^protocol\/pop3/],
  ["commander", /^cli\//],
  ["cli-progress", /^cli\//],
  ["zod", /^(jobs|notify|schedule)\//],
  ["croner", /^(jobs|schedule)\//],
  ["yaml", /^(jobs|cli)\//],
  ["p-queue", /^(jobs|sinks)\//],
  ["p-retry", /^jobs\//],
  ["nodemailer", /^notify\//],
  ["archiver", /^packs\//],
  ["yauzl", /^packs\//],
  ["tar-stream", /^packs\//],
  ["sax", /^detect\//],
]);

/** Who may touch `process`, and what of it. The command line's main.ts may do anything. */
const mayTouch = new Map<string, readonly string[]>([
  ["storage/lock.ts", ["pid", "kill"]],
  ["jobs/load.ts", ["env"]],
  ["jobs/run-command.ts", ["kill"]],
  ["jobs/private-file.ts", ["platform", "geteuid"]],
  ["storage/folder-owner.ts", ["geteuid"]],
  ["cli/doctor/machine.ts", ["versions"]],
]);

const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => path.endsWith(".ts"))
  .map(read);

function read(path: string): SourceFile {
  const text = readFileSync(root + path, "utf8");
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const imports: string[] = [];
  const typesOnly: string[] = [];
  const touched: string[] = [];
  const add = (specifier: ts.Node | undefined) => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier))
      throw new Error(`${path}: an import of no literal`);
    imports.push(specifier.text.startsWith(".") ? posix.join(posix.dirname(path), specifier.text) : specifier.text);
  };
  const visit = (node: ts.Node) => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier);
      if (node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword) typesOnly.push(imports.at(-1) ?? "");
    }
    if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) add(node.moduleSpecifier);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0]);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal);
    else if (ts.isIdentifier(node) && node.text === "process") {
      const { parent } = node;
      const isOwnName = ts.isPropertyAccessExpression(parent) && parent.name === node;
      const isMember = ts.isPropertyAccessExpression(parent) && parent.expression === node;
      if (!isOwnName) touched.push(isMember ? parent.name.text : "process");
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return {
    path,
    layer: layerOf(path),
    lines: text.split("\n").length - 1,
    imports,
    typesOnly,
    process: touched,
  };
}

function layerOf(path: string): string {
  if (words.includes(path)) return "words";
  return path.includes("/") ? (path.split("/")[0] ?? "") : path.replace(/\.ts$/, "");
}

function packageOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

const known = new Set(files.map(({ path }) => path));
const edges = files.flatMap(({ path, layer, imports }) => imports.map((to) => ({ path, layer, to })));
const inside = edges.filter(({ to }) => known.has(to));
const outside = edges.filter(({ to }) => !known.has(to) && !to.startsWith("node:"));

describe("the source tree", () => {
  test("is read whole: every layer has files, and every import of ours leads to one", () => {
    expect([...new Set(files.map(({ layer }) => layer))].sort()).toEqual([...mayImport.keys()].sort());
    expect(outside.filter(({ to }) => /\.ts$|^\./.test(to))).toEqual([]);
    expect(inside.length).toBeGreaterThan(100);
  });

  test("imports one way only", () => {
    const wrong = inside.filter(({ path, layer, to }) => {
      if (layer === layerOf(to)) return false;
      if (layerOf(to) === "demo") return !/^cli\/demo(-stay)?\.ts$/.test(path);
      const allowed = mayImport.get(layer) ?? [];
      return !allowed.includes(to) && !allowed.includes(layerOf(to));
    });
    expect(wrong.map(({ path, to }) => `${path} -> ${to}`)).toEqual([]);
  });

  test("lets the vocabulary import nothing but itself, and message.ts nothing at all", () => {
    expect(edges.filter(({ path }) => path === "message.ts")).toEqual([]);
    expect(edges.filter(({ layer, to }) => layer === "words" && !words.includes(to))).toEqual([]);
  });

  test("has no circle of imports, types left aside", () => {
    const circles: string[] = [];
    const done = new Set<string>();
    const follow = (path: string, trail: readonly string[]) => {
      if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(" -> "));
      if (trail.includes(path) || done.has(path)) return;
      const { imports = [], typesOnly = [] } = files.find((file) => file.path === path) ?? {};
      for (const to of imports) if (known.has(to) && !typesOnly.includes(to)) follow(to, [...trail, path]);
      done.add(path);
    };
    for (const { path } of files) follow(path, []);
    expect(circles).toEqual([]);
  });

  test("tells each package to those files alone that it is for", () => {
    const wrong = outside.filter(({ path, to }) => mayKnow.get(packageOf(to))?.test(path) !== true);
    expect(wrong.map(({ path, to }) => `${path} -> ${to}`)).toEqual([]);
    const { dependencies, optionalDependencies } = JSON.parse(readFileSync(`${root}../package.json`, "utf8"));
    const all = Object.keys({ ...dependencies, ...optionalDependencies });
    expect([...new Set(outside.map(({ to }) => packageOf(to)))].sort()).toEqual(all.sort());
  });

  test("keeps the demo to Node and the formats", () => {
    expect(outside.filter(({ layer }) => layer === "demo")).toEqual([]);
  });

  test("leaves process to main.ts, but for who asks for one thing of it", () => {
    const wrong = files.flatMap(({ path, process }) => {
      if (path === "cli/main.ts") return [];
      return process.filter((name) => !mayTouch.get(path)?.includes(name)).map((name) => `${path}: ${name}`);
    });
    expect(wrong).toEqual([]);
    expect(files.find(({ path }) => path === "storage/lock.ts")?.process).toContain("kill");
  });

  test("has no file of more than 300 lines", () => {
    expect(files.filter(({ lines }) => lines > 300).map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
  });
});
