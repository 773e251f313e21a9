// Columns, names and indexes against what arrays and Maps do.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Column } from "../../src/formats/column.ts";
import { FlagSets } from "../../src/formats/flag-sets.ts";
import { NameTable, PackedNames } from "../../src/formats/packed-names.ts";

const odd = fc.constantFrom(
  0,
  1,
  254,
  255,
  256,
  65_534,
  65_535,
  2 ** 32 - 2,
  2 ** 32 - 1,
  2 ** 32,
  Number.NaN,
  -1,
  0.5,
  999,
  1000,
  -1000,
  Number.MAX_SAFE_INTEGER,
  Number.POSITIVE_INFINITY,
);
const numbers = fc.oneof(odd, fc.integer(), fc.double());

describe("a column", () => {
  test("holds any numbers as an array does, in whatever order they come and are changed", () => {
    const changes = fc.array(fc.tuple(fc.nat({ max: 299 }), numbers), { maxLength: 20 });
    fc.assert(
      fc.property(fc.array(numbers, { maxLength: 300 }), changes, fc.constantFrom(1, 1000), (pushed, set, unit) => {
        const column = new Column(unit);
        const model = [...pushed];
        for (const value of pushed) column.push(value);
        for (const [row, value] of set.filter(([row]) => row < model.length)) {
          column.set(row, value);
          model[row] = value;
        }
        expect(column.length).toBe(model.length);
        // Of two zeros it keeps one.
        for (const [row, value] of model.entries())
          expect(column.get(row)).toBe(Object.is(value, -0) ? column.get(row) : value);
        expect(column.get(model.length + 1_000_000)).toBeNaN();
      }),
    );
  });

  test("goes on beyond its first octets and buffers", () => {
    const column = new Column();
    for (let row = 0; row < 100_000; row++) column.push(row * 3);
    column.set(40_000, 0.25);
    for (let row = 0; row < 100_000; row++)
      if (column.get(row) !== (row === 40_000 ? 0.25 : row * 3)) expect(row).toBe(-1);
  });
});

const name = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.nat({ max: 2 ** 33 }).map(String),
  fc.constantFrom(
    "",
    "0",
    "00",
    "-1",
    "+1",
    "1.0",
    "4294967295",
    "4294967296",
    "99999999999",
    "\ud800",
    "é",
    "__proto__",
  ),
  fc.integer({ min: 900, max: 3000 }).map((length) => "x".repeat(length)),
);

describe("packed names", () => {
  test("are found as in a Map: by their last row, until all are forgotten", () => {
    fc.assert(
      fc.property(fc.array(fc.option(name, { freq: 30 }), { maxLength: 200 }), (steps) => {
        const table = new NameTable();
        const rows: string[] = [];
        const model = new Map<string, number>();
        for (const step of steps) {
          if (step === null) {
            table.forgetAll();
            model.clear();
          } else {
            expect(table.push(step)).toBe(rows.length);
            model.set(step, rows.push(step) - 1);
          }
        }
        for (const [row, one] of rows.entries()) {
          expect(table.names.at(row)).toBe(one);
          expect(table.find(one)).toBe(model.get(one) ?? -1);
        }
        expect(table.find("never there")).toBe(-1);
      }),
    );
  });

  test("that ascend as numbers are found as any others, until one does not", () => {
    const uid = fc.integer({ min: 0, max: 2 ** 32 + 3 });
    const rest = fc.array(fc.oneof(name, fc.nat({ max: 20 }).map(String)), { maxLength: 5 });
    fc.assert(
      fc.property(fc.array(uid, { maxLength: 100 }), rest, fc.nat({ max: 100 }), (uids, others, forgotten) => {
        const table = new NameTable();
        const model = new Map<string, number>();
        const ascending = [...new Set(uids)].sort((a, b) => a - b).map(String);
        for (const [row, one] of [...ascending, ...ascending.slice(forgotten), ...others].entries()) {
          if (row === ascending.length) {
            table.forgetAll();
            model.clear();
          }
          expect(table.push(one)).toBe(row);
          model.set(one, row);
          for (const known of [...ascending, ...others, "21"]) expect(table.find(known)).toBe(model.get(known) ?? -1);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("may be longer than a buffer, and more than one holds", () => {
    const long = "y".repeat(3_000_000);
    const names = new PackedNames();
    const all = [long, ...Array.from({ length: 20_000 }, (_, n) => `${n}`.padStart(100, "z")), `${long}é😀`, "short"];
    for (const one of all) names.push(one);
    expect(all.findIndex((one, row) => names.at(row) !== one)).toBe(-1);
  });
});

test("flag sets come back as they were, and equal ones are one", () => {
  const sets = new FlagSets();
  const flags = [["\\Seen"], [], ["\\Seen", "a"], ["a", "\\Seen"], ["\\Seen"], undefined];
  const given = flags.map((each) => sets.numberOf(each));
  expect(given.map((number) => sets.at(number))).toEqual(flags);
  expect(new Set(given).size).toBe(5);
});
