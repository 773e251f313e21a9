// What is wrong in a job file, and where: every mistake of a file in one error.

import { MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";

export type Path = readonly (string | number)[];

export interface Mistake {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  /** The key, such as `jobs[0].to.format`; empty for the file as a whole. */
  readonly where: string;
  /** One line in plain words, safe to print; never shows a secret. */
  readonly message: string;
}

/** A job file that can't be used. `mistakes` has all of them in the order of the file; empty if the file could not be read. */
export class JobFileError extends MailferryError {
  readonly file: string;
  readonly mistakes: readonly Mistake[];

  constructor(file: string, mistakes: readonly Mistake[], unreadable?: { message: string; remedy: string }) {
    super("C701", unreadable?.message ?? summarize(file, mistakes), {
      scope: "session",
      retry: "never",
      remedy: unreadable?.remedy ?? "Correct the job file; jobs.example.yaml shows every key.",
    });
    this.file = file;
    this.mistakes = mistakes;
  }
}

/** `jobs.yaml:7:15  jobs[0].to.format: "mbxo" is not one of mbox, maildir`: for people and editors alike. */
export function formatMistake(file: string, mistake: Mistake): string {
  const where = mistake.where === "" ? "" : `${mistake.where}: `;
  return `${printable(file)}:${mistake.line}:${mistake.column}  ${where}${mistake.message}`;
}

/** `jobs[0].to.format`. What lies below an account's password is cut off: it may be the password itself. */
export function formatPath(path: Path): string {
  const shown = path[0] === "accounts" && path[2] === "password" ? path.slice(0, 3) : path;
  return shown
    .map((part, depth) => {
      if (typeof part === "number") return `[${part}]`;
      if (!/^[\p{L}\p{N}_@-]+$/u.test(part)) return `[${quote(part)}]`;
      return depth === 0 ? part : `.${part}`;
    })
    .join("");
}

/** True where a secret may stand, at its right place or at a wrong one: no value there is ever shown. */
export function isSecret(path: Path): boolean {
  return path.some((part) => typeof part === "string" && /passw|pwd|secret|token/i.test(part));
}

const longestQuote = 60;

/** Text of the job file for a message: printable, bounded, in double quotes. */
export function quote(text: string): string {
  const characters = [...text];
  return `"${printable(characters.length > longestQuote ? `${characters.slice(0, longestQuote).join("")}…` : text)}"`;
}

function summarize(file: string, mistakes: readonly Mistake[]): string {
  const [first, ...others] = mistakes;
  if (first === undefined) return `${printable(file)} can't be used`;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return `${formatMistake(file, first)}${more}`;
}
