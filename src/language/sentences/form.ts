// Sentence forms: an English sentence with gaps, and the French one for it. Whatever fills a gap (a server's words, a name,
// a path) is taken over as it is, unless the gap says otherwise:
// `{what:disk}` is one of the parts of that table, `{octets:size}` is a size, `{some:periods}` are days and months,
// `{sentence:any}` is a sentence of its own.

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

export type GapKind = "as it is" | "size" | "count" | "periods" | "any";

interface Gap {
  readonly name: string;
  readonly kind: GapKind;
}

export interface Form {
  /** One more than there are gaps. */
  readonly literals: readonly string[];
  readonly gaps: readonly Gap[];
  /** UTF-16 code units that must be there as they are: the more, the surer the form. */
  readonly weight: number;
  /** Typeset, with `{name}` for each gap. */
  readonly french: string;
}

const gapPattern = /\{(\w+)(?::(\w+))?\}/g;
const kinds: ReadonlySet<string> = new Set<GapKind>(["size", "count", "periods", "any"]);

/** Puts each part of a table in the place of the gap that stands for them: every form is then plain text and gaps. */
function expand(english: string, french: string, parts: Readonly<Record<string, Sentences>>): [string, string][] {
  const gap = [...english.matchAll(gapPattern)].find(([, , table]) => table !== undefined && !kinds.has(table));
  if (gap === undefined) return [[english, french]];
  const [whole, name = "", table = ""] = gap;
  return Object.entries(parts[table] ?? {}).flatMap(([part, frenchPart]) => {
    const own = (text: string) =>
      text.replace(gapPattern, (_, inner, kind) => `{${name}_${inner}${kind ? `:${kind}` : ""}}`);
    return expand(
      english.replace(whole, () => own(part)),
      french.replace(`{${name}}`, () => own(frenchPart)),
      parts,
    );
  });
}

export function parseForms(table: Sentences, parts: Readonly<Record<string, Sentences>>): Form[] {
  return Object.entries(table).flatMap(([english, french]) =>
    expand(english, french, parts).map(([plain, translated]) => parseForm(plain, translated)),
  );
}

function parseForm(english: string, french: string): Form {
  const literals: string[] = [];
  const gaps: Gap[] = [];
  let end = 0;
  for (const gap of english.matchAll(gapPattern)) {
    literals.push(english.slice(end, gap.index));
    gaps.push({ name: gap[1] ?? "", kind: (gap[2] ?? "as it is") as GapKind });
    end = gap.index + gap[0].length;
  }
  literals.push(english.slice(end));
  const weight = literals.reduce((sum, literal) => sum + literal.length, 0);
  return { literals, gaps, weight, french: typeset("fr", french.replace(gapPattern, "{$1}")) };
}

/**
 * What fills the gaps of `form` in `text`; undefined if it is another sentence. Each literal is looked for once, from left
 * to right: the time grows with the text and no faster, whatever a server has put into it.
 */
export function fillingOf({ literals, gaps }: Form, text: string): string[] | undefined {
  const [first = ""] = literals;
  if (gaps.length === 0) return text === first ? [] : undefined;
  const last = literals.at(-1) ?? "";
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return undefined;
  const filling: string[] = [];
  const end = text.length - last.length;
  let start = first.length;
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
