// The error block: what, why, what to do, and the state of the data.

import type { Paint } from "./screen.ts";
import { displayWidth, padding, wrap } from "./width.ts";

/** Columns that a text for people fills at most; only words that can't be broken go beyond. */
export const lineWidth = 78;

export interface Block {
  readonly title: string;
  /** Without its prefix: `A201`. */
  readonly code?: string | undefined;
  readonly why?: string | undefined;
  readonly remedy?: string | undefined;
  readonly details?: readonly string[];
  /** What became of the data. */
  readonly state?: string | undefined;
}

/** `left`, and `right` at the right margin, or on a line of its own where both don't fit. */
export function justify(left: string, right: string): string[] {
  const room = lineWidth - displayWidth(left) - displayWidth(right);
  return room < 2 ? [left, padding(right, lineWidth) + right] : [left + " ".repeat(room) + right];
}

function labelled(label: string, text: string | undefined): string[] {
  if (text === undefined) return [];
  return wrap(text, lineWidth - 10).map((line, index) => `  ${(index === 0 ? label : "").padEnd(8)}${line}`);
}

/** Lines without line ends. All texts are printable already. */
export function formatBlock(block: Block, paint: Paint): string[] {
  const title = `✖ ${block.title}`;
  const head = block.code === undefined ? [title] : justify(title, `MF-${block.code}`);
  return [
    ...head.map((line) => paint.red(line)),
    ...labelled("Why", block.why),
    ...labelled("Do", block.remedy),
    ...(block.details ?? []).map((line) => `  ${line}`),
    ...(block.state === undefined ? [] : [`  ${block.state}`]),
  ];
}
