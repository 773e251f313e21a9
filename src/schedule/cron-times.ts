// A cron line as the sets of its minutes, hours, days, months and weekdays: what other schedulers are told. croner itself
// is asked what a field means, so that nothing here can understand it in another way.

import { Cron } from "croner";

export interface CronTimes {
  /** Each in ascending order; all of them where the field is `*`. Months from 1; weekdays from 0, Sunday. */
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: readonly number[];
  /** Undefined for `*`. Where both are given, a day need only be in one of them. */
  readonly days: readonly number[] | undefined;
  readonly weekdays: readonly number[] | undefined;
}

/** Undefined for what no set of numbers can say: L, W, # and +. The line is valid. */
export function readCron(line: string): CronTimes | undefined {
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = line.trim().split(/\s+/);
  if (/[LW#+?]/i.test(day) || /[L#+?]/i.test(weekday) || /\?/.test(`${minute}${hour}${month}`)) return undefined;
  return {
    minutes: members(`${minute} * * * *`, range(0, 59), (n) => Date.UTC(2027, 0, 1, 0, n)),
    hours: members(`0 ${hour} * * *`, range(0, 23), (n) => Date.UTC(2027, 0, 1, n)),
    days: day === "*" ? undefined : members(`0 0 ${day} * *`, range(1, 31), (n) => Date.UTC(2027, 0, n)),
    months: members(`0 0 1 ${month} *`, range(1, 12), (n) => Date.UTC(2027, n - 1, 1)),
    // 3 January 2027 is a Sunday.
    weekdays: weekday === "*" ? undefined : members(`0 0 * * ${weekday}`, range(0, 6), (n) => Date.UTC(2027, 0, 3 + n)),
  };
}

function members(line: string, candidates: readonly number[], timeOf: (n: number) => number): readonly number[] {
  const cron = new Cron(line, { mode: "5-part", paused: true, timezone: "UTC" });
  return candidates.filter((n) => cron.match(new Date(timeOf(n))));
}

export function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
