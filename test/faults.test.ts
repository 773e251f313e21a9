// The table of faults is complete, and every test that it names is there.

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const root = new URL("../", import.meta.url);
const catalogue = new URL("../shared/FAULTS.md", root);

interface Row {
  readonly fault: string;
  readonly outcome: string;
  readonly tests: string;
}

/** The rows of all tables in a Markdown text whose heading has this first cell. */
function rowsOf(text: string): Row[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("| ") && !/^\| (fault|-+) \|/.test(line))
    .map((line) => {
      const [, fault = "", outcome = "", tests = ""] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
      return { fault, outcome, tests };
    });
}

const rows = rowsOf(readFileSync(new URL("test/faults.md", root), "utf8"));

/** What a cell names: `file` "title", in any number. */
function namedTests(cell: string): { file: string; title: string }[] {
  return [...cell.matchAll(/`(test\/[^`]+)` "((?:[^"\\]|\\.)+)"/g)].map(([, file = "", title = ""]) => ({
    file,
    title: title.replaceAll('\\"', '"').replaceAll("\\|", "|"),
  }));
}

describe("the table of faults", () => {
  it.skipIf(!existsSync(catalogue))("has every row of the catalogue, and no other", () => {
    const expected = rowsOf(readFileSync(catalogue, "utf8")).map(({ fault }) => fault);
    expect(rows.map(({ fault }) => fault)).toEqual(expected);
  });

  it("says of each fault what happens, and names a test or the reason why there is none", () => {
    expect(rows.length).toBeGreaterThan(80);
    for (const { fault, outcome, tests } of rows) {
      expect(outcome, fault).not.toBe("");
      if (namedTests(tests).length === 0) expect(tests, fault).toMatch(/^none: \S.{10,}/);
    }
  });

  it("names only tests that there are", () => {
    const sources = new Map<string, string>();
    for (const { fault, tests } of rows) {
      for (const { file, title } of namedTests(tests)) {
        const source = sources.get(file) ?? readFileSync(new URL(file, root), "utf8");
        sources.set(file, source);
        expect(source.includes(title), `${fault}: ${file} has no test "${title}"`).toBe(true);
      }
    }
  });
});
