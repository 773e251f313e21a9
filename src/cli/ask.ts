// Questions to whoever sits at the terminal. They go to stderr: stdout is the result.

import { createInterface, type Interface } from "node:readline";
import { Writable } from "node:stream";
import { Stopped } from "./invocation.ts";

/** Each method rejects with the signal's reason, or a Stopped for Ctrl-C and the end of the input. */
export interface Asking {
  /** A line; `initial` stands there to be edited. Without blanks at its ends. */
  text(question: string, initial?: string): Promise<string>;
  /** A line that is not shown. As it was typed, without the line end. */
  secret(question: string): Promise<string>;
  /** Yes or no in the language of the person; `initial` for Enter alone. */
  confirm(question: string, initial: boolean): Promise<boolean>;
}

export interface AskingOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly signal: AbortSignal;
  /** `y`, `n`: the first letters of yes and no; either language's are understood. */
  readonly letters: { readonly yes: string; readonly no: string };
}

export function openAsking({ input, output, signal, letters }: AskingOptions): Asking {
  const ask = (question: string, hidden: boolean, initial = ""): Promise<string> => {
    // readline draws the question and what is typed itself; of a secret only the question is let through.
    let isMute = false;
    const screen = new Writable({
      write(chunk: Buffer, _, done) {
        // At once: what waits for the terminal would be drawn when the typing has begun, and be muted with it.
        if (!isMute) output.write(chunk);
        done();
      },
    });
    const terminal = createInterface({ input, output: hidden ? screen : output, terminal: true, historySize: 0 });
    return answerOf(terminal, signal, (answered) => {
      terminal.question(question, answered);
      isMute = hidden;
      if (initial !== "") terminal.write(initial);
    }).finally(() => {
      terminal.close();
      if (hidden) output.write("\n");
    });
  };
  return {
    text: async (question, initial) => (await ask(question, false, initial)).trim(),
    secret: (question) => ask(question, true),
    async confirm(question, initial) {
      const [yes, no] = [letters.yes, letters.no];
      const choice = initial ? `[${yes.toUpperCase()}/${no}]` : `[${yes}/${no.toUpperCase()}]`;
      for (;;) {
        const answer = (await ask(`${question} ${choice} `, false)).trim();
        if (answer === "") return initial;
        if (/^(?:y|yes|o|oui)$/i.test(answer)) return true;
        if (/^(?:n|no|non)$/i.test(answer)) return false;
      }
    },
  };
}

function answerOf(
  terminal: Interface,
  signal: AbortSignal,
  start: (answered: (line: string) => void) => void,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    // Ctrl-C, where readline has the terminal; and Ctrl-D, or an input that is at its end.
    terminal.once("SIGINT", () => reject(new Stopped("interrupted")));
    terminal.once("close", () => {
      signal.removeEventListener("abort", stop);
      reject(new Stopped("interrupted"));
    });
    start(resolve);
  });
}
