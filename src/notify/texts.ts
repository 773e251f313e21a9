// Every word of a message to a person, in each language. The compiler sees to it that none is missing.

import type { ExitName } from "../errors.ts";
import type { Language } from "../language/language.ts";
import { english } from "./english.ts";
import { french } from "./french.ts";

export type VerdictWord = "safe" | "incomplete" | "failed" | "overdue";

/** What a person can do, by how the run ended. */
export type Remedy = Exclude<ExitName, "ok" | "usage" | "interrupted" | "terminated" | "skipped">;

/** Numbers come as they are to be shown; `count` beside them decides between one and many. */
export interface Texts {
  readonly language: Language;
  /** For Intl. */
  readonly locale: string;
  /** With the spaces around it. */
  readonly colon: string;
  readonly semicolon: string;
  readonly verdicts: Readonly<Record<VerdictWord, string>>;
  still(verdict: string): string;
  again(verdict: string): string;
  readonly bug: string;

  // One clause each, for subjects and first sentences.
  missing(count: number, shown: string): string;
  unread(count: number, shown: string): string;
  newMessages(count: number, shown: string): string;
  lastSuccess(when: string): string;
  readonly neverSafe: string;

  // Sentences.
  safe(count: number, shown: string): string;
  otherSafe(count: number, shown: string): string;
  needAttention(count: number, shown: string): string;
  others(count: number, shown: string): string;
  since(when: string): string;
  began(when: string): string;
  lateSince(when: string): string;
  readonly late: string;
  more(count: number, shown: string): string;
  reminder(when: string): string;
  readonly noReminder: string;
  sentBy(host: string): string;

  readonly todo: Readonly<Record<Remedy, string>>;
  readonly seeMore: string;

  readonly labels: {
    readonly run: string;
    readonly from: string;
    readonly to: string;
    readonly todo: string;
    readonly reason: string;
    readonly failures: string;
    readonly mailbox: string;
    readonly onServer: string;
    readonly atSource: string;
    readonly inArchive: string;
    readonly atTarget: string;
    readonly missing: string;
    readonly total: string;
    message(key: string): string;
  };

  readonly test: { readonly subject: string; readonly title: string; readonly text: string };
}

const catalogue: Readonly<Record<Language, Texts>> = { en: english, fr: french };

export function textsIn(language: Language): Texts {
  return catalogue[language];
}
