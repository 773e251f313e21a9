// When something is due, or was, as people say it.

import { plural } from "./units.ts";

const [minuteMs, hourMs, dayMs] = [60_000, 3_600_000, 86_400_000];

/** `tomorrow, Fri 27 Nov 02:30 (in 11 hours)`; `now` where it is due already. In the machine's time zone unless one is given. */
export function formatDue(due: Date, now: Date, timeZone?: string): string {
  if (due <= now) return "now";
  const days = dayNumber(due, timeZone) - dayNumber(now, timeZone);
  const near = days === 0 ? "today, " : days === 1 ? "tomorrow, " : "";
  return `${near}${formatMoment(due, now, timeZone)} (in ${formatSpan(due.getTime() - now.getTime())})`;
}

/** `Fri 27 Nov 02:30`; with its year if that is not the year of `now`. */
export function formatMoment(date: Date, now: Date, timeZone?: string): string {
  const { weekday, day, month, year, hour, minute } = partsOf(date, timeZone);
  const sameYear = year === partsOf(now, timeZone).year;
  return `${weekday} ${day} ${month}${sameYear ? "" : ` ${year}`} ${hour}:${minute}`;
}

/** `11 hours`, rounded to what matters: minutes, hours or days. */
export function formatSpan(ms: number): string {
  if (ms < minuteMs) return "under a minute";
  if (ms < 90 * minuteMs) return plural(Math.round(ms / minuteMs), "minute");
  if (ms < 2 * dayMs) return plural(Math.round(ms / hourMs), "hour");
  return plural(Math.round(ms / dayMs), "day");
}

/** Of the calendar, counted from anywhere. */
function dayNumber(date: Date, timeZone: string | undefined): number {
  const [year, month, day] = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeZone })
    .format(date)
    .split("-")
    .map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day ?? 1) / dayMs;
}

function partsOf(date: Date, timeZone: string | undefined): Record<string, string> {
  const format = new Intl.DateTimeFormat("en-US", {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone,
  });
  return Object.fromEntries(format.formatToParts(date).map(({ type, value }) => [type, value]));
}
