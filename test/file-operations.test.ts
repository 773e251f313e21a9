// One module changes files, src/storage/durable.ts: the crash images and the injected errors of the other tests show what it
// does, so nothing may go past it.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../src/", import.meta.url));
const theOne = "storage/durable.ts";

/** What may be imported of node:fs and node:fs/promises elsewhere: it changes nothing, `open` as long as its flags say so. */
const reading = new Set([
  ...["access", "lstat", "open", "opendir", "readFile", "readdir", "readlink", "realpath", "stat"],
  ...["closeSync", "openSync", "readFileSync", "readSync", "readdirSync", "statfsSync"],
  ...["BigIntStats", "Dirent", "FileHandle", "Stats", "constants"],
]);

const imports = /\bimport\s+(?:type\s+)?([^;"]*?)\s*from\s*["'](?:node:)?fs(?:\/promises)?["']/g;
/** Where all of fs may be had at once. */
const wholes = /\b(?:import|require)\s*\(\s*["'`](?:node:)?fs\b[^)]*\)/g;
const opens = /(?<![.#\w])open(?:Sync)?\(([^()]*(?:\([^()]*\)[^()]*)*)\)/g;
/** Methods of an open file that change it, by names that nothing else in the program has. */
const changing =
  /[\w.#]+\.(?:appendFile|chmod|chown|createWriteStream|datasync|sync|truncate|utimes|writeFile|writev)\(/g;
const writing = /\b[\w.#]*handle\.write\(/gi;

const onlyReads =
  /^(?:"r"|readOnly|(?:constants\.O_(?:RDONLY|NONBLOCK|NOFOLLOW|DIRECTORY)|\(constants\.O_NONBLOCK \?\? 0\)|\s|\|)+)$/;

/** Each place where a file may be changed. */
function changesIn(text: string): string[] {
  const found = [wholes, changing, writing].flatMap((pattern) => [...text.matchAll(pattern)].map(([all]) => all));
  for (const [all, names = ""] of text.matchAll(imports)) {
    const list = /^\{([^}]*)\}$/s.exec(names)?.[1];
    if (list === undefined) found.push(all);
    for (const each of list?.split(",") ?? []) {
      const name =
        each
          .replace(/^\s*type\s/, "")
          .trim()
          .split(/\s+as\s+/)[0] ?? "";
      if (name !== "" && !reading.has(name)) found.push(name);
    }
  }
  if (!/from ["'](?:node:)?fs/.test(text)) return found;
  for (const [all, list = ""] of text.matchAll(opens)) {
    const flags = list.split(",")[1]?.trim() ?? "";
    if (flags !== "" && !onlyReads.test(flags)) found.push(all);
  }
  return found;
}

const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => path.endsWith(".ts"))
  .map((path) => ({ path, text: readFileSync(root + path, "utf8") }));

test("no file but durable.ts changes a file, or has the means to", () => {
  const found = files.flatMap(({ path, text }) =>
    path === theOne ? [] : changesIn(text).map((what) => `${path}: ${what}`),
  );
  expect(found).toEqual([]);
  expect(files.length).toBeGreaterThan(300);
  // What is known as reading only, is.
  for (const { text } of files) {
    for (const [, flags] of text.matchAll(/const readOnly = (.+);/g)) expect(flags).toMatch(onlyReads);
  }
});

test("and whoever did would be found", () => {
  const found = changesIn(files.find(({ path }) => path === theOne)?.text ?? "").join("\n");
  for (const name of ["mkdir", "rename", "symlink", "unlink", "handle.write(", "handle.sync(", "handle.truncate("]) {
    expect(found).toContain(name);
  }
  expect(found).toMatch(/open\(path, constants\.O_RDWR/);
  const bad = [
    'import fs from "node:fs";',
    'import * as fs from "fs/promises";',
    'import { type Stats, writeFileSync as read } from "node:fs";',
    'const fs = await import("node:fs");',
    'import { open } from "node:fs/promises"; open(path, "a")',
    'import { open } from "node:fs/promises"; open(join(a, b), constants.O_RDONLY | constants.O_TRUNC)',
    "await this.#handle.writev([])",
    "copyHandle.write(octets)",
  ];
  for (const text of bad) expect(changesIn(text).length, text).toBeGreaterThan(0);
});
