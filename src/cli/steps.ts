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

const test = /(?<=\baccount test )NAME\b/;

export interface Circumstances {
  /** The way out that the error itself names, in English. */
  readonly remedy?: string | undefined;
  readonly provider?: ProviderHints | undefined;
  /** For commands to copy. */
  readonly job?: string | undefined;
  /** By its name in the job file. */
  readonly account?: string | undefined;
}

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCodes, code);
}

export function explainStep(code: ErrorCode, language: Language): string {
  return stepTexts.in(language)("explain", { code });
}

/** Sentences in the language of the person, safe to print; the last one is where to read more. */
export function stepsOf(code: string, language: Language, circumstances: Circumstances): string[] {
  const { remedy, provider, job, account } = circumstances;
  if (!isErrorCode(code)) return remedy === undefined ? [] : [printable(translate(remedy, language))];
  const catalogue = explanationOf(code, language).steps;
  const steps = provider === undefined ? [] : providerSteps(code, provider, language);
  if (steps.length === 0) {
    if (remedy !== undefined) steps.push(printable(translate(remedy, language)));
    else steps.push(...catalogue.filter((step) => !test.test(step)).slice(0, mostSteps));
  }
  const typed = (name: string) => printable(commandLine(name));
  const filled = steps.map((step) => step.replace(/\bJOB\b/, (word) => (job === undefined ? word : typed(job))));
  // To try the account by itself comes last, and only where there is a name to be typed.
  const trial = account === undefined ? undefined : catalogue.find((step) => test.test(step));
  if (account !== undefined && trial !== undefined) {
    filled.push(trial.replace(test, () => typed(account)));
  }
  return [...filled, explainStep(code, language)];
}
