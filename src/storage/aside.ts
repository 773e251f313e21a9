// What a repair takes out of an archive is kept beside it: nothing is ever deleted.
//
//   ARCHIVE/aside/1/      under the paths that they had: mbox/INBOX.mbox, ledger/INBOX.jsonl
//   ARCHIVE/aside/2/      of the next repair

import { readdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { codeOf } from "../errors.ts";
import { diskError } from "./disk-error.ts";
import { exists, keepCopy, makeDirectory, renameFile, syncDirectory } from "./durable.ts";

export const asideName = "aside";

export class Aside {
  readonly #archive: string;
  /** Made when the first file comes. */
  #folder: Promise<string> | undefined;
  /** Relative to the archive. */
  readonly kept: string[] = [];

  constructor(archive: string) {
    this.#archive = archive;
  }

  /** Keeps a file as it is now, and it stays where it is until it is replaced. Paths are relative to the archive. */
  async keep(path: string): Promise<string> {
    const to = await this.#place(path);
    await keepCopy(join(this.#archive, path), join(this.#archive, to));
    return to;
  }

  /** Moves a file. Durable when it resolves. */
  async move(path: string): Promise<string> {
    const [from, to] = [join(this.#archive, path), await this.#place(path)];
    await renameFile(from, join(this.#archive, to));
    for (const each of [join(this.#archive, to), from]) await syncDirectory(dirname(each));
    return to;
  }

  async #place(path: string): Promise<string> {
    this.#folder ??= this.#makeFolder();
    const wanted = join(await this.#folder, path);
    await makeDirectory(join(this.#archive, dirname(wanted)));
    let to = wanted;
    for (let n = 2; await exists(join(this.#archive, to)); n++) to = `${wanted}.${n}`;
    this.kept.push(to);
    return to;
  }

  async #makeFolder(): Promise<string> {
    for (let n = 1; ; n++) {
      const folder = join(asideName, String(n));
      if (await exists(join(this.#archive, folder))) continue;
      await makeDirectory(join(this.#archive, folder));
      return folder;
    }
  }
}

/** All that was ever kept aside, also the tails of mbox files that a run has moved; relative to the archive, sorted. */
export async function listAside(archive: string): Promise<string[]> {
  const tails = (await filesBelow(join(archive, "mbox"))).filter((path) => /\.mbox\.tail-\d+$/.test(path));
  const kept = await filesBelow(join(archive, asideName));
  return [...kept, ...tails].map((path) => relative(archive, path)).sort();
}

async function filesBelow(root: string): Promise<string[]> {
  const found = await readdir(root, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return [];
    throw diskError(error, root);
  });
  return found.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
}
