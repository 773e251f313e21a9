// What looks strange in the runs of a job, although each of them may have ended well. Nothing is missing for it.

import type { RunRecord } from "../jobs/run-record.ts";

export type StatusWarning =
  | { readonly kind: "shrunk"; readonly mailbox: readonly string[]; readonly before: number; readonly after: number }
  /** No run tries the log-in of this account any more, unless a person starts it; the server's last refusal was then. */
  | { readonly kind: "paused"; readonly account: string; readonly refusals: number; readonly lastRefused: string }
  /** Nothing new for so long, where it was never longer than that. */
  | { readonly kind: "quiet"; readonly seconds: number; readonly longestSeconds: number };

/** `runs` as `runsOf` gives them, the oldest first. */
export function warningsOf(runs: readonly RunRecord[], now: Date): readonly StatusWarning[] {
  const quiet = quietness(runs, now);
  return [...shrunkMailboxes(runs), ...(quiet === undefined ? [] : [quiet])];
}

const leastLost = 20;

/**
 * Mailboxes that had more than twice as many messages on the server in the run before the last, and at least 20 more. A
 * mailbox that is not there any more has none, if the last run was not stopped before it came to it.
 */
export function shrunkMailboxes(runs: readonly RunRecord[]): readonly StatusWarning[] {
  const [before, after] = runs.filter(hasListed).slice(-2);
  if (before === undefined || after === undefined) return [];
  const counts = new Map(after.mailboxes.map(([path, count]) => [JSON.stringify(path), count]));
  return before.mailboxes.flatMap(([mailbox, count]): StatusWarning[] => {
    const now = counts.get(JSON.stringify(mailbox)) ?? (after.verdict === "safe" ? 0 : count);
    const isSharp = count - now >= leastLost && now < count / 2;
    return isSharp ? [{ kind: "shrunk", mailbox, before: count, after: now }] : [];
  });
}

const dayMs = 86_400_000;
const [leastQuietMs, rememberedMs, timesLonger] = [7 * dayMs, 90 * dayMs, 3];
/** A first run brings everything; from then on it takes a few arrivals to know what is usual. */
const leastArrivals = 4;

/**
 * Nothing new from the last run that brought something to the newest that looked: for at least a week, and more than
 * three times as long as ever between two such runs in the last 90 days.
 */
export function quietness(runs: readonly RunRecord[], now: Date): (StatusWarning & { kind: "quiet" }) | undefined {
  const looked = runs.filter(hasListed);
  const arrivals = looked.filter(({ totals }) => totals.new > 0).map(startMs);
  const [last, newest] = [arrivals.at(-1), looked.at(-1)];
  if (last === undefined || newest === undefined || arrivals.length < leastArrivals) return undefined;
  const gaps = arrivals.flatMap((time, index) => {
    const before = arrivals[index - 1];
    return before === undefined || time < now.getTime() - rememberedMs ? [] : [time - before];
  });
  if (gaps.length === 0) return undefined;
  const longest = Math.max(...gaps);
  const quiet = startMs(newest) - last;
  if (quiet < leastQuietMs || quiet <= timesLonger * longest) return undefined;
  return { kind: "quiet", seconds: Math.round(quiet / 1000), longestSeconds: Math.round(longest / 1000) };
}

/** It got as far as counting. */
export function hasListed({ mailboxes }: RunRecord): boolean {
  return mailboxes.length > 0;
}

function startMs({ startedAt }: RunRecord): number {
  return Date.parse(startedAt);
}
