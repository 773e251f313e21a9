// How far a verification is: a bar on a terminal, a line every 30 seconds elsewhere.

import type { Invocation } from "./invocation.ts";
import { verifyTexts } from "./texts/verify.ts";

const lineEveryMs = 30_000;

export interface VerifyProgress {
  /** So many messages have been read again. */
  done(messages: number): void;
  stop(): void;
}

export async function openVerifyProgress(invocation: Invocation, total: number): Promise<VerifyProgress> {
  const { options, screen, now, language } = invocation;
  if (options.quiet) return { done: () => undefined, stop: () => undefined };
  const say = verifyTexts.in(language);
  const words = (messages: number) => say("progress", { done: messages, total });
  if (screen.bars !== undefined) {
    const { SingleBar } = await import("cli-progress");
    const format = "{bar} {percentage}%  {messages}";
    const look = { barCompleteChar: "█", barIncompleteChar: "░", barsize: 24, linewrap: true };
    const bar = new SingleBar({ stream: screen.bars, clearOnComplete: true, format, ...look });
    bar.start(total, 0, { messages: words(0) });
    return { done: (messages) => bar.update(messages, { messages: words(messages) }), stop: () => bar.stop() };
  }
  let saidAt = now();
  return {
    done(messages) {
      if (now() - saidAt < lineEveryMs) return;
      saidAt = now();
      screen.err(`${words(messages)}\n`);
    },
    stop: () => undefined,
  };
}
