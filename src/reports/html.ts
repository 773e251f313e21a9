// HTML that is put together from trusted text and escaped values: what is no Html is escaped, whoever it comes from.

import { printable } from "../formats/printable.ts";

/** Markup that is safe to write as it is. Only `html` and `joinHtml` make it. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

export type HtmlValue = Html | string | number | readonly Html[];

const nothing = new Html("");

/** A template whose values are escaped unless they are Html; lists of Html are put one behind the other. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const inserted = values.map(markupOf);
  return new Html(parts.reduce((text, part, index) => text + (inserted[index - 1] ?? "") + part));
}

/** `content` where the condition holds, nothing elsewhere. */
export function when(condition: boolean, content: () => Html): Html {
  return condition ? content() : nothing;
}

/**
 * A name or text that somebody else chose: whatever its letters, it neither ends an element nor turns the direction of
 * what stands around it.
 */
export function foreign(text: string): Html {
  return html`<bdi>${text}</bdi>`;
}

function markupOf(value: HtmlValue): string {
  if (value instanceof Html) return value.markup;
  if (typeof value === "object") return value.map(({ markup }) => markup).join("");
  return escapeHtml(String(value));
}

const entities = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
]);

/** For text and for attributes in quotes. Controls and overrides of direction become visible escapes. */
export function escapeHtml(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => entities.get(character) ?? "");
}
