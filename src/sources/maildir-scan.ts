// The file names of a Maildir, of which a mail reader may change any at any time.

import { lstat, readdir, stat } from "node:fs/promises";
import { codeOf } from "../errors.ts";
import { joinRaw, type RawPath, textOf } from "./local.ts";

/** By key, where the file was seen last: `cur/…` or `new/…`, an octet a character. */
export type MaildirFiles = ReadonlyMap<string, string>;

/** Renames go from `new` to `cur`: read in this order, a file that moves meanwhile is seen twice rather than never. */
const folders = ["new", "cur"] as const;

/** A directory may not show a file that is renamed while it is read: one that changed meanwhile is read again. */
const mostReadings = 3;

/** Tells one set of file names from another, as far as the file system's clock does. */
export async function readState(directory: RawPath): Promise<string> {
  const times = await Promise.all(
    folders.map(async (folder) => {
      const status = await stat(joinRaw(directory, Buffer.from(folder)), { bigint: true }).catch(orNone);
      return String(status?.mtimeNs);
    }),
  );
  return times.join(" ");
}

export async function scanMaildir(directory: RawPath): Promise<MaildirFiles> {
  const files = new Map<string, string>();
  const twins = new Map<string, Set<string>>();
  for (let reading = 1; ; reading++) {
    const before = await readState(directory);
    for (const folder of folders) {
      const names = await readdir(joinRaw(directory, Buffer.from(folder)), "latin1").catch(orNone);
      for (const name of names ?? []) {
        // The specification leaves names with a dot in front to others.
        if (name.startsWith(".")) continue;
        const place = `${folder}/${name}`;
        const key = keyOf(splitFileName(place).unique);
        const seen = files.get(key);
        if (seen === undefined) files.set(key, place);
        else if (seen !== place) twins.set(key, (twins.get(key) ?? new Set([seen])).add(place));
      }
    }
    if (reading === mostReadings || (await readState(directory)) === before) break;
  }
  for (const [key, places] of twins) await settle(directory, files, key, [...places].sort());
  return files;
}

/** One unique name was seen with several infos: either it is one file that was renamed, or the files are really two. */
async function settle(
  directory: RawPath,
  files: Map<string, string>,
  key: string,
  places: readonly string[],
): Promise<void> {
  const inodes = new Set<bigint>();
  for (const place of places) {
    const inode = (await lstat(pathOf(directory, place), { bigint: true }).catch(orNone))?.ino;
    if (inode === undefined || inodes.has(inode)) continue;
    inodes.add(inode);
    let name = inodes.size === 1 ? key : keyOf(nameIn(place));
    while (inodes.size > 1 && files.has(name)) name += "#";
    files.set(name, place);
  }
}

/** The unique name in the name of a file, and the info suffix as Unix writes it: Windows can't have its colon. */
export function splitFileName(place: string): { readonly unique: string; readonly info: string } {
  const name = nameIn(place);
  const [, unique = name, info = ""] = /^(.*?)((?::|[;!]2,[A-Za-z]*$).*)$/s.exec(name) ?? [];
  return { unique, info: info.replace(/^[;!]/, ":") };
}

function nameIn(place: string): string {
  return place.slice(place.indexOf("/") + 1);
}

export function pathOf(directory: RawPath, place: string): RawPath {
  return joinRaw(directory, Buffer.from(place, "latin1"));
}

function keyOf(unique: string): string {
  return /^[\x00-\x7f]*$/.test(unique) ? unique : textOf(Buffer.from(unique, "latin1"));
}

/** A folder that is not there, as copies leave out empty ones, has no files. */
function orNone(error: unknown): undefined {
  if (codeOf(error) === "ENOENT") return undefined;
  throw error;
}
