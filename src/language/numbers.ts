// Numbers, sizes, dates and durations as a language writes them. Sizes are decimal, as mail providers and disk makers
// count.

import type { Language } from "./language.ts";

export interface Numbers {
  /** `12,044`, `12 044`. */
  count(value: number): string;
  /** `31.4 MB`, `31,4 Mo`. */
  size(octets: number): string;
  /** `22 November 2026 at 02:30`; nothing for a date that can't be told. */
  moment(date: Date): string;
  /** `22 Nov 2026`. */
  day(date: Date): string;
  /** `March 2019`; months are numbered `year * 12 + month`, January being 0, and those of UTC. */
  month(number: number): string;
  /** `March–May 2019` */
  months(first: number, last: number): string;
  /** The letters over the months of a chart. */
  readonly monthLetters: readonly string[];
  /** `11 min`, `2 h 05 min`. */
  duration(seconds: number): string;
  /** `a, b and c` */
  list(words: readonly string[]): string;
  plural(value: number): "one" | "many" | "other";
}

const locales: Readonly<Record<Language, string>> = { en: "en-GB", fr: "fr-FR" };

const units = ["kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

export function openNumbers(language: Language, timeZone?: string): Numbers {
  const locale = locales[language];
  const counts = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const rules = new Intl.PluralRules(locale);
  const moments = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short", timeZone });
  const days = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone });
  const months = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" });
  const letters = new Intl.DateTimeFormat(locale, { month: "narrow", timeZone: "UTC" });
  const list = new Intl.ListFormat(locale, { type: "conjunction" });
  const measure = (value: number, unit: string, digits: number, minimum = 1) =>
    new Intl.NumberFormat(language, {
      style: "unit",
      unit,
      unitDisplay: unit === "byte" ? "long" : "short",
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      minimumIntegerDigits: minimum,
    })
      .format(value)
      .replaceAll(" ", "\u00a0");
  const told = (format: Intl.DateTimeFormat, date: Date) => (Number.isNaN(date.getTime()) ? "" : format.format(date));
  return {
    count: (value) => counts.format(value),
    size(octets) {
      if (octets < 1000) return measure(octets, "byte", 0);
      let value = octets / 1000;
      let unit = 0;
      while (value >= 999.95 && unit < units.length - 1) {
        value /= 1000;
        unit++;
      }
      return measure(value, units[unit] ?? "terabyte", 1);
    },
    moment: (date) => told(moments, date),
    day: (date) => told(days, date),
    month: (number) => told(months, startOfMonth(number)),
    months: (first, last) => months.formatRange(startOfMonth(first), startOfMonth(last)),
    monthLetters: Array.from({ length: 12 }, (_, month) => letters.format(Date.UTC(2026, month))),
    duration(seconds) {
      if (seconds < 9.95) return measure(seconds, "second", Number.isInteger(seconds) ? 0 : 1);
      if (seconds < 59.5) return measure(Math.round(seconds), "second", 0);
      const minutes = Math.round(seconds / 60);
      if (minutes < 60) return measure(minutes, "minute", 0);
      return `${measure(Math.floor(minutes / 60), "hour", 0)} ${measure(minutes % 60, "minute", 0, 2)}`;
    },
    list: (words) => list.format(words),
    plural(value) {
      const form = rules.select(value);
      return form === "one" || form === "many" ? form : "other";
    },
  };
}

function startOfMonth(number: number): Date {
  return new Date(Date.UTC(Math.floor(number / 12), number % 12));
}
