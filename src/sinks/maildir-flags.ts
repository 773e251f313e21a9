// Flags of messages that are stored in a Maildir. They are in the file names, where mail readers change them too: what a
// name says now counts, and only the change is applied to it.

import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, MailferryError } from "../errors.ts";
import { formatInfo, type KeywordTable, keywordLetter, parseUniqueName } from "../formats/maildir.ts";
import { printable } from "../formats/printable.ts";
import type { FlagChange } from "../message.ts";
import { diskError } from "../storage/disk-error.ts";
import { listDirectory, renameFile, syncDirectory } from "../storage/durable.ts";
import { provideLetters } from "./maildir-keywords.ts";

/** By unique name: the paths within the Maildir. More than one only where somebody made a copy under the same name. */
type Files = Map<string, readonly string[]>;

/** Another program may rename a file each time it has been found; one that does so this often never ends. */
const mostLooks = 4;

export class MaildirFlags {
  readonly #directory: string;
  /** As last listed: a name in it may be out of date, which shows when the file is not there. */
  #files: Files | undefined;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * Applies the changes; durable when it resolves. Messages that are gone are passed over. A change that is there already
   * renames nothing. Returns the new paths by unique name.
   */
  async change(changes: readonly FlagChange[]): Promise<ReadonlyMap<string, string>> {
    const renamed = new Map<string, string>();
    let rest = changes;
    for (let look = 1; rest.length > 0; look++) {
      const files: Files = (look === 1 ? this.#files : undefined) ?? (await listFiles(this.#directory));
      this.#files = files;
      const found = rest.filter((change) => files.has(fileOf(change)));
      // A directory may be read while a file in it gets another name: then neither is seen.
      if (found.length === 0 && look > 1) break;
      if (look > mostLooks) throw restless(this.#directory, fileOf(found[0]));
      rest = await this.#apply(rest, files, renamed);
    }
    // Also when nothing was renamed: a run that died may have renamed without getting so far.
    for (const folder of ["cur", "new"]) await syncDirectory(join(this.#directory, folder));
    return renamed;
  }

  /** Returns those whose file is not where it was found. */
  async #apply(changes: readonly FlagChange[], files: Files, renamed: Map<string, string>): Promise<FlagChange[]> {
    const found = changes.filter((change) => files.has(fileOf(change)));
    const table = await provideLetters(
      this.#directory,
      found.flatMap(({ add }) => add),
    );
    const missed = changes.filter((change) => !files.has(fileOf(change)));
    for (const change of found) {
      const unique = fileOf(change);
      const paths = files.get(unique) ?? [];
      const now: string[] = [];
      for (const path of paths) {
        const wanted = changed(path, change, table);
        // Never onto another file.
        const target = wanted !== path && (await this.#isThere(wanted)) ? path : wanted;
        if (!(target === path ? await this.#isThere(path) : await this.#rename(path, target))) continue;
        now.push(target);
        if (target !== path) renamed.set(unique, join(this.#directory, target));
      }
      if (now.length === 0) missed.push(change);
      else files.set(unique, now);
    }
    return missed;
  }

  /** False if there is no such file any more. */
  async #rename(from: string, to: string): Promise<boolean> {
    try {
      await renameFile(join(this.#directory, from), join(this.#directory, to));
      return true;
    } catch (error) {
      if (error instanceof MailferryError && codeOf(error.cause) === "ENOENT") return false;
      throw error;
    }
  }

  async #isThere(name: string): Promise<boolean> {
    const path = join(this.#directory, name);
    try {
      await lstat(path);
      return true;
    } catch (error) {
      if (codeOf(error) === "ENOENT") return false;
      throw diskError(error, path);
    }
  }
}

function fileOf(change: FlagChange | undefined): string {
  const file = change?.place.file;
  return typeof file === "string" ? file : "";
}

async function listFiles(directory: string): Promise<Files> {
  const files: Files = new Map();
  for (const folder of ["cur", "new"]) {
    for (const name of await listDirectory(join(directory, folder))) {
      const { unique } = parseUniqueName(name);
      files.set(unique, [...(files.get(unique) ?? []), `${folder}/${name}`]);
    }
  }
  return files;
}

/**
 * The path that a file has with these flags: the same where no letter changes, else one in `cur`. Letters that mean
 * nothing to us stay, and so does what some programs put behind the letters and a comma.
 */
function changed(path: string, { add, remove }: FlagChange, table: KeywordTable): string {
  const name = path.slice(path.indexOf("/") + 1);
  const [base = "", info = ""] = split(name, ":2,");
  const [letters] = split(info, ",");
  const before = new Set(letters);
  const after = new Set(before);
  for (const letter of lettersOf(remove, table)) after.delete(letter);
  for (const letter of lettersOf(add, table)) after.add(letter);
  if (before.size === after.size && [...after].every((letter) => before.has(letter))) return path;
  return `cur/${base}:2,${[...after].sort().join("")}${info.slice(letters.length)}`;
}

function lettersOf(flags: readonly string[], table: KeywordTable): string {
  return formatInfo(flags, (keyword) => keywordLetter(table, keyword)).slice(":2,".length);
}

/** At the first `separator`. */
function split(text: string, separator: string): [before: string, after: string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}

function restless(directory: string, file: string): MailferryError {
  const path = printable(join(directory, "cur", file));
  return new MailferryError("D502", `${path}: its flags can't be set, for it is renamed again and again`, {
    scope: "mailbox",
    retry: "now",
    remedy: "Close the mail program that has this folder open; then run again.",
  });
}
