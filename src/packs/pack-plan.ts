// When a pack is due, and what the rules say of those that are there. Pure: nothing here looks at a disk or a clock.

import type { PackFormat } from "./format.ts";
import type { FoundPack } from "./pack-folder.ts";
import { formatPackName } from "./pack-name.ts";
import { type CalendarDay, dayOf, type Period, startOfNextPeriod, startOfPeriod } from "./periods.ts";
import { applyRetention, type KeepRules, whyRemoved } from "./retention.ts";

export interface PackRules {
  readonly every: "run" | Period;
  readonly keep: KeepRules | undefined;
  readonly timeZone: string | undefined;
}

type Dated = Pick<FoundPack, "file" | "at" | "fault">;

/**
 * The first day of the next period where this one has a pack already; undefined if one is due. A pack is due even if the
 * mail is as it was: whoever wants one for each month looks for it in each month.
 */
export function notDueUntil(
  packs: readonly Dated[],
  at: Date,
  { every, timeZone }: PackRules,
): CalendarDay | undefined {
  if (every === "run") return undefined;
  const today = dayOf(at, timeZone);
  const period = startOfPeriod(today, every);
  const isThere = packs.some((pack) => counts(pack, at) && startOfPeriod(dayOf(pack.at, timeZone), every) === period);
  return isThere ? startOfNextPeriod(today, every) : undefined;
}

/** The name for a pack of this instant; of the next second where there is one of this second. */
export function freeName(packs: readonly Pick<FoundPack, "file">[], stem: string, at: Date, as: PackFormat): string {
  const taken = new Set(packs.map(({ file }) => file.replace(/\.(zip|tar\.gz)$/, "")));
  const instant = new Date(at);
  for (;;) {
    const name = formatPackName({ stem, at: instant, as });
    if (!taken.has(name.slice(0, -as.length - 1))) return name;
    instant.setUTCSeconds(instant.getUTCSeconds() + 1);
  }
}

export interface KeptPack {
  readonly file: string;
  /** The rules that keep it; none where there is no rule. `later`: it is dated after this run, so no rule looks at it. */
  readonly why: readonly string[];
}

export interface RemovedPack {
  readonly file: string;
  readonly why: string;
}

/** What stays and what goes, each from the newest to the oldest. Packs with a fault are in neither. `at` is the newest pack's. */
export function judgePacks(
  packs: readonly Dated[],
  at: Date,
  { keep, timeZone }: Pick<PackRules, "keep" | "timeZone">,
): { readonly kept: KeptPack[]; readonly removed: RemovedPack[] } {
  const later = packs
    .filter((pack) => pack.fault === undefined && !counts(pack, at))
    .toSorted((a, b) => b.at.getTime() - a.at.getTime());
  const dated = packs.filter((pack) => counts(pack, at)).map((pack) => ({ ...pack, day: dayOf(pack.at, timeZone) }));
  const judged = applyRetention(dated, keep ?? {});
  return {
    kept: [
      ...later.map(({ file }) => ({ file, why: ["later"] })),
      ...judged.flatMap(({ pack, keep: why, remove }) => (remove ? [] : [{ file: pack.file, why }])),
    ],
    removed: judged.flatMap((each) =>
      each.remove ? [{ file: each.pack.file, why: whyRemoved(each, keep ?? {}) }] : [],
    ),
  };
}

/**
 * Of a pack that is dated later than this run, the clock was wrong when it was written, or is now: it makes none needless,
 * and is not removed.
 */
function counts({ at, fault }: Dated, now: Date): boolean {
  return fault === undefined && at.getTime() <= now.getTime();
}
