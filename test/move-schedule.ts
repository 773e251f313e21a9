// Weeks in the life of a move, at random: mail comes and goes at the source, strangers' mail falls into the target, either
// side renumbers its messages, connections break in either direction, the process dies at any step. Whatever the order, a
// run that says SAFE has brought every message, and none is ever there twice.

import fc from "fast-check";
import { expect } from "vitest";
import { addMailbox, addMessage, type StoredMailbox } from "../src/demo/mail-store.ts";
import { sha256 } from "./support/archives.ts";
import { buryOwners } from "./support/bury-owners.ts";
import { crashAt, mend } from "./support/crash-at.mjs";
import { temporaryFolder } from "./support/jobs.ts";
import { appendingTargets, letter, moveTo, runMove, startHouses } from "./support/moves.ts";

/** Few contents, so that twins are common. */
const contents = ["a", "b", "c"].map(letter).concat([Buffer.from("Subject: d\r\n\r\nno end"), Buffer.from("e\nf\n")]);

const pick = fc.nat({ max: 1000 });
const doing = <Name extends string>(name: Name) => fc.record({ do: fc.constant(name) });
export const moveStep = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("deliver"), what: fc.array(pick, { minLength: 1, maxLength: 5 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("remove"), which: pick }) },
  { weight: 2, arbitrary: doing("stranger") },
  { weight: 1, arbitrary: doing("renumber source") },
  { weight: 1, arbitrary: doing("renumber target") },
  { weight: 1, arbitrary: doing("flags") },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("crash"), at: fc.integer({ min: 1, max: 60 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("lose"), at: fc.integer({ min: 1, max: 4 }), kept: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cut"), after: fc.integer({ min: 1, max: 3_000 }) }) },
  { weight: 2, arbitrary: doing("run") },
);
export type MoveStep =
  | { do: "deliver"; what: number[] }
  | { do: "remove"; which: number }
  | { do: "stranger" }
  | { do: "renumber source" }
  | { do: "renumber target" }
  | { do: "flags" }
  | { do: "run" }
  | { do: "crash"; at: number }
  | { do: "lose"; at: number; kept: boolean }
  | { do: "cut"; after: number };

/** Servers that take many messages at once and others. */
export const moveTarget = fc.constantFrom(...appendingTargets.map(({ capabilities }) => capabilities));

export async function liveMove(steps: readonly MoveStep[], capabilities: readonly string[]): Promise<void> {
  const houses = await startHouses({ capabilities });
  const state = temporaryFolder();
  const [source, target] = [addMailbox(houses.old.store, ["INBOX"]), addMailbox(houses.new.store, ["INBOX"])];
  const delivered = new Map<string, number>();
  const fast = { timeoutMs: 1000 };
  const job = moveTo(
    { ...houses.new.account, ...fast },
    { ...houses.old.account, ...fast },
    { retry: { attempts: 2, maxWaitMs: 0 } },
  );
  let strangers = 0;
  try {
    for (const one of steps) {
      if (one.do === "deliver") {
        for (const what of one.what) {
          const { bytes } = addMessage(source, contents[what % contents.length] ?? Buffer.alloc(0));
          delivered.set(sha256(bytes), 1 + (delivered.get(sha256(bytes)) ?? 0));
        }
      } else if (one.do === "remove") source.messages.splice(one.which % (source.messages.length || 1), 1);
      else if (one.do === "stranger")
        addMessage(target, letter(`stranger ${strangers++}`), { internalDate: new Date() });
      else if (one.do === "renumber source") renumber(source);
      else if (one.do === "renumber target") renumber(target);
      else if (one.do === "flags")
        for (const message of source.messages) message.flags = message.flags.length > 0 ? [] : ["\\Flagged"];
      else if (one.do === "run") await runMove(job, state);
      else if (one.do === "cut") {
        houses.new.server.script.cutAfterOctets = one.after;
        await runMove(job, state);
        houses.new.server.script.cutAfterOctets = undefined as never;
      } else if (one.do === "lose") {
        let arrived = 0;
        houses.new.server.script.onAppend = () => {
          arrived += 1;
          return arrived === one.at ? (one.kept ? "lost-answer" : "cut-before-store") : undefined;
        };
        await runMove(job, state);
        houses.new.server.script.onAppend = undefined;
      } else {
        crashAt({ at: one.at });
        await runMove(job, state);
        mend();
        buryOwners(state);
      }
    }
    expect(await runMove(job, state), "the last run").toMatchObject({ verdict: "safe", failures: [] });
    const there = countOf(target);
    for (const [digest, count] of countOf(source))
      expect(there.get(digest) ?? 0, "brought").toBeGreaterThanOrEqual(count);
    for (const [digest, count] of delivered) expect(there.get(digest) ?? 0, "doubled").toBeLessThanOrEqual(count);
    expect(target.messages.length - strangers).toBeLessThanOrEqual([...delivered.values()].reduce((a, b) => a + b, 0));
    const appends = houses.new.server.appends();
    expect(await runMove(job, state)).toMatchObject({ octets: 0 });
    expect(houses.new.server.appends() - appends, "APPENDs in one more run").toBe(0);
  } finally {
    mend();
    await houses.close();
  }
}

function countOf({ messages }: StoredMailbox): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { bytes } of messages) counts.set(sha256(bytes), 1 + (counts.get(sha256(bytes)) ?? 0));
  return counts;
}

function renumber(mailbox: StoredMailbox): void {
  mailbox.uidValidity += 1;
  mailbox.uidNext += 1000;
  for (const message of mailbox.messages) message.uid = mailbox.uidNext++;
}
