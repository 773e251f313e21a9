// The engine's sentences (messages, remedies and reasons) are English: so they stand in reports, logs and JSON. Whoever
// shows one to a person passes it through here.

import type { Language } from "./language.ts";
import { type Form, fillingOf, parseForm, type Sentences } from "./sentences/form.ts";
import { parts, whole } from "./sentences/tables.ts";

/** A sentence is told in a line or three; what is longer is something else. */
const longest = 8000;
/** Sentences within sentences. */
const deepest = 4;

class Table {
  readonly #forms: readonly Form[];

  constructor(tables: readonly Sentences[]) {
    const forms = tables.flatMap((table) =>
      Object.entries(table).map(([english, french]) => parseForm(english, french)),
    );
    // The form that leaves the least open comes first.
    this.#forms = forms.sort((a, b) => b.weight - a.weight);
  }

  translate(text: string, depth: number): string | undefined {
    for (const form of this.#forms) {
      const french = fill(form, text, depth);
      if (french !== undefined) return french;
    }
    return undefined;
  }
}

let opened: Map<string, Table> | undefined;

function open(): Map<string, Table> {
  opened ??= new Map([
    ["any", new Table(whole)],
    ...Object.entries(parts).map(([name, table]) => [name, new Table([table])] as const),
  ]);
  return opened;
}

function fill(form: Form, text: string, depth: number): string | undefined {
  const filling = fillingOf(form, text);
  if (filling === undefined) return undefined;
  const values = new Map<string, string>();
  for (const [index, { name, table }] of form.gaps.entries()) {
    const value = filling[index] ?? "";
    const known = table === undefined ? value : inTable(table, value, depth + 1);
    if (known === undefined) return undefined;
    values.set(name, known);
  }
  return form.french.replace(/\{(\w+)\}/g, (_, name: string) => values.get(name) ?? "");
}

function inTable(name: string, text: string, depth: number): string | undefined {
  return depth > deepest ? undefined : open().get(name)?.translate(text, depth);
}

/**
 * The sentence in the language of the person: `ada was refused: "No such user"` in French, the words in quotes as they
 * are. A sentence that no table knows stays as it is. What is printable stays printable, and what is not is not made so.
 */
export function translate(sentence: string, language: Language): string {
  if (language === "en" || sentence.length > longest) return sentence;
  return inTable("any", sentence, 0) ?? sentence;
}
