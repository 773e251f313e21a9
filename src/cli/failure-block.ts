// What kept a command from its work, as a block for people.

import { MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import { formatMistake, JobFileError, type Mistake } from "../jobs/mistakes.ts";
import type { Language } from "../language/language.ts";
import { translate } from "../language/sentences.ts";
import { titleOfCode } from "../language/titles.ts";
import { formatBlock } from "./block.ts";
import { Stopped } from "./invocation.ts";
import { providerIn } from "./provider-steps.ts";
import type { Paint } from "./screen.ts";
import { stepsOf } from "./steps.ts";
import { blockTexts } from "./texts/block.ts";

/** Lines without line ends. */
export function failureLines(error: unknown, paint: Paint, version: string, language: Language): string[] {
  const say = blockTexts.in(language);
  if (error instanceof Stopped) return [say("stopped")];
  if (!(error instanceof MailferryError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return [
      `✖ ${say("bug.version", { version })}`,
      ...stack.split("\n").map((line) => `  ${printable(line)}`),
      `  ${say("bug.do")}`,
    ];
  }
  const { code, message, remedy } = error;
  const mistakes = error instanceof JobFileError ? mistakeLines(error.file, error.mistakes, language) : [];
  const block = {
    title: titleOfCode(code, language),
    code,
    why: mistakes.length > 0 ? say("mistakes", { count: mistakes.length }) : printable(translate(message, language)),
    details: mistakes,
    steps: stepsOf(code, language, { remedy, provider: providerIn(message) }),
  };
  return formatBlock(block, paint, language);
}

/** `jobs.yaml:7:15  jobs[0].to.format: …`, in the language of the person. */
export function mistakeLines(file: string, mistakes: readonly Mistake[], language: Language): string[] {
  return mistakes.map((mistake) => formatMistake(file, { ...mistake, message: translate(mistake.message, language) }));
}
