// The engine's sentences (messages, remedies and reasons) are English: so they stand in reports, logs and JSON. Whoever
// shows one to a person passes it through here.

import type { Language } from "./language.ts";
import { type Form, fillingOf, type GapKind, parseForms } from "./sentences/form.ts";
import { parts, whole } from "./sentences/tables.ts";

/** UTF-16 code units. A sentence is told in a line or three; what is longer is something else. */
const longest = 8000;
/** Sentences within sentences. */
const deepest = 3;

let opened: readonly Form[] | undefined;

/** Frames around whole sentences come first, then whatever leaves the least open. */
function forms(): readonly Form[] {
  opened ??= whole
    .flatMap((table) => parseForms(table, parts))
    .sort((a, b) => Number(isFrame(b)) - Number(isFrame(a)) || b.weight - a.weight);
  return opened;
}

function isFrame({ gaps }: Form): boolean {
  return gaps.some(({ kind }) => kind === "any");
}

function find(text: string, depth: number): string | undefined {
  if (depth > deepest) return undefined;
  for (const form of forms()) {
    const filling = fillingOf(form, text);
    if (filling !== undefined) return fill(form, filling, depth);
  }
  return undefined;
}

function fill({ french, gaps }: Form, filling: readonly string[], depth: number): string {
  const values = new Map(gaps.map(({ name, kind }, index) => [name, shown(filling[index] ?? "", kind, depth)]));
  return french.replace(/\{(\w+)\}/g, (_, name: string) => values.get(name) ?? "");
}

const periods = { pack: "paquet", day: "jour", week: "semaine", month: "mois", year: "année" };

const noBreak = "\u00a0";
const narrowNoBreak = "\u202f";

function shown(value: string, kind: GapKind, depth: number): string {
  switch (kind) {
    case "any":
      return find(value, depth + 1) ?? value;
    case "size":
      return value.replace(/^(\d+)(?:\.(\d+))? ([kMGT]?)B$/, (_, units, parts, prefix) =>
        [units, parts && `,${parts}`, noBreak, prefix, "o"].join(""),
      );
    case "count":
      return /^[\d,]+$/.test(value) ? value.replaceAll(",", narrowNoBreak) : value;
    case "periods":
      return value
        .replace(" and ", " et ")
        .replace(/\b(pack|day|week|month|year)(s?)\b/g, (_, period: keyof typeof periods, s) =>
          period === "month" ? periods.month : periods[period] + s,
        );
    case "as it is":
      return value;
  }
}

/** As `translate`; undefined for a sentence that is not known. */
export function translateKnown(sentence: string, language: Language): string | undefined {
  if (language === "en") return sentence;
  return sentence.length > longest ? undefined : find(sentence, 0);
}

/**
 * The sentence in the language of the person; the words of a server, names and paths in it stay as they are. A sentence
 * that is not known stays English. What was printable stays printable.
 */
export function translate(sentence: string, language: Language): string {
  return translateKnown(sentence, language) ?? sentence;
}
