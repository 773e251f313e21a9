// Mailboxes, archives and commands as they are shown.

import { isAbsolute, relative, sep } from "node:path";
import { printable } from "../formats/printable.ts";

/** A mailbox by its path, `Projets/2026`. */
export function mailboxName(path: readonly string[]): string {
  return printable(path.join("/"));
}

/** A path under the current folder as `./backup/ada`; any other as it is. */
export function placeName(path: string, cwd: string): string {
  if (!isAbsolute(path)) return printable(path);
  const below = relative(cwd, path);
  const outside = below === ".." || below.startsWith(`..${sep}`) || isAbsolute(below);
  return printable(outside ? path : below === "" ? "." : `./${below}`);
}

/** A command to copy into a shell. */
export function commandLine(...words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
}
