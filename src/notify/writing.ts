// Numbers, times and names as a message shows them, in its language. What servers and job files say is made printable
// and short here.

import { printable } from "../formats/printable.ts";
import type { Setting } from "./news.ts";
import type { Texts } from "./texts.ts";

export interface Writing {
  count(count: number): string;
  /** `22 Nov 2026, 02:30` */
  instant(date: Date): string;
  /** `20 Nov` */
  day(date: Date): string;
  /** From when to when. */
  period(start: Date, seconds: number): string;
  /** Of a job or a machine. */
  name(name: string): string;
  mailbox(path: readonly string[]): string;
  /** `MF-M401` */
  code(code: string): string;
  /** What somebody else wrote. */
  text(text: string): string;
  /** To copy into a shell. */
  shellWord(word: string): string;
}

const longestName = 80;
const longestText = 400;

export function createWriting({ locale }: Texts, { timeZone }: Pick<Setting, "timeZone">): Writing {
  const counts = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const instants = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone });
  const days = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone });
  const times = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone });
  const instant = (date: Date) => instants.format(date);
  return {
    count: (count) => counts.format(count),
    instant,
    day: (date) => days.format(date),
    period(start, seconds) {
      const end = new Date(start.getTime() + seconds * 1000);
      return `${instant(start)} – ${days.format(start) === days.format(end) ? times.format(end) : instant(end)}`;
    },
    name: (name) => shorten(printable(name), longestName),
    mailbox: (path) => shorten(printable(path.join("/")), longestName),
    code: (code) => `MF-${printable(code.slice(0, 8))}`,
    text: (text) => shorten(printable(text), longestText),
    shellWord: (word) => {
      const shown = printable(word);
      return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
    },
  };
}

/** By whole characters: a half of one would be no text any more. */
export function shorten(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const characters = [...text];
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join("")}…`;
}
