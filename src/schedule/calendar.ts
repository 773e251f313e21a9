// A cron line in the words of systemd (systemd.time(7), "Calendar Events").

import { type CronTimes, range, readCron } from "./cron-times.ts";
import { nextDue, type Scheduled } from "./due.ts";

/**
 * Values of OnCalendar= that together are due when the job is; undefined for a line that they can't say. `from` is when
 * they are written: see `jumpedOver`.
 */
export function toCalendar({ schedule = "", timeZone }: Scheduled, from: Date): readonly string[] | undefined {
  const times = readCron(schedule);
  if (times === undefined) return undefined;
  const zone = timeZone === undefined ? "" : ` ${timeZone}`;
  const time = `${list(times.hours, 24)}:${list(times.minutes, 60)}:00`;
  const month = list(times.months, 12);
  const rules = dayRules(times).map(({ days, weekdays }) => {
    const names = weekdays && weekdays.length < 7 ? `${weekdays.map((n) => weekdayNames[n]).join(",")} ` : "";
    return `${names}*-${month}-${days === undefined ? "*" : list(days, 31)} ${time}${zone}`;
  });
  const moments = jumpedOver({ schedule, timeZone }, times, from).map((moment) => `${moment}${zone}`);
  return [...rules, ...moments];
}

const weekdayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** Of a day of the month and a weekday, cron wants either: two rules. */
export function dayRules({ days, weekdays }: CronTimes): readonly Pick<CronTimes, "days" | "weekdays">[] {
  if (days === undefined || weekdays === undefined) return [{ days, weekdays }];
  return [
    { days, weekdays: undefined },
    { days: undefined, weekdays },
  ];
}

/** `*` for all of them; runs of three and more as `09..17`. */
function list(values: readonly number[], all: number): string {
  if (values.length === all) return "*";
  const parts: string[] = [];
  for (let index = 0; index < values.length; ) {
    let last = index;
    while (values[last + 1] === (values[last] ?? 0) + 1) last++;
    const [first, end] = [two(values[index]), two(values[last])];
    if (last - index >= 2) parts.push(`${first}..${end}`);
    else parts.push(...(last === index ? [first] : [first, end]));
    index = last + 1;
  }
  return parts.join(",");
}

function two(value: number | undefined): string {
  return String(value).padStart(2, "0");
}

const yearsAhead = 10;

/**
 * systemd leaves out a time that the clock jumps over in spring; cron and the daemon run such a job when the clock has
 * jumped. So these moments of the next years, a night each, are named one by one: `2027-03-28 03:00:00`.
 */
function jumpedOver(job: Scheduled, { hours, minutes }: CronTimes, from: Date): readonly string[] {
  if (hours.length !== 1 || minutes.length !== 1) return [];
  const [hour, minute] = [hours[0], minutes[0]];
  const local = localTime(job.timeZone);
  return jumps(from, local).flatMap((day) => {
    const due = nextDue(job, new Date(day.getTime() - 1));
    if (due === undefined || due.getTime() >= day.getTime() + dayMs) return [];
    const { date, time } = local(due);
    return time === `${two(hour)}:${two(minute)}` ? [] : [`${date} ${time}:00`];
  });
}

const dayMs = 86_400_000;

/** Beginnings (UTC midnights) of periods of 24 hours in which the clock jumps ahead. */
function jumps(from: Date, local: ReturnType<typeof localTime>): readonly Date[] {
  const first = Math.floor(from.getTime() / dayMs) * dayMs;
  return range(0, yearsAhead * 366)
    .map((day) => new Date(first + day * dayMs))
    .filter((day) => local(day).offsetMs < local(new Date(day.getTime() + dayMs)).offsetMs);
}

function localTime(timeZone: string | undefined) {
  const format = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short", timeZone });
  return (moment: Date) => {
    const [date = "", time = ""] = format.format(moment).split(" ");
    return { date, time, offsetMs: Date.parse(`${date}T${time}Z`) - moment.getTime() };
  };
}
