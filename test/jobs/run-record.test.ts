// What is remembered of a job's runs.

import { appendFile, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { JobReport } from "../../src/jobs/events.ts";
import { moveIdentity } from "../../src/jobs/identity.ts";
import { recordRun, runsOf } from "../../src/jobs/run-record.ts";
import { memoryOf } from "../../src/storage/job-memory.ts";
import { temporaryFolder } from "../support/jobs.ts";

const job = { name: "../nightly", from: { mbox: "/mail" }, to: { archive: "/a", format: "mbox" } } as const;
const fileOf = (state: string) => join(memoryOf(state, moveIdentity(job)), "runs.jsonl");

function report(startedAt: string): JobReport {
  const mailbox = { onServer: 3, inArchive: 2, new: 1, missing: 1, kept: 4, filtered: 0 };
  return {
    name: job.name,
    verdict: "incomplete",
    exit: { code: 3, name: "incomplete" },
    from: "/mail",
    to: "/a",
    startedAt,
    seconds: 1.5,
    mailboxes: [
      { path: ["INBOX"], ...mailbox },
      { path: ["Sent"], ...mailbox },
    ],
    messages: { copied: 2, settled: 2, failed: 2 },
    octets: 100,
    failures: [{ code: "M401", mailbox: ["INBOX"], key: "7", reason: "unreadable" }],
  };
}

async function recordIn(state: string, startedAt: string): Promise<void> {
  const whole = { ...job, mailboxes: { include: ["*"], exclude: [], map: [] }, filter: {}, verify: "after" } as const;
  await recordRun({ ...whole, retry: { attempts: 1, maxWaitMs: 1 } }, report(startedAt), "schedule", state);
}

test("runs are remembered in their order, with sums over all mailboxes and the first reason", async () => {
  const state = temporaryFolder();
  expect(await runsOf(job, state)).toEqual([]);
  await recordIn(state, "2026-11-21T02:30:00.000Z");
  await recordIn(state, "2026-11-22T02:30:00.000Z");
  const runs = await runsOf(job, state);
  expect(runs.map(({ startedAt }) => startedAt)).toEqual(["2026-11-21T02:30:00.000Z", "2026-11-22T02:30:00.000Z"]);
  expect(runs[1]).toMatchObject({
    trigger: "schedule",
    verdict: "incomplete",
    totals: { onServer: 6, inArchive: 4, new: 2, missing: 2, kept: 8 },
    mailboxes: [
      [["INBOX"], 3],
      [["Sent"], 3],
    ],
    code: "M401",
  });
  expect((await stat(fileOf(state))).mode & 0o777).toBe(0o600);
});

test("a line that a crash has torn costs that run alone", async () => {
  const state = temporaryFolder();
  await recordIn(state, "2026-11-21T02:30:00.000Z");
  await appendFile(fileOf(state), '{"trigger":"sched');
  await recordIn(state, "2026-11-23T02:30:00.000Z");
  expect((await runsOf(job, state)).map(({ startedAt }) => startedAt)).toEqual([
    "2026-11-21T02:30:00.000Z",
    "2026-11-23T02:30:00.000Z",
  ]);
});

test("the memory does not grow for ever, and the newest stay", async () => {
  const state = temporaryFolder();
  await recordIn(state, "2026-11-21T02:30:00.000Z");
  const [line = ""] = (await readFile(fileOf(state), "utf8")).split("\n");
  await appendFile(fileOf(state), `${line}\n`.repeat(999));
  await recordIn(state, "2026-11-22T02:30:00.000Z");
  const runs = await runsOf(job, state);
  expect(runs.length).toBe(501);
  expect(runs.at(-1)?.startedAt).toBe("2026-11-22T02:30:00.000Z");
});
