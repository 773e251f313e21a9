// What to do about an error, in order: what is known of the provider, or the error's own way out, or the catalogue's.

import { type ErrorCode, errorCodes } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import { explanationOf } from "../language/codes.ts";
import type { Language } from "../language/language.ts";
import { translate } from "../language/sentences.ts";
import { commandLine } from "./names.ts";
import { type ProviderHints, providerSteps } from "./provider-steps.ts";
import { stepTexts } from "./texts/steps.ts";

/** Of the catalogue's steps a block has the first; `mailferry explain` has them all. */
const mostSteps = 3;

export interface Circumstances {
  /** The way out that the error itself names, in English. */
  readonly remedy?: string | undefined;
  readonly provider?: ProviderHints | undefined;
  /** For commands to copy. */
  readonly job?: string | undefined;
}

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCodes, code);
}

export function explainStep(code: ErrorCode, language: Language): string {
  return stepTexts.in(language)("explain", { code });
}

/** Sentences in the language of the person, safe to print; the last one is where to read more. */
export function stepsOf(code: string, language: Language, { remedy, provider, job }: Circumstances): string[] {
  if (!isErrorCode(code)) return remedy === undefined ? [] : [printable(translate(remedy, language))];
  const steps = provider === undefined ? [] : providerSteps(code, provider, language);
  if (steps.length === 0) {
    if (remedy !== undefined) steps.push(printable(translate(remedy, language)));
    else steps.push(...explanationOf(code, language).steps.slice(0, mostSteps));
  }
  const name = job === undefined ? "JOB" : printable(commandLine(job));
  return [...steps.map((step) => step.replace(/\bJOB\b/, () => name)), explainStep(code, language)];
}
