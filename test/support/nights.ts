// A job that packs, lived through night by night with a clock of its own; and an oracle that knows the rules for packs, but
// not how they are kept here.

import { appendFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Job, type JobReport, runJobs } from "../../src/index.ts";
import type { KeepRules } from "../../src/packs/retention.ts";
import { temporaryFolder } from "./jobs.ts";

export const timeZone = "Europe/Paris";

export interface Household {
  readonly root: string;
  readonly vault: string;
  readonly job: Job;
  /** Puts a message into the source. */
  deliver(): void;
  /** Runs the job at this instant. */
  run(at: Date, options?: { readonly job?: Partial<Job>; readonly dryRun?: boolean }): Promise<JobReport>;
  /** What lies in the folder of the packs, sorted. */
  inVault(): string[];
  /** Only the packs. */
  packs(): string[];
}

/** A new folder with an mbox of one message, from which `nightly` brings mail into an archive and packs it. */
export function openHousehold(changes: Partial<Job> = {}, root = temporaryFolder()): Household {
  const [source, vault] = [join(root, "inbox.mbox"), join(root, "vault")];
  const job: Job = {
    name: "nightly",
    from: { mbox: source },
    to: { archive: join(root, "archive"), format: "maildir" },
    mailboxes: { include: ["*"], exclude: [], map: [] },
    filter: {},
    verify: "after",
    retry: { attempts: 1, maxWaitMs: 0 },
    timeZone,
    pack: { as: "tar.gz", every: "day", to: vault },
    ...changes,
  };
  let delivered = 0;
  const deliver = () => {
    delivered += 1;
    const head = `From ada@example.org Thu Jan  1 00:00:00 2026\nSubject: ${delivered}\n`;
    appendFileSync(source, `${head}\nMessage ${delivered} of this mailbox.\n\n`);
  };
  writeFileSync(source, "");
  deliver();
  const inVault = () => readdirSync(vault).sort();
  return {
    root,
    vault,
    job,
    deliver,
    async run(at, { job: more, dryRun } = {}) {
      const state = join(root, "state");
      const report = await runJobs([{ ...job, ...more }], {
        concurrency: 1,
        stateDirectory: state,
        clock: () => at,
        dryRun,
      });
      const [first] = report.jobs;
      if (first === undefined) throw new Error("no report");
      return first;
    },
    inVault,
    packs: () => inVault().filter((name) => /\.(zip|tar\.gz)$/.test(name)),
  };
}

export function nameAt(at: Date, stem = "nightly", as = "tar.gz"): string {
  const digits = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()].map((part) => `${part}`.padStart(2, "0"));
  const time = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map((part) => `${part}`.padStart(2, "0"));
  return `${stem}-${digits.join("-")}T${time.join("")}Z.${as}`;
}

type Grouping = (at: Date) => string;
type Calendar = Record<"day" | "week" | "month" | "year", Grouping>;

const calendars = new Map<string, Calendar>();

function openCalendar(zone: string): Calendar {
  const swedish = new Intl.DateTimeFormat("sv", { timeZone: zone });
  const days = new Map<number, string>();
  const day: Grouping = (at) => {
    const known = days.get(at.getTime()) ?? swedish.format(at);
    days.set(at.getTime(), known);
    return known;
  };
  const calendar: Calendar = {
    day,
    // The week belongs to the year that its Thursday lies in (ISO 8601).
    week(at) {
      const [year = 0, month = 1, date = 1] = day(at).split("-").map(Number);
      const noon = Date.UTC(year, month - 1, date, 12);
      const weekday = new Date(noon).getUTCDay() || 7;
      const thursday = new Date(noon + (4 - weekday) * 86_400_000);
      const ofYear = Math.floor((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / 86_400_000);
      return `${thursday.getUTCFullYear()} ${100 + Math.floor(ofYear / 7)}`;
    },
    month: (at) => day(at).slice(0, 7),
    year: (at) => day(at).slice(0, 4),
  };
  calendars.set(zone, calendar);
  return calendar;
}

/** Those of the packs that the rules keep: the newest of each group, of the last so many groups. */
export function survivors(packs: readonly Date[], rules: KeepRules, zone = timeZone): Date[] {
  const { day, week, month, year } = calendars.get(zone) ?? openCalendar(zone);
  const last: Grouping = (at) => at.toISOString();
  const asked: [number | undefined, Grouping][] = [
    [rules.keepLast, last],
    [rules.keepDaily, day],
    [rules.keepWeekly, week],
    [rules.keepMonthly, month],
    [rules.keepYearly, year],
  ];
  const stay = new Set<number>();
  for (const [most, groupOf] of asked) {
    if (most === undefined) continue;
    const newest = new Map<string, number>();
    for (const at of packs) {
      const group = groupOf(at);
      newest.set(group, Math.max(at.getTime(), newest.get(group) ?? 0));
    }
    for (const [, at] of [...newest].sort(([a], [b]) => (a < b ? 1 : -1)).slice(0, most)) stay.add(at);
  }
  return [...stay].sort((a, b) => a - b).map((at) => new Date(at));
}

/** Nights of a household from this instant on, with packs as the oracle expects them after each; how many packs were written. */
export async function liveNights(
  household: Household,
  { nights, from, rules, skip = () => false }: NightsOptions,
): Promise<number> {
  let expected: Date[] = [];
  let written = 0;
  for (let night = 0; night < nights; night++) {
    if (skip(night)) continue;
    if (night % 5 === 0) household.deliver();
    const at = new Date(from.getTime() + night * 86_400_000);
    const report = await household.run(at, { job: { retention: rules } });
    const where = `after night ${night}, ${at.toISOString()}`;
    if (report.verdict !== "safe") throw new Error(`${where}: ${JSON.stringify(report)}`);
    const before = expected;
    expected = survivors([...expected, at], rules);
    const [names, wanted] = [household.packs(), expected.map((each) => nameAt(each))];
    if (names.join() !== wanted.join())
      throw new Error(`${where}: there are\n${names.join("\n")}\nand not\n${wanted.join("\n")}`);
    if (report.pack?.kept.length !== expected.length) throw new Error(`${where}: ${JSON.stringify(report.pack)}`);
    const removed = report.pack.removed.length;
    if (removed !== before.length + 1 - expected.length) throw new Error(`${where}: ${removed} removed`);
    written += 1;
  }
  return written;
}

export interface NightsOptions {
  readonly nights: number;
  readonly from: Date;
  readonly rules: KeepRules;
  /** True for a night on which the machine is off. */
  readonly skip?: (night: number) => boolean;
}
