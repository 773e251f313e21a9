// What is said of a product code, in every language.

import type { ErrorCode } from "../../errors.ts";
import type { Language } from "../language.ts";

export interface Explanation {
  /** What it means: one or two sentences. */
  readonly means: string;
  /** Why it happens; the most common cause first. */
  readonly causes: readonly [string, ...string[]];
  /** What to do, in this order. Commands stand in them as they are typed. */
  readonly steps: readonly [string, ...string[]];
  /** What became of the data. */
  readonly data: string;
}

/** Does not compile where a code, a language or a part is missing. */
export type Explanations<Letter extends string> = Readonly<
  Record<Extract<ErrorCode, `${Letter}${string}`>, Readonly<Record<Language, Explanation>>>
>;
