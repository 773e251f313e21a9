// Metrics for Prometheus, read back by a parser of their format that is not ours.

import { describe, expect, it } from "vitest";
import { type RunRecord, toRecord } from "../../src/jobs/run-record.ts";
import { formatMetrics } from "../../src/reports/metrics.ts";
import { parseExposition } from "../support/exposition.ts";
import { jobReport, mailboxReport } from "../support/job-report.ts";

const good = toRecord(
  jobReport({
    startedAt: "2026-11-22T02:30:12.500Z",
    octets: 31_400_000,
    mailboxes: [
      mailboxReport("INBOX", { onServer: 100, new: 5, missing: 2, kept: 3 }),
      mailboxReport("Sent", { onServer: 10, new: 1 }),
    ],
  }),
  "schedule",
);
const refused = toRecord(
  jobReport({
    startedAt: "2026-11-23T02:30:00.000Z",
    seconds: 1.5,
    verdict: "failed",
    exit: { code: 4, name: "log-in" },
  }),
  "schedule",
);

function valuesOf(runs: readonly RunRecord[], changes: { name?: string; staleAfterMs?: number } = {}) {
  const samples = parseExposition(formatMetrics([{ name: "nightly", runs, ...changes }]));
  return Object.fromEntries(samples.map(({ name, value }) => [name.replace("mailferry_", ""), value]));
}

describe("metrics", () => {
  it("tell how the newest run went, and what it counted", () => {
    expect(valuesOf([good], { staleAfterMs: 129_600_000 })).toEqual({
      last_run_timestamp_seconds: Date.UTC(2026, 10, 22, 2, 30, 12, 500) / 1000,
      last_success_timestamp_seconds: Date.UTC(2026, 10, 22, 2, 30, 12, 500) / 1000,
      last_exit_code: 0,
      last_run_seconds: 660,
      last_run_octets: 31_400_000,
      messages_on_server: 110,
      messages_in_archive: 108,
      messages_missing: 2,
      messages_new: 6,
      messages_kept: 3,
      stale_after_seconds: 129_600,
    });
  });

  it("do not take a run that could not log in for an empty account, nor for a success", () => {
    expect(valuesOf([good, refused])).toMatchObject({
      last_run_timestamp_seconds: Date.UTC(2026, 10, 23, 2, 30) / 1000,
      last_success_timestamp_seconds: Date.UTC(2026, 10, 22, 2, 30, 12, 500) / 1000,
      last_exit_code: 4,
      last_run_seconds: 1.5,
      last_run_octets: 0,
      messages_on_server: 110,
    });
  });

  it("say nothing of what is not known", () => {
    expect(formatMetrics([{ name: "nightly", runs: [] }])).toBe("");
    expect(Object.keys(valuesOf([refused]))).not.toContain("last_success_timestamp_seconds");
    expect(Object.keys(valuesOf([refused]))).not.toContain("messages_missing");
  });

  it("come grouped, with every job a label of its own, whatever it is called", () => {
    const names = ["nightly", 'a "quoted" \\ name', "Mémé's {mail}", "two,b=1"];
    const samples = parseExposition(formatMetrics(names.map((name) => ({ name, runs: [good] }))));
    const named = samples.filter(({ name }) => name === "mailferry_last_exit_code").map(({ labels }) => labels);
    expect(named).toEqual(names.map((job) => ({ job })));
  });
});
