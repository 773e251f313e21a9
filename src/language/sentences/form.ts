// Sentence forms: an English sentence with gaps, and the French one for it. Whatever fills a gap (a server's words, a name,
// a path) is taken over as it is, unless the gap says that another table knows it: `{why:disk}`.

import { type Placeholders, typeset } from "../texts.ts";

type NameOf<Gap> = Gap extends `${infer Name}:${string}` ? Name : Gap;
type Gaps<Text> = NameOf<Placeholders<Text>>;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** Does not compile where a French sentence has other gaps than its English one. */
type Checked<T> = {
  readonly [K in keyof T]: Same<Gaps<K>, Gaps<T[K]>> extends true ? T[K] : `${K & string} has other gaps`;
};

/** French sentences by their English ones. */
export type Sentences = Readonly<Record<string, string>>;

export function sentences<const T extends Sentences>(forms: T & Checked<T>): Sentences {
  return forms;
}

interface Gap {
  readonly name: string;
  /** The table that must know what fills the gap. */
  readonly table: string | undefined;
}

export interface Form {
  /** One more than there are gaps. */
  readonly literals: readonly string[];
  readonly gaps: readonly Gap[];
  /** Octets that must be there as they are: the more, the surer the form. */
  readonly weight: number;
  readonly french: string;
}

export function parseForm(english: string, french: string): Form {
  const literals: string[] = [];
  const gaps: Gap[] = [];
  let end = 0;
  for (const gap of english.matchAll(/\{(\w+)(?::(\w+))?\}/g)) {
    literals.push(english.slice(end, gap.index));
    gaps.push({ name: gap[1] ?? "", table: gap[2] });
    end = gap.index + gap[0].length;
  }
  literals.push(english.slice(end));
  const weight = literals.reduce((sum, literal) => sum + literal.length, 0);
  return { literals, gaps, weight, french: typeset("fr", french) };
}

/**
 * What fills the gaps of `form` in `text`; undefined if it is another sentence. Each literal is looked for once, from left
 * to right: the time grows with the text and no faster, whatever a server has put into it.
 */
export function fillingOf({ literals, gaps }: Form, text: string): string[] | undefined {
  const [first = ""] = literals;
  const last = literals.at(-1) ?? "";
  if (gaps.length === 0) return text === first ? [] : undefined;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return undefined;
  const filling: string[] = [];
  let start = first.length;
  const end = text.length - last.length;
  for (const literal of literals.slice(1, -1)) {
    const at = text.indexOf(literal, start + 1);
    if (at < 0 || at + literal.length > end) return undefined;
    filling.push(text.slice(start, at));
    start = at + literal.length;
  }
  if (start >= end) return undefined;
  filling.push(text.slice(start, end));
  return filling;
}
