// How far a verification is: a bar on a terminal, a line every 30 seconds elsewhere.

import type { Invocation } from "./invocation.ts";
import { formatCount } from "./units.ts";

const lineEveryMs = 30_000;

export interface VerifyProgress {
  /** So many messages have been read again. */
  done(messages: number): void;
  stop(): void;
}

export async function openVerifyProgress({ options, screen, now }: Invocation, total: number): Promise<VerifyProgress> {
  if (options.quiet) return { done: () => undefined, stop: () => undefined };
  const words = (messages: number) => `${formatCount(messages)} of ${formatCount(total)} messages read again`;
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
