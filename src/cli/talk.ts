// What a command says on stderr while it works: bars on a terminal, plain lines elsewhere, nothing if so asked.

import type { Reporter } from "../jobs/events.ts";
import type { Invocation } from "./invocation.ts";
import { createLines } from "./lines.ts";

export interface Talk {
  readonly report: Reporter;
  say(line: string): void;
  /** Leaves the terminal as it was. */
  stop(): void;
}

const silence: Talk = { report: () => undefined, say: () => undefined, stop: () => undefined };

/** With `--events` nothing is said but the events. */
export async function openTalk({ options, screen, cwd, now, language }: Invocation): Promise<Talk> {
  if (options.quiet || options.events) return silence;
  const talk = { cwd, verbose: options.verbose === true, language };
  if (screen.bars !== undefined) {
    const { createBars } = await import("./progress.ts");
    return createBars(screen.bars, talk, now);
  }
  return {
    report: createLines(screen.err, talk, now),
    say: (line) => screen.err(`${line}\n`),
    stop: () => undefined,
  };
}
