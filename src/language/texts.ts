// Texts in every language. English says which there are; the compiler sees to it that each other language has the same,
// with the same placeholders.

import type { Language } from "./language.ts";
import { type Numbers, openNumbers } from "./numbers.ts";

/** A text with `{placeholders}`, or one for each plural form (CLDR), which `{count}` decides. */
export type Entry = string | { readonly one: string; readonly many?: string; readonly other: string };

type Entries = Readonly<Record<string, Entry>>;

/** `"count" | "place"` for `"{count} in {place}"`. */
export type Placeholders<Text> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

type TextOf<E> = E extends string ? E : E[keyof E];
type Form<E> = E extends string ? "text" : "plural";
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** Resolves to `Translated` itself only if it says everything that English says, with the same gaps to fill. */
export type Checked<English, Translated> = {
  readonly [K in keyof English]: K extends keyof Translated
    ? Same<Placeholders<TextOf<Translated[K]>>, Placeholders<TextOf<English[K]>>> extends true
      ? Same<Form<Translated[K]>, Form<English[K]>> extends true
        ? Translated[K]
        : `${K & string} is not plural in both languages`
      : `${K & string} has other placeholders`
    : `${K & string} is missing`;
} & { readonly [K in Exclude<keyof Translated, keyof English>]: never };

export type Values<E> = Readonly<Record<Placeholders<TextOf<E>>, string | number>>;

/** Nothing to fill in, nothing to give. */
type Filling<E> = [Placeholders<TextOf<E>>] extends [never] ? [] : [Values<E>];

/** Gives the text of a key, filled in. Numbers are written as the language writes them. */
export type Say<English> = <K extends keyof English>(key: K, ...values: Filling<English[K]>) => string;

/** The same texts in every language. */
export interface Texts<English> {
  readonly entries: Readonly<Record<Language, Entries>>;
  in(language: Language): Say<English>;
}

export type KeyOf<T> = T extends Texts<infer English> ? keyof English : never;

/** Does not compile where French is not complete. */
export function texts<const English extends Entries, const French>(
  english: English,
  french: French & Checked<English, French>,
): Texts<English> {
  const entries: Readonly<Record<Language, Entries>> = { en: english, fr: french as unknown as Entries };
  return { entries, in: (language) => sayIn(language, entries[language]) as Say<English> };
}

function sayIn(language: Language, entries: Entries) {
  return (key: string, filling: Readonly<Record<string, string | number>> = {}): string =>
    typeset(language, formOf(entries[key] ?? "", filling.count, language)).replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = filling[name] ?? "";
      return typeof value === "number" ? numbersIn(language).count(value) : value;
    });
}

function formOf(entry: Entry, count: string | number | undefined, language: Language): string {
  if (typeof entry === "string") return entry;
  const form = typeof count === "number" ? numbersIn(language).plural(count) : "other";
  return entry[form] ?? entry.other;
}

const opened = new Map<Language, Numbers>();

/** Intl's formats take their time to open: only when a number is to be written, and once. */
function numbersIn(language: Language): Numbers {
  const numbers = opened.get(language) ?? openNumbers(language);
  opened.set(language, numbers);
  return numbers;
}

const noBreak = "\u00a0";
const narrowNoBreak = "\u202f";

/** French sets no-break spaces before its high punctuation and inside its quotation marks, and curved apostrophes. */
export function typeset(language: Language, text: string): string {
  if (language !== "fr") return text;
  return text
    .replace(/ (?=[;!?])/g, narrowNoBreak)
    .replace(/ (?=[:»])/g, noBreak)
    .replace(/« /g, `«${noBreak}`)
    .replaceAll("'", "\u2019");
}
