import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { parsePartPath } from "../formats/mbox-parts.ts";
import { mailName } from "../storage/archive.ts";
import { diskError } from "../storage/disk-error.ts";
import { type Contents, fileEntry, type PackEntry } from "./pack-entry.ts";

/** The mbox files of an archive: those of its ledgers, each with its parts behind it, then those of others. */
export async function* mboxContents({ archive, date }: Contents): AsyncGenerator<PackEntry, void, undefined> {
  const known = archive.mailboxes().map((mailbox) => mailName("mbox", mailbox.path, archive.variantOf(mailbox)));
  const taken = new Set(known);
  const further = new Map<string, string[]>();
  const others: string[] = [];
  for (const name of (await listMboxFiles(archive.mailRoot)).sort()) {
    const first = parsePartPath(name)?.first ?? "";
    if (taken.has(first)) further.set(first, [...(further.get(first) ?? []), name]);
    else if (!taken.has(name)) others.push(name);
  }
  const ours = known.flatMap((name) => [name, ...(further.get(name) ?? [])]);
  for (const name of ours) yield* fileEntry(join(archive.mailRoot, name), `mbox/${name}`, date);
  for (const name of others) yield* fileEntry(join(archive.mailRoot, name), `mbox/${name}`);
}

/** Relative to the folder, with slashes. */
async function listMboxFiles(root: string): Promise<string[]> {
  const found: string[] = [];
  const folders = [""];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const path = join(root, folder);
    const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
      throw diskError(error, path);
    });
    for (const entry of entries) {
      if (entry.isDirectory()) folders.push(`${folder}${entry.name}/`);
      else if (entry.isFile() && entry.name.endsWith(".mbox")) found.push(folder + entry.name);
    }
  }
  return found;
}
