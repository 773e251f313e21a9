// What the definitions of commands are made with.

import type { Command } from "commander";
import type { Invocation } from "../invocation.ts";
import type { helpTexts } from "../texts/help.ts";

export type HelpSay = ReturnType<(typeof helpTexts)["in"]>;

/** Which of the global options mean something to a command besides those that every command knows. */
export interface Knows {
  /** It carries messages: `--events` and `--dry-run`. */
  readonly carries?: true;
  readonly rehearses?: boolean;
}

/** What a command does, as commander calls it. `name` is what the person typed. */
export type Action = (
  name: string,
  knows: Knows,
  work: (invocation: Invocation) => Promise<number>,
) => () => Promise<void>;

export interface Setting {
  readonly program: Command;
  readonly say: HelpSay;
  readonly action: Action;
  /** Called with the whole name of a command that has commands of its own. */
  choose(command: string): void;
}
