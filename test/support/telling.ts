// Runs told of at a time that the test sets, over channels that the test opens.

import type { JobReport, Verdict } from "../../src/jobs/events.ts";
import type { NotifyPlan } from "../../src/jobs/job.ts";
import type { Language } from "../../src/language/language.ts";
import type { Outcome } from "../../src/notify/channels.ts";
import { troubleOf } from "../../src/notify/news.ts";
import { type Observed, tell } from "../../src/notify/tell.ts";
import { jobReport, mailboxReport } from "./job-report.ts";

/** Short enough for a test of silence; long enough for a busy machine. */
export const shortLimits = { silenceMs: 1_500, pauseMs: 1 };

export const at = (time: string) => new Date(`${time}:00.000Z`);

export function planOf(channels: Partial<NotifyPlan>): NotifyPlan {
  return {
    when: new Set(["failure", "overdue", "recovered"]),
    onlyScheduled: true,
    webhook: [],
    ...channels,
  };
}

/** A job that ran, as its report says. */
export function ran(name: string, verdict: Verdict, changes: Partial<JobReport> = {}): Observed {
  const missing = verdict === "incomplete" ? 2 : 0;
  const exits = { safe: "ok", incomplete: "incomplete", failed: "log-in", skipped: "skipped", rehearsal: "ok" };
  const report = jobReport({
    name,
    verdict,
    exit: { code: verdict === "safe" ? 0 : 3, name: exits[verdict] },
    mailboxes: verdict === "failed" ? [] : [mailboxReport("INBOX", { onServer: 10, missing })],
    failures: missing > 0 ? [{ code: "M401", mailbox: ["INBOX"], key: "7", reason: "unreadable" }] : [],
    ...(verdict === "failed" ? { error: { code: "A201", message: "the log-in was refused" } } : {}),
    ...changes,
  });
  return { job: identity(name), observation: troubleOf(report) ?? (verdict === "safe" ? "safe" : "no-news"), report };
}

export function didNotRun(name: string): Observed {
  const lateness = { dueAt: at("2026-11-20T02:30"), lastSuccess: at("2026-11-19T02:41") };
  return { job: identity(name), observation: "overdue", lateness };
}

export function identity(name: string) {
  return {
    name,
    from: { mbox: "/mail" },
    to: { archive: `/archives/${name}`, format: "mbox" },
    timeZone: "UTC",
  } as const;
}

/** What became of each message, as it was said. */
export async function tellAt(
  now: Date,
  observed: readonly Observed[],
  { plan, state, language = "en" }: { readonly plan: NotifyPlan; readonly state: string; readonly language?: Language },
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const heard = (outcome: Outcome) => void outcomes.push(outcome);
  await tell(observed, { plan, language, stateDirectory: state, now, host: "nas", limits: shortLimits, heard });
  return outcomes;
}
