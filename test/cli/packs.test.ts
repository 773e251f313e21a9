// What is said of packs: in the summary, in a rehearsal, in the report, and where something is wrong with them.

import { chmodSync, readdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { report } from "../../src/cli/report.ts";
import { run } from "../../src/cli/run.ts";
import { createPaint } from "../../src/cli/screen.ts";
import { formatJobSummary } from "../../src/cli/summary.ts";
import type { JobReport, PackReport } from "../../src/jobs/events.ts";
import { openCaller } from "../support/in-process.ts";
import { jobReport, mailboxReport } from "../support/job-report.ts";

const options = {
  language: "en",
  cwd: "/home/ada",
  paint: createPaint(false),
  verbose: false,
  timeZone: "UTC",
} as const;
const file = (day: string) => `nightly-${day}T023000Z.tar.gz`;
const kept = (...days: string[]) => days.map((day) => ({ file: file(day), why: ["monthly"] }));
const written = { file: file("2026-11-01"), octets: 31_400_000, messages: 30_999, sha256: "0".repeat(64) };

function summary(pack: Partial<PackReport>, changes: Partial<JobReport> = {}): string {
  const whole = { to: "/home/ada/vault", kept: [], removed: [], ...pack };
  const mailboxes = [mailboxReport("INBOX", { onServer: 7 })];
  return formatJobSummary(jobReport({ mailboxes, pack: whole, ...changes }), options).join("\n");
}

describe("the summary", () => {
  test("says which pack was written, and how many stay", () => {
    const removed = [{ file: file("2026-09-01"), why: "older than the newest 2 months" }];
    expect(summary({ written, kept: kept("2026-11-01", "2026-10-01"), removed })).toContain(
      [
        "  Nothing new: 0 octets of mail moved",
        "  Packed: nightly-2026-11-01T023000Z.tar.gz (31.4 MB, 30,999 messages, read",
        "    back intact); 1 older pack removed, 2 kept",
        "",
        "SAFE: all 7 messages are in the archive.",
      ].join("\n"),
    );
  });

  test("says when the next pack is due, or why there is none", () => {
    expect(summary({ notDueUntil: "2026-12-01", kept: kept("2026-11-01") })).toContain(
      "  Pack: not due until 2026-12-01; 1 kept\n",
    );
    expect(summary({ heldBack: "the run stopped before its end" })).toContain(
      "  Not packed: the run stopped before its end; 0 kept\n",
    );
  });

  test("says that the mail is safe where no pack could be written", () => {
    const changes = { verdict: "incomplete", exit: { code: 9, name: "destination" } } as const;
    const error = { code: "D501", message: "/vault: the disk is full (ENOSPC)", remedy: "Make room and run again." };
    const text = summary({ error }, changes);
    expect(text).toContain("✖ nightly, packs: disk full");
    expect(text).toContain("  The mail in the archive is as safe as it was.");
    expect(text).toMatch(
      /\nINCOMPLETE: no pack was written, 7 messages are safe. To try once more, run the same command again.$/,
    );
  });

  test("sends nobody to run a job again for a pack that an earlier run wrote", () => {
    const changes = { verdict: "incomplete", exit: { code: 7, name: "damaged" } } as const;
    const error = { code: "V902", message: "/vault: nightly-2026-10-01T023000Z.tar.gz is empty" };
    expect(summary({ notDueUntil: "2026-12-01", error }, changes)).toMatch(
      /\nINCOMPLETE: a pack is damaged, 7 messages are safe. What to do is said above.$/,
    );
    const failed = { ...changes, verdict: "failed", error: { code: "A201", message: "refused" } } as const;
    expect(summary({ error }, failed)).not.toContain("the archive is damaged");
  });

  test("shows nothing of what a changed report holds to the terminal", () => {
    const text = summary({ notDueUntil: "\x1b[2J", kept: [], error: { code: "V902", message: "\x1b]0;x\x07" } });
    expect(text).not.toMatch(/[\x1b\x07]/);
  });
});

const yaml = `version: 1
defaults: { timezone: Europe/Paris }
accounts: {}
jobs:
  - name: nightly
    from: { mbox: ./inbox.mbox }
    to: { archive: ./backup, format: maildir }
    pack: { as: zip, every: day, to: ./vault }
    retention: { keepLast: 1, keepMonthly: 2 }
`;

test("from the job file to the report: a rehearsal, packs, and the same again from report", async () => {
  const { cwd, call } = openCaller("");
  writeFileSync(join(cwd, "jobs.yaml"), yaml);
  chmodSync(join(cwd, "jobs.yaml"), 0o600);
  writeFileSync(join(cwd, "inbox.mbox"), "From ada Thu Jan  1 00:00:00 2026\nSubject: 1\n\nHello.\n\n");
  const at = (day: string) => () => new Date(`${day}T01:30:00Z`);
  const nightly = (day: string, dryRun = false) =>
    call((invocation) => run(["nightly"], false, invocation), { clock: at(day), ...(dryRun ? { dryRun } : {}) });

  for (const day of ["2026-10-30", "2026-10-31", "2026-11-01"]) expect((await nightly(day)).code).toBe(0);
  const plan = await nightly("2026-11-02", true);
  expect(plan.stdout).toContain(`
  To pack: nightly-2026-11-02T013000Z.zip, into ./vault

  To keep (2):
    nightly-2026-11-02T013000Z.zip  last, monthly; to be written
    nightly-2026-10-31T013000Z.zip  monthly
  To remove (1):
    nightly-2026-11-01T013000Z.zip  older than the newest pack; a newer pack
                                    has its month

REHEARSAL: nothing would be copied; nothing was written.
`);
  expect(readdirSync(join(cwd, "vault"))).toHaveLength(3);

  const done = await nightly("2026-11-02");
  expect(done.stdout).toMatch(
    / {2}Packed: nightly-2026-11-02T013000Z\.zip \([\d.]+ kB, 1 message, read back\n {4}intact\); 1 older pack removed, 2 kept\n/,
  );
  const again = await call((invocation) => report("nightly", {}, invocation));
  expect(again.stdout).toMatch(/Packed: nightly-2026-11-02T013000Z\.zip .*\n.*\n\n {2}Kept \(2\):\n.* last, monthly\n/);
  const document = await call((invocation) => report("nightly", {}, invocation), { json: true });
  expect(document.document.jobs[0].pack).toMatchObject({
    written: { file: "nightly-2026-11-02T013000Z.zip", messages: 1 },
    removed: [{ file: "nightly-2026-11-01T013000Z.zip" }],
  });

  truncateSync(join(cwd, "vault", "nightly-2026-11-02T013000Z.zip"), 7);
  const damaged = await nightly("2026-11-03");
  expect(damaged.code).toBe(7);
  expect(damaged.stdout).toContain("✖ nightly, packs: pack damaged");
});
