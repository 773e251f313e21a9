// The words of reports in every language. English says which texts there are; the compiler sees to it that each other
// language has the same, with the same placeholders.

import type { Language } from "../jobs/job.ts";
import { english } from "./english.ts";
import { french } from "./french.ts";
import { type Numbers, openNumbers } from "./numbers.ts";

/** A text with `{placeholders}`, or one for each plural form (CLDR), which `{count}` decides. */
export type Entry = string | { readonly one: string; readonly many?: string; readonly other: string };

export type English = typeof english;
export type Key = keyof English;

/** `"count" | "place"` for `"{count} in {place}"`. */
export type Placeholders<Text> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

type TextOf<E> = E extends string ? E : E[keyof E];
type Form<E> = E extends string ? "text" : "plural";
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** Resolves to `Translated` itself only if it says everything that English says, with the same gaps to fill. */
export type Checked<Translated> = {
  readonly [K in Key]: K extends keyof Translated
    ? Same<Placeholders<TextOf<Translated[K]>>, Placeholders<TextOf<English[K]>>> extends true
      ? Same<Form<Translated[K]>, Form<English[K]>> extends true
        ? Translated[K]
        : `${K} is not plural in both languages`
      : `${K} has other placeholders`
    : `${K} is missing`;
} & { readonly [K in Exclude<keyof Translated, Key>]: never };

/** Gives a language back as it is; does not compile where that is not complete. */
export function complete<const T>(translated: T & Checked<T>): Readonly<Record<Key, Entry>> {
  return translated as unknown as Readonly<Record<Key, Entry>>;
}

export type Values<K extends Key> = Readonly<Record<Placeholders<TextOf<English[K]>>, string | number>>;

/** Nothing to fill in, nothing to give. */
type Filling<K extends Key> = [Placeholders<TextOf<English[K]>>] extends [never] ? [] : [Values<K>];

export interface Words {
  readonly language: Language;
  readonly numbers: Numbers;
  /** The text of this key in the language. Numbers are written as the language writes them. */
  say<K extends Key>(key: K, ...values: Filling<K>): string;
}

const languages: Readonly<Record<Language, Readonly<Record<Key, Entry>>>> = {
  en: complete(english),
  fr: complete(french),
};

/** Dates are those of the time zone; of this machine's without one. */
export function openWords(language: Language, timeZone?: string): Words {
  const numbers = openNumbers(language, timeZone);
  const entries = languages[language];
  return {
    language,
    numbers,
    say(key, ...[values]) {
      const filling: Readonly<Record<string, string | number>> = values ?? {};
      const entry = entries[key];
      return typeset(language, formOf(entry, filling.count, numbers)).replace(/\{(\w+)\}/g, (_, name: string) => {
        const value = filling[name] ?? "";
        return typeof value === "number" ? numbers.count(value) : value;
      });
    },
  };
}

function formOf(entry: Entry, count: string | number | undefined, numbers: Numbers): string {
  if (typeof entry === "string") return entry;
  const form = typeof count === "number" ? numbers.plural(count) : "other";
  return entry[form] ?? entry.other;
}

const noBreak = "\u00a0";
const narrowNoBreak = "\u202f";

/** French sets no-break spaces before its high punctuation and inside its quotation marks, and curved apostrophes. */
function typeset(language: Language, text: string): string {
  if (language !== "fr") return text;
  return text
    .replace(/ (?=[;!?])/g, narrowNoBreak)
    .replace(/ (?=[:»])/g, noBreak)
    .replace(/« /g, `«${noBreak}`)
    .replaceAll("'", "\u2019");
}
