// When something is due, or was, as people say it.

import type { Language } from "../language/language.ts";
import { dueTexts } from "./texts/due.ts";

const [minuteMs, hourMs, dayMs] = [60_000, 3_600_000, 86_400_000];

export interface DueView {
  readonly now: Date;
  readonly language: Language;
  /** The machine's unless one is given. */
  readonly timeZone?: string | undefined;
}

/** `tomorrow, Fri 27 Nov 02:30 (in 11 hours)`; `now` where it is due already. */
export function formatDue(due: Date, view: DueView): string {
  const { now, language, timeZone } = view;
  const say = dueTexts.in(language);
  if (due <= now) return say("now");
  const days = dayNumber(due, timeZone) - dayNumber(now, timeZone);
  const near = days === 0 ? "today" : days === 1 ? "tomorrow" : "later";
  return say(near, { moment: formatMoment(due, view), span: formatSpan(due.getTime() - now.getTime(), language) });
}

/** `Fri 27 Nov 02:30`, `ven. 27 nov. à 02:30`; with its year if that is not the year of `now`. */
export function formatMoment(date: Date, { now, language, timeZone }: DueView): string {
  const { weekday, day, month, year, hour, minute } = partsOf(date, language, timeZone);
  const sameYear = year === partsOf(now, language, timeZone).year;
  const words = [weekday, day, month, ...(sameYear ? [] : [year])];
  return dueTexts.in(language)("moment", { date: words.join(" "), time: `${hour}:${minute}` });
}

const spans = [
  { unit: "minutes", ms: minuteMs, below: 90 * minuteMs },
  { unit: "hours", ms: hourMs, below: 2 * dayMs },
  { unit: "days", ms: dayMs, below: Number.POSITIVE_INFINITY },
] as const;

/** `11 hours`, rounded to what matters: minutes, hours or days. */
export function formatSpan(ms: number, language: Language): string {
  const say = dueTexts.in(language);
  if (ms < minuteMs) return say("under-a-minute");
  const { unit, count } = rounded(ms);
  return say(unit, { count });
}

/** `14 h ago`: for a column. */
export function formatAgo(ms: number, language: Language): string {
  return dueTexts.in(language)("ago", { span: shortSpan(ms, language) });
}

/** `in 11 h` */
export function formatIn(ms: number, language: Language): string {
  return dueTexts.in(language)("in", { span: shortSpan(ms, language) });
}

function shortSpan(ms: number, language: Language): string {
  const { unit, count } = rounded(Math.max(ms, minuteMs));
  return dueTexts.in(language)(`short.${unit}`, { count });
}

function rounded(ms: number): { readonly unit: (typeof spans)[number]["unit"]; readonly count: number } {
  const { unit, ms: one } = spans.find(({ below }) => ms < below) ?? spans[2];
  return { unit, count: Math.round(ms / one) };
}

/** Of the calendar, counted from anywhere. */
function dayNumber(date: Date, timeZone: string | undefined): number {
  const [year, month, day] = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeZone })
    .format(date)
    .split("-")
    .map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day ?? 1) / dayMs;
}

const locales = { en: "en-US", fr: "fr-FR" } as const;

function partsOf(date: Date, language: Language, timeZone: string | undefined): Record<string, string> {
  const format = new Intl.DateTimeFormat(locales[language], {
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
