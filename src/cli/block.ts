// The error block: what, why, what to do, and the state of the data.

import type { Language } from "../language/language.ts";
import type { Paint } from "./screen.ts";
import { blockTexts } from "./texts/block.ts";
import { wordTexts } from "./texts/words.ts";
import { displayWidth, padding, wrap } from "./width.ts";

/** Columns that a text for people fills at most; only words that can't be broken go beyond. */
export const lineWidth = 78;

export interface Block {
  readonly title: string;
  /** Without its prefix: `A201`. */
  readonly code?: string | undefined;
  readonly why?: string | undefined;
  /** The one thing to do. */
  readonly remedy?: string | undefined;
  /** Several things to do, in this order, in place of `remedy`. */
  readonly steps?: readonly string[] | undefined;
  /** Which messages and mailboxes: a line or more for each. */
  readonly which?: readonly string[] | undefined;
  /** Lines as they are. */
  readonly details?: readonly string[];
  /** What became of the data. */
  readonly state?: string | undefined;
}

/** `left`, and `right` at the right margin, or on a line of its own where both don't fit. */
export function justify(left: string, right: string): string[] {
  const room = lineWidth - displayWidth(left) - displayWidth(right);
  return room < 2 ? [left, padding(right, lineWidth) + right] : [left + " ".repeat(room) + right];
}

const indent = 2;

function labelWidth(language: Language): number {
  return language === "fr" ? 9 : 8;
}

/** Columns for what stands beside the labels of a block. */
export function textWidth(language: Language): number {
  return lineWidth - indent - labelWidth(language);
}

function labelled(label: string, lines: readonly string[], language: Language): string[] {
  const width = labelWidth(language);
  return lines.map((line, index) => {
    const beside = index === 0 ? label : "";
    return `${" ".repeat(indent)}${beside}${padding(beside, width)}${line}`;
  });
}

const command =
  /mailferry (?:(?:account|config|notify|schedule) [a-z]+|(?:run|report|verify|ls|explain) (?:'[^']*'|\S+)|[a-z]+)(?: -{1,2}[a-z-]+| [A-Z]{2,}[\w-]*)*/g;
const glue = "\u0000";

/** Wrapped like any text, but commands stay on one line, to be copied. */
export function wrapStep(step: string, width: number): string[] {
  const glued = step.replace(command, (words) => words.replaceAll(" ", glue));
  return wrap(glued, width).map((line) => line.replaceAll(glue, " "));
}

/** Numbered where there is more than one. */
export function numbered(steps: readonly string[], width: number): string[] {
  if (steps.length === 1) return wrapStep(steps[0] ?? "", width);
  return steps.flatMap((step, index) => {
    const number = `${index + 1}. `;
    return wrapStep(step, width - number.length).map(
      (line, row) => (row === 0 ? number : padding("", number.length)) + line,
    );
  });
}

/** Lines without line ends. All texts are printable already, and in the language of the person. */
export function formatBlock(block: Block, paint: Paint, language: Language = "en"): string[] {
  const say = blockTexts.in(language);
  const title = `✖ ${block.title}`;
  const head = block.code === undefined ? [title] : justify(title, `MF-${block.code}`);
  const width = textWidth(language);
  const steps = block.steps ?? (block.remedy === undefined ? [] : [block.remedy]);
  return [
    ...head.map((line) => paint.red(line)),
    ...labelled(say("why"), block.why === undefined ? [] : wrap(block.why, width), language),
    ...labelled(say("do"), numbered(steps, width), language),
    ...labelled(wordTexts.in(language)("which"), block.which ?? [], language),
    ...(block.details ?? []).map((line) => `  ${line}`),
    ...(block.state === undefined ? [] : [`  ${block.state}`]),
  ];
}
