// What kept a command from its work, for people and as JSON.

import { codeOf, type ExitName, errorCodes, exitCodes, exitNameOf, MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import { JobFileError, type Mistake } from "../jobs/mistakes.ts";
import type { Language } from "../language/language.ts";
import { Stopped } from "./invocation.ts";
import type { Screen } from "./screen.ts";
import { usageTexts } from "./texts/usage.ts";

/** The command line can't be understood, or names what isn't there. The message tells what to type instead. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export interface FailureDocument {
  readonly v: 1;
  readonly command: string;
  readonly verdict: "failed";
  readonly exit: { readonly code: number; readonly name: ExitName };
  readonly jobs?: readonly [];
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly remedy?: string | undefined;
    readonly mistakes?: readonly Mistake[] | undefined;
  };
}

export function exitNameOfFailure(error: unknown): ExitName {
  if (error instanceof Stopped) return error.exit;
  return error instanceof UsageError ? "usage" : exitNameOf(error);
}

/** Too few open files are allowed to load the program, or to work: that is no bug of it. */
export function withoutBlame(error: unknown): unknown {
  const code = codeOf(error) ?? "";
  if (error instanceof MailferryError || !["EMFILE", "ENFILE"].includes(code)) return error;
  return new MailferryError("D502", `too many files are open (${code})`, {
    scope: "session",
    retry: "later",
    remedy: "Raise the limit of open files (ulimit -n 256), then run the same command again.",
    cause: error,
  });
}

/** The message alone: whatever else an error carries may hold a secret. */
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The JSON document of a command that did not get to its own. */
export function failureDocument(command: string, error: unknown): FailureDocument {
  const name = exitNameOfFailure(error);
  const known = error instanceof MailferryError ? error : undefined;
  const mistakes = error instanceof JobFileError ? error.mistakes : undefined;
  return {
    v: 1,
    command,
    verdict: "failed",
    exit: { code: exitCodes[name], name },
    ...(["backup", "run", "restore"].includes(command) ? { jobs: [] } : {}),
    error: { code: known?.code ?? name, message: messageOf(error), remedy: known?.remedy, mistakes },
  };
}

/** The block on stderr; ends with a line end. What is said in it is loaded only now. */
export async function formatFailure(
  error: unknown,
  command: string,
  screen: Screen,
  version: string,
  language: Language,
): Promise<string> {
  if (error instanceof UsageError) {
    const of = command === "mailferry" ? "" : ` ${command}`;
    return `mailferry${of}: ${printable(error.message)}\n${usageTexts.in(language)("see", { command: `mailferry${of}` })}\n`;
  }
  try {
    const { failureLines } = await import("./failure-block.ts");
    return `${failureLines(error, screen.errPaint, version, language).join("\n")}\n`;
  } catch {
    return plainBlock(error);
  }
}

/** Where no file can be opened any more, not even those that the block is made by. */
function plainBlock(error: unknown): string {
  if (!(error instanceof MailferryError)) return `mailferry: ${printable(messageOf(error))}\n`;
  const { code, message, remedy } = error;
  const lines = [`✖ ${errorCodes[code]}  MF-${code}`, `  Why     ${printable(message)}`];
  return `${[...lines, ...(remedy === undefined ? [] : [`  Do      ${printable(remedy)}`])].join("\n")}\n`;
}
