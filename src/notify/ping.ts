// A dead-man monitor, which raises the alarm by itself when nothing comes: it hears of every scheduled run.
// The addresses are those of healthchecks.io, which others have taken over: URL/start, URL, URL/fail.

import type { DeliveryLimits } from "./delivery.ts";
import { post } from "./http.ts";

export type PingEvent = "start" | "success" | "fail";

/** `line` is kept by the monitor as the log of the run. */
export async function ping(url: string, event: PingEvent, line: string, limits: DeliveryLimits): Promise<void> {
  const headers = { "Content-Type": "text/plain; charset=utf-8" };
  await post({ url: addressOf(url, event), headers, body: `${line}\n` }, limits);
}

export function addressOf(url: string, event: PingEvent): string {
  if (event === "success") return url;
  const address = new URL(url);
  address.pathname = `${address.pathname.replace(/\/+$/, "")}/${event}`;
  return address.href;
}
