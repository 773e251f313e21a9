// Every catalogue of texts: those of the command line, by their files, and that of reports.

import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Language } from "../../src/language/language.ts";
import type { Entry, Texts } from "../../src/language/texts.ts";
import { english } from "../../src/reports/english.ts";
import { french } from "../../src/reports/french.ts";

type Entries = Readonly<Record<string, Entry>>;

export interface Catalogue {
  /** `cli/texts/summary.ts summaryTexts` */
  readonly name: string;
  readonly entries: Readonly<Record<Language, Entries>>;
  readonly texts: Texts<Entries> | undefined;
}

const folder = fileURLToPath(new URL("../../src/cli/texts/", import.meta.url));

/** Everything that a file of texts exports. */
export async function findCatalogues(): Promise<Catalogue[]> {
  const found: Catalogue[] = [{ name: "reports", entries: { en: english, fr: french }, texts: undefined }];
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".ts"))) {
    const exported = (await import(`${folder}${file}`)) as Readonly<Record<string, Texts<Entries>>>;
    for (const [name, texts] of Object.entries(exported)) {
      found.push({ name: `cli/texts/${file} ${name}`, entries: texts.entries, texts });
    }
  }
  return found;
}

/** The texts of an entry: one, or one for each plural form. */
export function formsOf(entry: Entry): string[] {
  return typeof entry === "string" ? [entry] : Object.values(entry);
}

/** The names of the gaps of a text. */
export function gapsOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name))].sort();
}
