// A sentence in every language, for tables: what is true of one provider alone has no key of its own in a catalogue.

import type { Language } from "../language/language.ts";
import { texts } from "../language/texts.ts";

export interface Words {
  in(language: Language): string;
}

/** Nothing in braces: there is nothing to fill in. */
export function words(english: string, french: string): Words {
  const both = texts({ words: english }, { words: french });
  return { in: (language) => both.in(language)("words") };
}
