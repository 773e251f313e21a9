// What is told of an archive by its ledgers alone.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { monthOf, surveyArchive } from "../../src/reports/archive-contents.ts";
import { temporaryFolder } from "../support/jobs.ts";
import { writeLedgers } from "../support/synthetic-archive.ts";

const now = new Date("2026-11-22T02:30:00Z");
const day = (text: string) => new Date(`${text}T12:00:00Z`);

it("counts messages by month over all mailboxes, and those without a date that can be", async () => {
  const folder = temporaryFolder();
  await writeLedgers(folder, {
    INBOX: [
      { key: "1", size: 10, date: day("2019-03-31") },
      { key: "2", size: 20, date: day("2019-04-01") },
      { key: "3", size: 30 },
      { key: "4", size: 40, date: day("1970-01-01") },
      { key: "5", size: 50, date: day("2038-01-19") },
      { key: "6", size: 60, date: day("2026-11-22") },
    ],
    "Projets/2026": [{ key: "1", size: 70, date: day("2019-03-01") }],
  });
  const contents = await surveyArchive(folder, now);
  expect(contents).toMatchObject({ messages: 7, octets: 280, mailboxes: 2, undated: 3, damaged: 0, format: "mbox" });
  expect([...contents.months].sort(([a], [b]) => a - b)).toEqual([
    [monthOf(day("2019-03-01")), 2],
    [monthOf(day("2019-04-01")), 1],
    [monthOf(day("2026-11-01")), 1],
  ]);
  expect([contents.first, contents.last]).toEqual([day("2019-03-01"), day("2026-11-22")]);
});

it("names the twenty biggest messages, those that came first among equals", async () => {
  const folder = temporaryFolder();
  const sizes = Array.from({ length: 300 }, (_, index) => (index * 7919) % 101);
  await writeLedgers(folder, {
    INBOX: sizes.slice(0, 150).map((size, index) => ({ key: `a${index}`, size })),
    Sent: sizes.slice(150).map((size, index) => ({ key: `b${index}`, size })),
  });
  const { biggest } = await surveyArchive(folder, now);
  const all = sizes.map((size, index) => ({ size, key: index < 150 ? `a${index}` : `b${index - 150}` }));
  expect(biggest.map(({ size, key }) => ({ size, key }))).toEqual(all.toSorted((a, b) => b.size - a.size).slice(0, 20));
});

it("counts what it can where a ledger is damaged", async () => {
  const folder = temporaryFolder();
  const one = [{ key: "1", size: 1 }];
  await writeLedgers(folder, { INBOX: one, Sent: one, Trash: one });
  writeFileSync(join(folder, "ledger", "Sent.jsonl"), "nonsense\n");
  expect(await surveyArchive(folder, now)).toMatchObject({ messages: 2, damaged: 1 });
});

it("is nothing that an empty folder has", async () => {
  await expect(surveyArchive(temporaryFolder(), now)).rejects.toMatchObject({ code: "D506" });
});
