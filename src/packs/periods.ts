// Which day, week, month or year an instant belongs to where the user lives. Intl knows the offset of each zone at each
// instant; from there on only calendar dates count, which no change of clocks can shift.

/** A day of the calendar, `2026-11-22`. */
export type CalendarDay = string;

export type Period = "day" | "week" | "month" | "year";

const formats = new Map<string | undefined, Intl.DateTimeFormat>();

/** The day in a time zone, in this machine's if none is named. */
export function dayOf(at: Date, timeZone: string | undefined): CalendarDay {
  const format = formats.get(timeZone) ?? openFormat(timeZone);
  formats.set(timeZone, format);
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return formatDay(Number(parts.get("year")), Number(parts.get("month")), Number(parts.get("day")));
}

function openFormat(timeZone: string | undefined): Intl.DateTimeFormat {
  const calendar = { calendar: "iso8601", numberingSystem: "latn", timeZone } as const;
  return new Intl.DateTimeFormat("en", { ...calendar, year: "numeric", month: "2-digit", day: "2-digit" });
}

/** The first day of the period that the day lies in: what names the period. Weeks begin on Monday (ISO 8601). */
export function startOfPeriod(day: CalendarDay, period: Period): CalendarDay {
  const date = dateOf(day);
  switch (period) {
    case "day":
      return day;
    case "week":
      return movedBy(day, -((date.getUTCDay() + 6) % 7));
    case "month":
      return formatDay(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
    case "year":
      return formatDay(date.getUTCFullYear(), 1, 1);
  }
}

/** The first day of the period after it. */
export function startOfNextPeriod(day: CalendarDay, period: Period): CalendarDay {
  // No period is longer than this, and none that follows it shorter than half of it.
  const longest = { day: 1, week: 7, month: 31, year: 366 };
  const start = startOfPeriod(day, period);
  return startOfPeriod(movedBy(start, longest[period]), period);
}

function movedBy(day: CalendarDay, days: number): CalendarDay {
  const date = dateOf(day);
  date.setUTCDate(date.getUTCDate() + days);
  return formatDay(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
}

function dateOf(day: CalendarDay): Date {
  return new Date(`${day}T00:00:00Z`);
}

function formatDay(year: number, month: number, day: number): CalendarDay {
  return [String(year).padStart(4, "0"), String(month).padStart(2, "0"), String(day).padStart(2, "0")].join("-");
}
