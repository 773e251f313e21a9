// Numbers for people, in their language. Sizes are decimal, as mail providers and disk makers count.

import type { Language } from "../language/language.ts";

export interface Units {
  /** `12,044`, `12 044` */
  count(value: number): string;
  /** `640 octets`, `31.4 MB`, `31,4 Mo`. */
  octets(value: number): string;
  /** `1.2 MB/s`, of octets a second. */
  rate(value: number): string;
  /** `under 0.1 s`, `0.4 s`, `4 s`, `42 s`, `11 min`, `2 h 05 min`. */
  duration(seconds: number): string;
  /** `22 Nov` and `02:30`, in the machine's time zone unless another is named. */
  dayAndTime(date: Date, timeZone?: string): { readonly day: string; readonly time: string };
  /** `2026-11-22 02:30`; nothing where there is no date or none that can be told. */
  date(date: Date | undefined, timeZone?: string): string;
}

const locales = { en: "en-GB", fr: "fr-FR" } as const;
const sizes = { en: ["kB", "MB", "GB", "TB"], fr: ["ko", "Mo", "Go", "To"] } as const;

/** What French writes in narrow no-break spaces, terminals show best as no-break ones. */
const noBreak = "\u00a0";

function openUnits(language: Language): Units {
  const counts = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const oneDigit = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const space = language === "fr" ? noBreak : " ";
  const written = (format: Intl.NumberFormat, value: number) => format.format(value).replaceAll("\u202f", noBreak);
  const count = (value: number) => written(counts, value);
  const octets = (value: number): string => {
    if (value < 1000) return `${count(value)}${space}octet${isOne(value, language) ? "" : "s"}`;
    const [smallest, ...larger] = sizes[language];
    let [scaled, unit] = [value / 1000, smallest as string];
    for (const next of larger) {
      if (scaled < 999.95) break;
      [scaled, unit] = [scaled / 1000, next];
    }
    return `${written(oneDigit, scaled)}${space}${unit}`;
  };
  return {
    count,
    octets,
    rate: (value) => `${octets(Math.round(value))}/s`,
    duration(seconds) {
      if (seconds < 0.05) return `${language === "fr" ? "moins de" : "under"} ${written(oneDigit, 0.1)}${space}s`;
      if (seconds < 9.95 && !Number.isInteger(seconds)) return `${written(oneDigit, seconds)}${space}s`;
      if (seconds < 59.5) return `${Math.round(seconds)}${space}s`;
      const minutes = Math.round(seconds / 60);
      if (minutes < 60) return `${minutes}${space}min`;
      return `${count(Math.floor(minutes / 60))}${space}h${space}${String(minutes % 60).padStart(2, "0")}${space}min`;
    },
    dayAndTime: (date, timeZone) => ({
      day: new Intl.DateTimeFormat(locales[language], { day: "numeric", month: "short", timeZone }).format(date),
      time: new Intl.DateTimeFormat(locales[language], {
        hour: "2-digit",
        minute: "2-digit",
        hourCycle: "h23",
        timeZone,
      }).format(date),
    }),
    date(date, timeZone) {
      if (date === undefined || Number.isNaN(date.getTime())) return "";
      return new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short", timeZone }).format(date);
    },
  };
}

function isOne(value: number, language: Language): boolean {
  return language === "fr" ? value < 2 : value === 1;
}

const opened = new Map<Language, Units>();

/** Opened at the first use: help has no numbers, and is to come at once. */
export function unitsIn(language: Language): Units {
  const units = opened.get(language) ?? openUnits(language);
  opened.set(language, units);
  return units;
}
