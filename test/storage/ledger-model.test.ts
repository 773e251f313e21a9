// The ledger against a model of Maps, which says in a few lines what its columns are to say: at random, over several openings.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Unclaimed } from "../../src/jobs/unclaimed.ts";
import type { Place, Stored } from "../../src/message.ts";
import { type Ledger, openLedger, readLedger } from "../../src/storage/ledger.ts";
import { contentOf } from "../../src/storage/ledger-table.ts";
import { PlaceSet } from "../../src/storage/place-set.ts";

/** What a ledger was before it had columns. */
class Model {
  readonly current = new Map<string, Stored>();
  readonly earlier = new Map<string, Stored>();

  record(stored: Stored): void {
    const name = JSON.stringify(stored.place);
    for (const [key, { place }] of this.current) if (JSON.stringify(place) === name) this.current.delete(key);
    this.earlier.delete(name);
    const previous = this.current.get(stored.key);
    if (previous !== undefined) this.earlier.set(JSON.stringify(previous.place), previous);
    this.current.set(stored.key, stored);
  }

  begin(): void {
    for (const stored of this.current.values()) this.earlier.set(JSON.stringify(stored.place), stored);
    this.current.clear();
  }

  forget(): void {
    this.current.clear();
    this.earlier.clear();
  }

  all(): Stored[] {
    return [...this.current.values(), ...this.earlier.values()];
  }
}

const keys = ["1", "2", "42", "007", "4294967295", "4294967296", "abc", "é", "🙂", "__proto__", "\ud800"];
const date = fc.option(
  fc.constantFrom(0, 1000, 1_700_000_000_000, 1_700_000_000_789, -1).map((time) => new Date(time)),
  { nil: undefined },
);
const place: fc.Arbitrary<Place> = fc.oneof(
  fc.nat({ max: 12 }).map((offset) => ({ offset })),
  fc.nat({ max: 12 }).map((uid) => ({ uidValidity: "7", uid })),
);
const sha256 = fc.constantFrom("ab".repeat(32), `${"ab".repeat(31)}cd`, "cd".repeat(32));
const stored: fc.Arbitrary<Stored> = fc
  .record(
    {
      key: fc.constantFrom(...keys),
      size: fc.constantFrom(0, 3, 70_000, 2 ** 32, 2 ** 40),
      sha256,
      place,
      flags: fc.constantFrom<readonly string[]>([], ["\\Seen"], ["\\Seen", "été"]),
      internalDate: date,
      listedSize: fc.option(fc.nat(), { nil: undefined }),
      listedDate: date,
      emailId: fc.option(fc.constantFrom("e1", "e2"), { nil: undefined }),
      unkept: fc.option(fc.constant(["proj"]), { nil: undefined }),
      altered: fc.option(fc.constant({ size: 9, sha256: "ef".repeat(32) }), { nil: undefined }),
    },
    { requiredKeys: ["key", "size", "sha256", "place", "flags"] },
  )
  .map((each) => each as Stored);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.array(stored, { maxLength: 6 }) },
  { weight: 1, arbitrary: fc.constantFrom("begin" as const, "forget" as const, "open again" as const) },
);

const byPlace = (all: Iterable<Stored>) =>
  [...all].map((one) => [JSON.stringify(one.place), one] as const).sort(([a], [b]) => (a < b ? -1 : 1));

function compare(ledger: Ledger, model: Model): void {
  expect(byPlace(ledger.current())).toEqual(byPlace(model.current.values()));
  expect(byPlace(ledger.earlier())).toEqual(byPlace(model.earlier.values()));
  for (const key of keys) {
    const one = model.current.get(key);
    expect(ledger.find(key)).toEqual(one);
    expect(ledger.isSettled(key)).toBe(one !== undefined);
    const entry = ledger.entry(key);
    if (one === undefined) expect(entry).toBeUndefined();
    else {
      expect(entry).toMatchObject({
        key,
        size: one.listedSize ?? one.size,
        flags: one.flags,
        content: contentOf(one.sha256),
        isMarked: one.altered !== undefined || one.unkept !== undefined,
        hasEmailId: one.emailId !== undefined,
      });
      expect(entry?.internalDate).toEqual(one.listedDate ?? one.internalDate);
      expect(ledger.get(entry?.id ?? -1)).toEqual(one);
    }
  }
  for (const one of model.all()) expect(ledger.holds(one.place)).toBe(true);
  const places = new Set(model.all().map((one) => JSON.stringify(one.place)));
  for (let offset = 0; offset <= 12; offset++) {
    expect(ledger.holds({ offset })).toBe(places.has(JSON.stringify({ offset })));
  }
}

describe("the ledger's table", () => {
  let directory = "";
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "mailferry-model-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  test("says what Maps would say, whatever is added, given a new key, made void or forgotten", async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const path = join(directory, `${run++}.jsonl`);
        const model = new Model();
        let ledger = await openLedger(path, ["INBOX"]);
        try {
          for (const [n, each] of [...steps, "open again" as const].entries()) {
            if (each === "begin") {
              await ledger.begin(`${n}`);
              model.begin();
            } else if (each === "forget") {
              await ledger.forget();
              model.forget();
            } else if (each === "open again") {
              await ledger[Symbol.asyncDispose]();
              ledger = await openLedger(path, ["INBOX"]);
            } else {
              await ledger.record({ checkpoint: { n }, stored: each, failed: [] });
              for (const one of each) model.record(one);
            }
            compare(ledger, model);
          }
        } finally {
          await ledger[Symbol.asyncDispose]();
        }
      }),
      { numRuns: 150 },
    );
  });

  test("finds again what lies at the places a run has written, in the order in which it came", async () => {
    const path = join(directory, "some.jsonl");
    const make = (n: number): Stored => ({
      key: `${n}`,
      size: n,
      sha256: "ab".repeat(32),
      place: { offset: n },
      flags: [],
    });
    await using ledger = await openLedger(path, ["INBOX"]);
    for (let n = 0; n < 100; n++) {
      await ledger.record({
        checkpoint: { n },
        stored: Array.from({ length: 40 }, (_, k) => make(40 * n + k)),
        failed: [],
      });
    }
    const places = new PlaceSet();
    for (const offset of [3999, 7, 8, 2500, 4000]) places.add({ offset });
    expect(places.size).toBe(5);
    await using seen = await readLedger(path);
    expect([...(seen?.storedAt(places) ?? [])].map(({ size }) => size)).toEqual([7, 8, 2500, 3999]);
  });
});

describe("what is unclaimed", () => {
  const digests = ["aa".repeat(32), `${"aa".repeat(31)}bb`, "cc".repeat(32)];

  test("is claimed by its octets, each once, one of the same date first", () => {
    const one = fc.record({
      sha256: fc.constantFrom(...digests),
      time: fc.option(fc.nat({ max: 3 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 40 }), fc.array(one, { maxLength: 60 }), (there, asked) => {
        const dateOf = (time: number | undefined) => (time === undefined ? undefined : new Date(time * 1000));
        const all = there.map(({ sha256, time }, n): Stored => {
          return { key: `${n}`, size: 1, sha256, place: { n }, flags: [], internalDate: dateOf(time) };
        });
        const entries = all.map((stored, id) => {
          const { key, size, flags, internalDate } = stored;
          return {
            id,
            key,
            size,
            flags,
            internalDate,
            content: contentOf(stored.sha256),
            isMarked: false,
            hasEmailId: false,
          };
        });
        const get = (id: number) => all[id] ?? expect.fail("no such entry");
        const unclaimed = new Unclaimed({ get }, entries);
        const left = [...all];
        for (const { sha256, time } of asked) {
          const same = left.filter((stored) => stored.sha256 === sha256);
          const isOfDate = (stored: Stored) => stored.internalDate?.getTime() === dateOf(time)?.getTime();
          const claimed = unclaimed.claim(sha256, dateOf(time));
          expect(claimed === undefined).toBe(same.length === 0);
          if (claimed === undefined) continue;
          expect(same).toContain(claimed);
          if (same.some(isOfDate)) expect(isOfDate(claimed)).toBe(true);
          left.splice(left.indexOf(claimed), 1);
          expect(unclaimed.size).toBe(left.length);
        }
      }),
    );
  });
});
