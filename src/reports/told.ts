// What the engine says, in the language of the report.

import type { Language } from "../language/language.ts";
import { translateKnown } from "../language/sentences.ts";
import { foreign, type Html, html } from "./html.ts";

/** A reason or a way out; marked as English where nobody knows it in the language of the report. */
export function told(sentence: string, language: Language): Html {
  const known = translateKnown(sentence, language);
  return known === undefined ? html`<span lang="en">${foreign(sentence)}</span>` : foreign(known);
}
