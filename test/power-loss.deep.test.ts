// Thousands of images of the disk that a power loss may leave, at every sync and rename of a run: nothing that a ledger calls
// stored is lost, the next run ends with every message exactly once, and the one after it moves no octet.

import { expect, test } from "vitest";
import type { MailStore } from "../src/demo/mail-store.ts";
import { setFlags } from "../src/demo/mail-store.ts";
import { recordDisk } from "./support/disk-record.ts";
import { spread } from "./support/kill-points.ts";
import { recordRun, type Scenario, sweepImages } from "./support/power-loss.ts";
import {
  aNight,
  fillMany,
  type Life,
  type Opened,
  openLife,
  openMove,
  openVault,
  renumber,
} from "./support/power-scenarios.ts";
import { swept } from "./support/sweep-counts.ts";

/** Flags go back and forth until a ledger is so worn that it is written anew. */
const wearing = Array.from({ length: 28 }, (_, night) => ({ mailboxes }: MailStore) => {
  for (const inbox of mailboxes)
    for (const message of inbox.messages) setFlags(inbox, message, night % 2 === 0 ? ["\\Seen"] : ["\\Flagged"]);
});

interface Case {
  readonly what: string;
  /** Where fewer of them differ, it is all of those. */
  readonly most: number;
  readonly life: Life;
  /** Before this one of the images is to be made. */
  readonly meets?: string;
}

const lives: readonly Case[] = [
  { what: "a first run from POP3 into mbox", most: 100, life: { protocol: "pop3", format: "mbox" } },
  {
    what: "a first run from IMAP into mbox",
    most: 200,
    life: { protocol: "imap", format: "mbox", isRemembered: true },
  },
  { what: "a first run from IMAP into a Maildir", most: 150, life: { protocol: "imap", format: "maildir" } },
  { what: "a night of an mbox archive", most: 350, life: { protocol: "imap", format: "mbox", nights: [aNight] } },
  {
    what: "a first run into an mbox in parts",
    most: 30,
    life: { protocol: "imap", format: "mbox", fileOctets: 1_200 },
    meets: "sync of archive/mbox/INBOX.mbox%~part-002.mbox",
  },
  {
    what: "a night of a Maildir with changed flags",
    most: 110,
    life: { protocol: "imap", format: "maildir", nights: [aNight], isRemembered: true },
  },
  {
    what: "a night on which the server has numbered its messages anew",
    most: 60,
    life: {
      protocol: "imap",
      format: "maildir",
      nights: [
        (store) => {
          aNight(store);
          renumber(store);
        },
      ],
    },
  },
  { what: "several batches into mbox", most: 30, life: { protocol: "pop3", format: "mbox", fill: fillMany(1100) } },
  {
    what: "several batches into a Maildir",
    most: 12,
    life: { protocol: "pop3", format: "maildir", fill: fillMany(1100) },
  },
  {
    what: "a night on which a worn ledger is written anew",
    most: 120,
    life: { protocol: "imap", format: "mbox", fill: fillMany(40), nights: wearing },
    meets: "rename to archive/ledger/INBOX.jsonl",
  },
];

test.each(lives)(
  "a power loss during $what loses nothing that a ledger calls stored",
  async ({ most, life, meets }) => {
    await sweep(await openLife(life), most, meets);
  },
);

test.each([
  { what: "a first move", nights: 0, most: 70 },
  { what: "a night of a move, with strangers' letters at the target", nights: 1, most: 70 },
])("a power loss during $what, of which the book is torn, loses and doubles nothing", async ({ nights, most }) => {
  await sweep(await openMove(nights), most);
});

test("a power loss while packs are made and pruned leaves those that the rules keep", async () => {
  await sweep(await openVault(), 150);
});

test.each([
  { protocol: "pop3", format: "mbox" },
  { protocol: "imap", format: "mbox" },
  { protocol: "imap", format: "maildir" },
] as const)("nor does one after a kill -9, during the run that takes up $protocol to $format", async (life) => {
  let images = 0;
  for (const death of await deathsOf(life)) {
    const scenario = await openLife(life);
    const record = recordDisk(scenario.root, () => scenario.see());
    record.dieAfter(death);
    await scenario.run();
    record.liveAgain();
    const since = record.points.length;
    await scenario.run();
    record.end();
    images += await sweepImages(scenario, record, Math.ceil(6 * share), record.points.slice(since));
    await scenario.close();
  }
  expect(images).toBeGreaterThan(45 * share);
  swept("crash images", images);
});

/** Before each of some changes; many of them when a name is given, and not on the disk yet. */
async function deathsOf(life: Life): Promise<number[]> {
  const scenario = await openLife(life);
  const { changes } = await recordRun(scenario);
  await scenario.close();
  const before = changes.flatMap((change, index) => (change.startsWith("sync folder") ? [index] : []));
  const some = spread(before.length, Math.min(before.length, 16)).map((number) => before[number - 1] ?? 0);
  return [...new Set([...spread(changes.length - 1, 4), ...some])];
}

/** SHARE=0.1 goes through a tenth of them. */
const share = Number(process.env.SHARE ?? 1);

async function sweep<Seen>(scenario: Opened<Seen>, most: number, meets?: string): Promise<void> {
  try {
    const record = await recordRun(scenario as Scenario<Seen>);
    if (meets !== undefined) expect(record.points.map(({ before }) => before)).toContain(meets);
    const images = await sweepImages(scenario, record, most * share);
    console.log(`${images} images at ${record.points.length} points`);
    expect(images).toBeGreaterThan(Math.min(most, 30) * share * 0.8);
    swept("crash images", images);
  } finally {
    await scenario.close();
  }
}
