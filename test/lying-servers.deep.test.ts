// Every lie that the tables know, told by a server for two nights; and at random two or three at once.

import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { bodyLies } from "./support/lies/imap-bodies.ts";
import { listingLies } from "./support/lies/imap-listings.ts";
import { sessionLies } from "./support/lies/imap-sessions.ts";
import type { ImapLie, Way } from "./support/lies/lie.ts";
import { liveWithTarget } from "./support/lies/moves.ts";
import { liveWithImap, liveWithPop3 } from "./support/lies/nights.ts";
import { pop3Lies } from "./support/lies/pop3.ts";
import { targetLies } from "./support/lies/target.ts";
import { fastTarget } from "./support/moves.ts";
import { swept } from "./support/sweep-counts.ts";

const imapLies = [...bodyLies, ...listingLies, ...sessionLies];
const plainTarget = ["IMAP4rev1", "AUTH=PLAIN", "NAMESPACE", "UNSELECT"];
const formats = ["mbox", "maildir"] as const;
let told = 0;

const waysOf = ({ ways = ["careful", "fast"] }: ImapLie): readonly Way[] =>
  ways.includes("careful") ? ["remembered", ...ways] : ways;

const tell = async (life: Promise<void>): Promise<void> => {
  await life;
  told += 1;
};

afterAll(() => {
  swept("lying servers", told);
  console.log(`lying servers: ${told}; 0 lost, 0 duplicated, 0 altered`);
});

it("knows sixty lies and more, no two of one name in a table", () => {
  for (const table of [imapLies, pop3Lies, targetLies]) {
    expect(new Set(table.map(({ name }) => name)).size).toBe(table.length);
  }
  expect(imapLies.length + pop3Lies.length + targetLies.length).toBeGreaterThan(60);
});

describe("an IMAP source", () => {
  const cases = imapLies.flatMap((lie) => waysOf(lie).map((way) => ({ lie, way })));
  it.each(cases.map((each) => ({ ...each, name: each.lie.name })))("tells of $name ($way)", ({ lie, way }) =>
    tell(liveWithImap([lie], way, way === "careful" ? "maildir" : "mbox")),
  );
});

describe("a POP3 source", () => {
  it.each(pop3Lies)("tells of $name", (lie) => tell(liveWithPop3(lie, formats[lie.name.length % 2] ?? "mbox")));
});

describe.each([
  { how: "takes one after the other", capabilities: plainTarget },
  { how: "takes many at once", capabilities: fastTarget },
])("an IMAP target that $how", ({ capabilities }) => {
  it.each(targetLies)("tells of $name", (lie) => tell(liveWithTarget(lie, capabilities)));
});

describe("a source that tells several lies at once", () => {
  it.each(["careful", "fast"] as const)("loses and doubles nothing (%s)", async (way) => {
    const some = imapLies.filter((lie) => lie.goesWith && (lie.ways === undefined || lie.ways.includes(way)));
    const lies = fc.uniqueArray(fc.constantFrom(...some), { minLength: 2, maxLength: 3, selector: ({ name }) => name });
    const property = fc.asyncProperty(lies, (all) => tell(liveWithImap(all, way, "mbox")));
    await fc.assert(property, { seed: 20261126, numRuns: way === "careful" ? 30 : 12, endOnFailure: true });
  });
});

describe("a move of which both sides lie", () => {
  const isFree = ({ name, goesWith, costs, isLate, readsAgain }: ImapLie) =>
    goesWith && costs === undefined && !isLate && !readsAgain && !/INTERNALDATE|FLAGS/.test(name);
  it.each([
    { how: "one after the other", capabilities: plainTarget },
    { how: "many at once", capabilities: fastTarget },
  ])("loses and doubles nothing ($how)", async ({ capabilities }) => {
    const sides = fc.tuple(fc.constantFrom(...targetLies), fc.constantFrom(...imapLies.filter(isFree)));
    const property = fc.asyncProperty(sides, ([target, source]) =>
      tell(liveWithTarget(target, capabilities, [source])),
    );
    await fc.assert(property, { seed: 20261127, numRuns: 30, endOnFailure: true });
  });
});
