// What looks strange in the runs of a job.

import { expect, test } from "vitest";
import type { RunRecord } from "../../src/jobs/run-record.ts";
import { quietness, shrunkMailboxes, warningsOf } from "../../src/schedule/warnings.ts";

const dayMs = 86_400_000;
const first = Date.parse("2026-06-01T02:30:00Z");

/** The run of that day, counted from the first: what was new, and how many messages each mailbox has. */
function run(day: number, brought: number, mailboxes: Record<string, number> = { INBOX: 100 }): RunRecord {
  return {
    trigger: "schedule",
    startedAt: new Date(first + day * dayMs).toISOString(),
    seconds: 60,
    verdict: "safe",
    exit: { code: 0, name: "ok" },
    totals: { onServer: 100, inArchive: 100, new: brought, missing: 0, kept: 0 },
    octets: 0,
    mailboxes: Object.entries(mailboxes).map(([name, count]) => [[name], count]),
  };
}

const on = (day: number) => new Date(first + day * dayMs);

test("a mailbox that lost more than half, and at least 20, has shrunk", () => {
  const after = (counts: Record<string, number>) =>
    shrunkMailboxes([run(0, 0, { INBOX: 999 }), run(1, 0, { INBOX: 100, Sent: 41, Tiny: 19 }), run(2, 0, counts)]);
  expect(after({ INBOX: 49, Sent: 41, Tiny: 0 })).toEqual([
    { kind: "shrunk", mailbox: ["INBOX"], before: 100, after: 49 },
  ]);
  expect(after({ INBOX: 50, Sent: 21, Tiny: 0 })).toEqual([]);
  expect(after({ INBOX: 100, Tiny: 19 })).toEqual([{ kind: "shrunk", mailbox: ["Sent"], before: 41, after: 0 }]);
});

test("a mailbox that a broken run did not come to has not shrunk", () => {
  const broken = { ...run(2, 0, { Sent: 41 }), verdict: "incomplete" } as const;
  expect(shrunkMailboxes([run(1, 0, { INBOX: 100, Sent: 41 }), broken])).toEqual([]);
  const failed = { ...run(3, 0, {}), verdict: "failed" } as const;
  expect(shrunkMailboxes([run(1, 0), run(2, 0, { INBOX: 10 }), failed])).toHaveLength(1);
});

test("one run shrinks nothing", () => {
  expect(shrunkMailboxes([])).toEqual([]);
  expect(shrunkMailboxes([run(0, 5)])).toEqual([]);
});

/** Every `gap` days something came, `times` times; then nothing for `quiet` nights that looked. */
function history(gap: number, times: number, quiet: number): { runs: RunRecord[]; now: Date } {
  const last = gap * (times - 1);
  const runs = Array.from({ length: last + quiet + 1 }, (_, day) => run(day, day <= last && day % gap === 0 ? 3 : 0));
  return { runs, now: on(last + quiet) };
}

test("nothing new for a week is unusual where something came every other day", () => {
  const week = history(2, 10, 7);
  expect(quietness(week.runs, week.now)).toEqual({ kind: "quiet", seconds: 7 * 86_400, longestSeconds: 2 * 86_400 });
  const six = history(1, 10, 6);
  expect(quietness(six.runs, six.now)).toBeUndefined();
});

test("it must be more than three times the longest gap of the last 90 days", () => {
  const nine = history(3, 10, 9);
  expect(quietness(nine.runs, nine.now)).toBeUndefined();
  const ten = history(3, 10, 10);
  expect(quietness(ten.runs, ten.now)).toBeDefined();
  // A gap of 30 days, long ago.
  const old = [run(0, 1), run(30, 1), ...Array.from({ length: 100 }, (_, day) => run(31 + day, 1)), run(140, 0)];
  expect(quietness(old, on(140))).toMatchObject({ longestSeconds: 86_400 });
  expect(quietness(old.filter((_, index) => index < 40).concat(run(78, 0)), on(78))).toBeUndefined();
});

test("nights that nobody looked are not quiet, and a young job has no habits", () => {
  const { runs } = history(1, 10, 0);
  expect(quietness(runs, on(60))).toBeUndefined();
  const failed = { ...run(60, 0, {}), verdict: "failed" } as const;
  expect(quietness([...runs, failed], on(60))).toBeUndefined();
  const young = history(1, 3, 30);
  expect(warningsOf(young.runs, young.now)).toEqual([]);
  expect(warningsOf([], on(0))).toEqual([]);
});
