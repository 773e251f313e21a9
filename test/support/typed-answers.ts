// Somebody at a terminal whose answers are known beforehand.

import type { Asking } from "../../src/cli/ask.ts";

export interface Answers {
  readonly ask: Asking;
  /** The questions, in order. */
  readonly asked: readonly string[];
}

/** Answers in this order; "" is Enter alone. One question more than there are answers fails. */
export function answering(...answers: readonly string[]): Answers {
  const asked: string[] = [];
  const answer = (question: string, initial: string) => {
    const given = answers[asked.length];
    asked.push(question.trim());
    if (given === undefined) throw new Error(`nobody expected to be asked: ${question}`);
    return given === "" ? initial : given;
  };
  return {
    asked,
    ask: {
      text: async (question, initial = "") => answer(question, initial),
      secret: async (question) => answer(question, ""),
      confirm: async (question, initial) => answer(question, initial ? "y" : "n") === "y",
    },
  };
}
