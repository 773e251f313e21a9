import fc from "fast-check";
import { expect, test } from "vitest";
import { uidSets } from "../../src/protocol/uid-set.ts";

/** Reads a set as a server would. */
function uidsIn(set: string): number[] {
  return set.split(",").flatMap((part) => {
    const [first = 0, last = first] = part.split(":").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

test("the sets name every UID once, in ascending order, and each fits into a command line", () => {
  const uid = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 4_294_967_295 }));
  fc.assert(
    fc.property(fc.array(uid, { maxLength: 3_000 }), (uids) => {
      const sets = [...uidSets(uids)];
      expect(sets.flatMap(({ set }) => uidsIn(set))).toEqual([...new Set(uids)].sort((a, b) => a - b));
      expect(sets.flatMap(({ uids: named }) => named)).toEqual(sets.flatMap(({ set }) => uidsIn(set)));
      expect(sets.every(({ set }) => set.length > 0 && set.length <= 7_000)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test("neighbours become ranges", () => {
  expect([...uidSets([7, 3, 1, 2, 10, 11])].map(({ set }) => set)).toEqual(["1:3,7,10:11"]);
});
