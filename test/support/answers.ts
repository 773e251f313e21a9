// Somebody at a terminal who has answers ready, for commands that are called in this process.

import type { Asking } from "../../src/cli/ask.ts";

export interface Answers extends Asking {
  /** What was asked, in order. */
  readonly asked: string[];
}

/** Each question takes the next answer; `undefined` is Enter alone. A question too many is an error. */
export function answering(...answers: readonly (string | boolean | undefined)[]): Answers {
  const left = [...answers];
  const asked: string[] = [];
  const next = (question: string) => {
    asked.push(question);
    if (left.length === 0) throw new Error(`nobody expected to be asked: ${question}`);
    return left.shift();
  };
  return {
    asked,
    text: async (question, initial = "") => String(next(question) ?? initial),
    secret: async (question) => String(next(question) ?? ""),
    confirm: async (question, initial) => {
      const answer = next(question);
      return typeof answer === "boolean" ? answer : initial;
    },
  };
}
