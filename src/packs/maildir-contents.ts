// The Maildirs of an archive. Messages come in the order of the ledger, by which a pack that can only be read forwards is
// read in one go.

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { MailferryError } from "../errors.ts";
import { parseUniqueName } from "../formats/maildir.ts";
import { printable } from "../formats/printable.ts";
import type { Mailbox } from "../message.ts";
import { mailName } from "../storage/archive.ts";
import { diskError } from "../storage/disk-error.ts";
import { namesIn } from "../storage/read-folder.ts";
import { type Contents, fileEntry, folderEntry, handleEntry, openFile, type PackEntry } from "./pack-entry.ts";

/** A mail reader may rename a file each time it has been found. */
const mostLooks = 4;

export async function* maildirContents(contents: Contents): AsyncGenerator<PackEntry, void, undefined> {
  const { archive } = contents;
  const taken = new Set<string>();
  for (const mailbox of archive.mailboxes()) {
    const folder = mailName("maildir", mailbox.path, archive.variantOf(mailbox));
    taken.add(folder);
    yield* folderContents(contents, folder, mailbox);
  }
  for (const folder of await listFolders(archive.mailRoot)) {
    if (!taken.has(folder)) yield* folderContents(contents, folder);
  }
}

/** `folder` is relative to where the mail lies; without a mailbox, all in it is of others. */
async function* folderContents({ archive, date }: Contents, folder: string, mailbox?: Mailbox) {
  const files = new MaildirFiles(join(archive.mailRoot, folder));
  const prefix = folder === "" ? "maildir/" : `maildir/${folder}/`;
  await files.list();
  for (const name of ["cur", "new", "tmp"]) yield folderEntry(`${prefix}${name}/`, date);
  for (const name of ["dovecot-keywords", "maildirfolder", "subscriptions"]) {
    yield* fileEntry(join(files.directory, name), prefix + name, date);
  }
  await using ledger = mailbox === undefined ? undefined : await archive.readLedger(mailbox);
  for (const { place, internalDate } of ledger?.all() ?? []) {
    const unique = String(place.file);
    const found = await files.open(unique);
    if (found === undefined) throw lost(join(files.directory, "cur", unique));
    yield* handleEntry(found.handle, join(files.directory, found.name), prefix + found.name, internalDate ?? date);
    files.take(unique);
  }
  for (const unique of files.rest()) {
    const found = await files.open(unique);
    // Its owner may have removed it meanwhile.
    if (found !== undefined) {
      yield* handleEntry(found.handle, join(files.directory, found.name), prefix + found.name);
    }
  }
}

/** The messages of one Maildir by their unique names: of two files of one unique name, which are one message, the last. */
class MaildirFiles {
  readonly directory: string;
  /** Relative to the directory. */
  #names = new Map<string, string>();

  constructor(directory: string) {
    this.directory = directory;
  }

  async list(): Promise<void> {
    for (const folder of ["cur", "new"]) {
      const path = join(this.directory, folder);
      const names = await namesIn(path);
      for (const name of names) {
        if (!name.startsWith(".")) this.#names.set(parseUniqueName(name).unique, `${folder}/${name}`);
      }
    }
  }

  async open(unique: string) {
    for (let look = 1; look <= mostLooks; look++) {
      const name = this.#names.get(unique);
      if (name === undefined) return undefined;
      const handle = await openFile(join(this.directory, name));
      if (handle !== undefined) return { handle, name };
      // Listed, but gone: a mail reader has given it other flags since, which is another name.
      const taken = this.#names;
      this.#names = new Map();
      await this.list();
      for (const one of this.#names.keys()) if (!taken.has(one)) this.#names.delete(one);
    }
    return undefined;
  }

  take(unique: string): void {
    this.#names.delete(unique);
  }

  rest(): string[] {
    return [...this.#names.keys()].sort();
  }
}

/** Maildir++ folders, and "" for the Maildir itself. */
async function listFolders(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch((error: unknown) => {
    throw diskError(error, root);
  });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const isRoot = folders.includes("cur");
  return [...(isRoot ? [""] : []), ...folders.filter((name) => name.startsWith(".")).sort()];
}

function lost(path: string): MailferryError {
  return new MailferryError("V901", `${printable(path)} is missing`, { scope: "session", retry: "never" });
}
