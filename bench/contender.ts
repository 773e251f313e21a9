// What the benchmark knows of a program it runs: whether it is here, how it is told what to do, and how to see that it did.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { Mail } from "./corpus/fill.ts";
import type { Login } from "./login.ts";

export interface Task {
  /** Empty, the contender's own, and its working directory: configuration, state and output all go in there. */
  readonly folder: string;
  readonly source: Login;
  readonly mail: Mail;
  /** An empty account, where mail goes into one. */
  readonly target?: Login;
}

export interface Prepared {
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** How many messages have arrived, counted at the target after the command has ended. */
  arrived(stdout: string): Promise<number>;
}

export interface Contender {
  readonly name: string;
  /** Too slow for all of the mail: runs once, on a twentieth. */
  readonly isSample?: true;
  /** Why it can't run here. */
  obstacle(): string | undefined;
  prepare(task: Task): Promise<Prepared>;
}

/** What a contender's `obstacle` says of a program that is looked for in PATH. */
export function lookFor(program: string): string | undefined {
  const isHere = (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  return isHere ? undefined : `${program} is not installed`;
}

/** The account that a task must have where mail goes into one. */
export function targetOf(task: Task): Login {
  if (task.target === undefined) throw new Error("this work has no account to put mail into");
  return task.target;
}
