// Mailboxes, both ends of a job and commands, as they are shown.

import { isAbsolute, relative, sep } from "node:path";
import { printable } from "../formats/printable.ts";
import type { JobReport, MailboxReport } from "../jobs/events.ts";
import type { Language } from "../language/language.ts";
import { wordTexts } from "./texts/words.ts";
import { displayWidth, shorten } from "./width.ts";

/** A mailbox by its path, `Projets/2026`. */
export function mailboxName(path: readonly string[]): string {
  return printable(path.join("/"));
}

const arrow = " -> ";

/** `Sent`, or `Envoyés -> Sent` where it has another path at the source. Of a name that is too wide both halves remain. */
export function routeName({ path, source }: Pick<MailboxReport, "path" | "source">, width = Number.MAX_VALUE): string {
  const [from, to] = [mailboxName(source ?? path), mailboxName(path)];
  if (source === undefined) return shorten(to, width);
  const [first, second] = shareWidth(displayWidth(from), displayWidth(to), width - arrow.length);
  return shorten(from, first) + arrow + shorten(to, second);
}

/** How texts of two widths share so many columns: each has half of them, and what the other does not need. */
export function shareWidth(first: number, second: number, width: number): readonly [number, number] {
  if (first + second <= width) return [first, second];
  const half = Math.floor(width / 2);
  if (first <= half) return [first, width - first];
  return second <= half ? [width - second, second] : [width - half, half];
}

/** A path under the current folder as `./backup/ada`; any other, and whatever is no path, as it is. */
export function placeName(path: string, cwd: string): string {
  if (!isAbsolute(path)) return printable(path);
  const below = relative(cwd, path);
  const outside = below === ".." || below.startsWith(`..${sep}`) || isAbsolute(below);
  return printable(outside ? path : below === "" ? "." : `./${below}`);
}

/** What the two ends of a job are called. Mail on this machine is a source without a server. */
export interface Ends {
  readonly source: "server" | "source";
  /** `target` for an account, and for plain mail files. */
  readonly target: "archive" | "target";
}

/** `command` is what the report is of: what `restore` writes is no archive. */
export function endsOf({ from, to, mapping }: Pick<JobReport, "from" | "to" | "mapping">, command = "run"): Ends {
  const isArchive = mapping === undefined && isAbsolute(to) && command !== "restore";
  return { source: isAbsolute(from) ? "source" : "server", target: isArchive ? "archive" : "target" };
}

/** True if the target is an account: what was stored there has been read back. */
export function isMove({ to, mapping }: Pick<JobReport, "to" | "mapping">): boolean {
  return mapping !== undefined || !isAbsolute(to);
}

/** Over the numbers of each end. */
export function endTitles(
  { source, target }: Ends,
  language: Language,
): { readonly source: string; readonly target: string } {
  const say = wordTexts.in(language);
  return { source: say(`column.${source}`), target: say(`column.${target}`) };
}

/** `in the archive`, `at the target`. */
export function whereKept({ target }: Ends, language: Language): string {
  return wordTexts.in(language)(`in.${target}`);
}

/** The beginning of a command that is about the same job file. */
export function sameJobFile({ config }: { readonly config?: string | undefined }): readonly string[] {
  return config === undefined ? ["mailferry"] : ["mailferry", "-c", printable(config)];
}

/** A command to copy into a shell. */
export function commandLine(...words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
}
