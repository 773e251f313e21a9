// A message to a phone, by ntfy: https://docs.ntfy.sh/publish/

import type { NotifyPlan } from "../jobs/job.ts";
import type { DeliveryLimits } from "./delivery.ts";
import { encodeHeader } from "./header.ts";
import { post } from "./http.ts";
import type { Letter, Section } from "./letter.ts";
import { capitalise } from "./mail-text.ts";
import { shorten } from "./writing.ts";

const urgency = {
  failure: { Priority: "4", Tags: "warning" },
  overdue: { Priority: "4", Tags: "alarm_clock" },
  reminder: { Priority: "3", Tags: "warning" },
  recovered: { Priority: "3", Tags: "white_check_mark" },
  success: { Priority: "2", Tags: "white_check_mark" },
  test: { Priority: "3", Tags: "test_tube" },
} as const;

/** ntfy makes an attachment of a message of more than 4096 octets; a character may have four. */
const longestBody = 1_000;

export async function publish(
  { url, topic, secret }: NonNullable<NotifyPlan["ntfy"]>,
  letter: Letter,
  limits: DeliveryLimits,
): Promise<void> {
  const token = await secret?.();
  const address = new URL(url);
  address.pathname = `${address.pathname.replace(/\/+$/, "")}/${topic}`;
  const headers = {
    "Content-Type": "text/plain; charset=utf-8",
    Title: encodeHeader(letter.subject),
    ...urgency[letter.event],
    ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
  };
  await post({ url: address.href, headers, body: bodyOf(letter) }, limits);
}

function bodyOf({ sections, colon }: Letter): string {
  const lines = sections.flatMap(({ title, verdict, summary, remarks, todo }: Section) => [
    `${title}${verdict === "" ? "" : `${colon}${verdict}`}. ${capitalise(summary)}`,
    ...remarks,
    ...(todo?.lines ?? []),
  ]);
  return shorten(lines.join("\n"), longestBody);
}
