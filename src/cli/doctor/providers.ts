// The table of providers that comes with the program: what it knows grows old.

import { providers, tableDates } from "../../detect/table.ts";
import type { Finding, Practice } from "./finding.ts";

/** Providers change a server or a log-in every few years. */
const oldMs = 2 * 365 * 86_400_000;

export function examineProviders({ say, now }: Practice): Finding {
  const { newest } = tableDates();
  const name = "providers";
  const isOld = now.getTime() - Date.parse(newest) > oldMs;
  const text = say("providers", { count: providers.length, date: newest });
  return isOld ? { name, level: "info", text, remedy: say("providers.do") } : { name, level: "ok", text };
}
