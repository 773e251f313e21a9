// The words of reports: every text in every language, with the numbers and dates of that language.

import type { Language } from "../language/language.ts";
import { type Numbers, openNumbers } from "../language/numbers.ts";
import { type KeyOf, type Say, texts } from "../language/texts.ts";
import { english } from "./english.ts";
import { french } from "./french.ts";

const catalogue = texts(english, french);

export type Key = KeyOf<typeof catalogue>;

export interface Words {
  readonly language: Language;
  readonly numbers: Numbers;
  readonly say: Say<typeof english>;
}

/** Dates are those of the time zone; of this machine's without one. */
export function openWords(language: Language, timeZone?: string): Words {
  return { language, numbers: openNumbers(language, timeZone), say: catalogue.in(language) };
}
