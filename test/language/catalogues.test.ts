// All texts that a person reads, of every command and of reports: the same in both languages, each by its own rules.

import { describe, expect, test } from "vitest";
import type { Entry } from "../../src/language/texts.ts";
import { findCatalogues, formsOf, gapsOf } from "../support/catalogues.ts";

const catalogues = await findCatalogues();
const main = (entry: Entry) => (typeof entry === "string" ? entry : entry.other);
const english = /(?<![-\w./])(?:mailbox|log-?in|e-?mail|password|job)s?(?![-\w./])/i;
const words = (text: string) => text.match(/\p{L}{2,}/gu) ?? [];

test("the catalogues are found", () => {
  expect(catalogues.length).toBeGreaterThan(10);
});

describe.each(catalogues)("$name", ({ entries: { en, fr }, texts }) => {
  const both = Object.entries(en).map(([key, entry]) => [key, entry, fr[key] ?? ""] as const);

  test("has the same texts in both languages", () => {
    expect(Object.keys(fr).sort()).toEqual(Object.keys(en).sort());
    expect(both.length).toBeGreaterThan(0);
  });

  test("has the same gaps to fill in every form, and no brace that is none", () => {
    for (const [key, entry, translated] of both) {
      const wanted = gapsOf(main(entry));
      expect(gapsOf(main(translated)), key).toEqual(wanted);
      for (const form of [...formsOf(entry), ...formsOf(translated)]) {
        expect(
          gapsOf(form).filter((name) => !wanted.includes(name)),
          key,
        ).toEqual([]);
        expect(form.replaceAll(/\{\w+\}/g, ""), key).not.toMatch(/[{}]/);
      }
    }
  });

  test("is translated", () => {
    const same = both.filter(([, entry, translated]) => main(entry) === main(translated));
    expect(same.filter(([, entry]) => words(main(entry).replaceAll(/\{\w+\}/g, "")).length > 2)).toEqual([]);
  });

  test("keeps to the typography of French, and to its words", () => {
    const forms = Object.entries(fr).flatMap(([key, entry]) => formsOf(entry).map((form) => `${key}: ${form}`));
    const text = (line: string) => line.slice(line.indexOf(": ") + 2).replaceAll(/\{\w+\}/g, "{}");
    // Plain spaces and apostrophes, which are set when a text is used.
    expect(forms.filter((line) => /[\u00a0\u202f\u2019]/.test(text(line)))).toEqual([]);
    expect(forms.filter((line) => /[^\s\d/][;!?»]| [.,](?![\w/*])|«[^ ]|[a-z]:(?!\/)/.test(text(line)))).toEqual([]);
    expect(forms.filter((line) => english.test(text(line)))).toEqual([]);
  });

  test("says none, one, two and a million, with the number where it belongs", () => {
    const plurals = (["en", "fr"] as const).flatMap((language) =>
      Object.entries(texts?.entries[language] ?? {}).flatMap(([key, entry]) => {
        if (typeof entry === "string" || texts === undefined) return [];
        const filling = Object.fromEntries(gapsOf(entry.other).map((name) => [name, "…"]));
        const say = (count: number) => {
          const filled: (key: string, values: Readonly<Record<string, string | number>>) => string = texts.in(language);
          return filled(key, { ...filling, count });
        };
        return [{ language, key, said: [0, 1, 2, 1_000_000].map(say) }];
      }),
    );
    expect(plurals.filter(({ said }) => said.some((text) => text.includes("{")))).toEqual([]);
    const numbers = [/\b0\b|\p{L}/u, /\b1\b|\p{L}/u, /\b2\b/, /\b1[,\u202f]000[,\u202f]000\b/] as const;
    expect(plurals.filter(({ said }) => !numbers.every((number, index) => number.test(said[index] ?? "")))).toEqual([]);
    const isWrong = /(?<![\d\u202f])[01] (?:messages|boîtes|tâches|paquets)\b/;
    expect(
      plurals.filter(({ language, said }) => language === "fr" && said.slice(0, 2).some((text) => isWrong.test(text))),
    ).toEqual([]);
  });
});
