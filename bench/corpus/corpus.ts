// Which messages an account holds: how many in which mailbox, and how large they are.

import { createBodies } from "./bodies.ts";
import { type CorpusMessage, makeMessage } from "./message.ts";
import { createRandom, type Random } from "./random.ts";

export interface CorpusMailbox {
  /** As the server names it, with `/` between levels. */
  readonly name: string;
  readonly messages: Iterable<CorpusMessage>;
}

/** Shares in per mille. As real accounts are: a few large mailboxes, some small ones, and some below others. */
const shares: readonly (readonly [string, number])[] = [
  ["INBOX", 250],
  ["Lists/dev", 200],
  ["Archive/2024", 140],
  ["Archive/2023", 110],
  ["Sent", 90],
  ["Archive", 70],
  ["Lists/users", 50],
  ["Receipts", 40],
  ["Projects", 25],
  ["Travel", 15],
  ["Family", 7],
  ["Lists", 3],
];

/** Log-normal: the mean is e^(sigma²/2) times the median, about 25 KB, and one message in 800 has 1 to 5 MB. */
const medianSize = 6 * 1024;
const sigma = 1.69;
const largestSize = 5 * 1024 * 1024;

/** The messages of a mailbox are made while they are read, and can be read once. */
export function makeMailboxes(count: number, seed: number): CorpusMailbox[] {
  const counts = shares.map(([name, share]) => ({ name, count: Math.floor((count * share) / 1000) }));
  const given = counts.reduce((sum, mailbox) => sum + mailbox.count, 0);
  return counts.map(({ name, count: own }, index) => ({
    name,
    // The first gets what rounding left over.
    messages: makeMessages(index === 0 ? own + count - given : own, seed + index * 1_000_003),
  }));
}

export function makeInbox(count: number, seed: number): CorpusMailbox[] {
  return [{ name: "INBOX", messages: makeMessages(count, seed) }];
}

function* makeMessages(count: number, seed: number): Generator<CorpusMessage> {
  const random = createRandom(seed);
  const makeBody = createBodies(random);
  for (let index = 0; index < count; index += 1) {
    yield makeMessage(random, makeBody, seed * 1_000_000 + index, Math.round(drawSize(random)));
  }
}

function drawSize(random: Random): number {
  return Math.min(largestSize, medianSize * Math.exp(sigma * random.normal()));
}
