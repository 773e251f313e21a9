// What main.ts hands to each command. Commands know nothing of process.

import type { Language } from "../language/language.ts";
import type { Asking } from "./ask.ts";
import type { ColorChoice, Screen } from "./screen.ts";

/** The options that every command accepts, as commander gives them. */
export interface GlobalOptions {
  readonly config?: string;
  readonly dryRun?: true;
  readonly json?: true;
  readonly events?: true;
  readonly quiet?: true;
  readonly verbose?: true;
  readonly color: ColorChoice;
  readonly plain?: true;
  readonly lang?: Language;
  /** False with `--no-input`. */
  readonly input?: boolean;
  /** Whatever would be asked with yes or no, is answered with yes. */
  readonly yes?: true;
}

/** Why a command ended before its end. */
export class Stopped extends Error {
  override readonly name = "Stopped";
  readonly exit: "interrupted" | "terminated";

  constructor(exit: "interrupted" | "terminated") {
    super("stopped before the end");
    this.exit = exit;
  }
}

export interface Invocation {
  readonly options: GlobalOptions;
  readonly screen: Screen;
  /** That of the person; JSON and logs are English. */
  readonly language: Language;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** How the program was called, for commands to copy: `["mailferry"]`, `["npx", "mailferry"]`, or node and a path. */
  readonly program: readonly string[];
  /** The same for others to call, by whole paths: this Node and the program's file. */
  readonly executable?: readonly string[] | undefined;
  /** Puts questions to whoever sits at the terminal; undefined where nobody does, or nothing is to be asked. */
  readonly ask?: Asking | undefined;
  /** All that is piped in, as text; of more than a password can have only the beginning. */
  readonly readInput?: (() => Promise<string>) | undefined;
  /** Somebody sits there who has started this. */
  readonly atTerminal?: boolean | undefined;
  /** Aborted when the user or the system asks for the end; the reason is a `Stopped`. */
  readonly signal: AbortSignal;
  /** The time of day. */
  readonly clock: () => Date;
  /** Milliseconds that only grow. */
  readonly now: () => number;
  /** Resolves after so many milliseconds, or when the signal is aborted; the system's timer if not given. */
  readonly wait?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
}
