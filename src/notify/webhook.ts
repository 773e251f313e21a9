// A message for programs: one JSON document by POST, in English, with every job that there is news of.

import { jsonText } from "../formats/json-text.ts";
import type { JobReport } from "../jobs/events.ts";
import { toRecord } from "../jobs/run-record.ts";
import type { DeliveryLimits } from "./delivery.ts";
import { post } from "./http.ts";
import type { Letter } from "./letter.ts";
import type { JobNews } from "./news.ts";
import { shorten } from "./writing.ts";

const mostJobs = 1_000;
const mostFailures = 50;
const longestReason = 500;

export async function callWebhook(url: string, letter: Letter, limits: DeliveryLimits): Promise<void> {
  const headers = { "Content-Type": "application/json" };
  await post({ url, headers, body: jsonText(documentOf(letter)) }, limits);
}

/** `event` is the worst of those of the jobs; beside it stands that job in short, for whoever looks at one only. */
export function documentOf({ event, items, subject, setting }: Letter): Record<string, unknown> {
  const [first] = items;
  const { failures: _, failureCount: __, ...short } = first === undefined ? {} : jobOf(first);
  return {
    v: 1,
    event,
    ...short,
    at: setting.at.toISOString(),
    host: setting.host,
    text: subject,
    jobs: items.slice(0, mostJobs).map((item) => ({ event: item.event, ...jobOf(item) })),
  };
}

function jobOf({ job, trouble, since, report, lateness }: JobNews): Record<string, unknown> {
  return {
    job,
    verdict: report?.verdict ?? trouble ?? "safe",
    ...(since === undefined ? {} : { since: since.toISOString() }),
    ...(lateness === undefined ? {} : { lastSuccess: lateness.lastSuccess?.toISOString() ?? null }),
    ...(report === undefined ? {} : ofRun(report)),
  };
}

function ofRun(report: JobReport): Record<string, unknown> {
  const { error, failures } = report;
  const { exit, startedAt, seconds, totals, octets } = toRecord(report, "schedule");
  return {
    exit,
    startedAt,
    seconds,
    totals,
    octets,
    ...(error === undefined ? {} : { error: { code: error.code, message: error.message } }),
    failures: failures.slice(0, mostFailures).map((one) => ({ ...one, reason: shorten(one.reason, longestReason) })),
    failureCount: failures.length,
  };
}
