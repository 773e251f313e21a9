import { codeOf, type ErrorScope, MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import { diskError } from "../storage/disk-error.ts";

const remedy = "Take another pack or the living archive; mailferry verify names what is still intact in this one.";
const longestName = 200;

/** `what`: safe to print. */
export function damagedPack(
  path: string,
  what: string,
  scope: ErrorScope = "session",
  cause?: unknown,
): MailferryError {
  return new MailferryError("V902", `${printable(path)}: ${what}`, { scope, retry: "never", remedy, cause });
}

/** For messages: a name in a pack may be anything, and of any length. */
export function showEntry(name: string): string {
  return printable(name.length > longestName ? `${name.slice(0, longestName)}…` : name);
}

/** What an error of a library or of the disk means for who reads a pack. */
export function readingError(error: unknown, path: string, scope: ErrorScope = "session"): unknown {
  if (error instanceof MailferryError || error instanceof TypeError) return error;
  if (typeof error === "object" && error !== null && "syscall" in error && codeOf(error) !== undefined) {
    return diskError(error, path);
  }
  const words = error instanceof Error ? error.message : String(error);
  return damagedPack(path, `it is damaged (${printable(words.slice(0, longestName))})`, scope, error);
}
