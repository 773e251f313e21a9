// Files whose permissions matter: what others can read is no secret, and what others can change is theirs.

import { constants, type Stats } from "node:fs";
import { type FileHandle, open, realpath, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { printable } from "../formats/printable.ts";

export type PrivateFile =
  | { readonly outcome: "read"; readonly octets: Buffer }
  /** `mode` in octal, such as `644`. */
  | { readonly outcome: "too-open"; readonly mode: string }
  /** Anybody may put another file in its place: in this folder, with this mode. */
  | { readonly outcome: "in-open-folder"; readonly folder: string; readonly mode: string }
  /** It lies where anybody may put files, and this user has put it there. */
  | { readonly outcome: "planted"; readonly folder: string; readonly uid: number }
  | { readonly outcome: "too-long" }
  /** `reason` is an errno name or a few words. */
  | { readonly outcome: "unreadable"; readonly reason: string };

export interface PrivateFileOptions {
  /** Bits of the mode that it must not have. A file that others may not even read must not lie in an open folder either. */
  readonly forbiddenMode: number;
  readonly maxOctets: number;
}

/**
 * Reads a file whose permissions matter. They are those of the file that is read: it is opened once and examined open,
 * so it can't be exchanged in between, and a symbolic link is judged by what it leads to, and by where both lie.
 */
export async function readPrivateFile(path: string, options: PrivateFileOptions): Promise<PrivateFile> {
  try {
    // Without O_NONBLOCK, opening a named pipe would wait for a writer.
    await using file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    return await readOpen(file, path, options);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "not readable";
    return { outcome: "unreadable", reason };
  }
}

async function readOpen(
  file: FileHandle,
  path: string,
  { forbiddenMode, maxOctets }: PrivateFileOptions,
): Promise<PrivateFile> {
  const stats = await file.stat();
  if (!stats.isFile()) return { outcome: "unreadable", reason: "not a file" };
  // Windows has no such permissions: Node makes them up.
  if (process.platform !== "win32") {
    if ((stats.mode & forbiddenMode) !== 0) return { outcome: "too-open", mode: octal(stats.mode & 0o777) };
    const exposure = await exposureOf(path, stats, (forbiddenMode & 0o004) !== 0);
    if (exposure !== undefined) return exposure;
  }
  if (stats.size > maxOctets) return { outcome: "too-long" };
  return { outcome: "read", octets: await file.readFile() };
}

/** The folder of the path, and that of the file that a link leads to. */
async function exposureOf(path: string, { uid }: Stats, isSecret: boolean): Promise<PrivateFile | undefined> {
  for (const folder of new Set([dirname(resolve(path)), dirname(await realpath(path))])) {
    const { mode } = await stat(folder);
    if ((mode & 0o002) === 0) continue;
    const isSticky = (mode & 0o1000) !== 0;
    if (isSecret && !isSticky) return { outcome: "in-open-folder", folder, mode: octal(mode & 0o7777) };
    if (uid !== 0 && uid !== process.geteuid?.()) return { outcome: "planted", folder, uid };
  }
  return undefined;
}

function octal(mode: number): string {
  return mode.toString(8);
}

/** What is wrong with where a file lies, and the way out. Both are safe to print if `shown` is. */
export function describeExposure(
  file: Extract<PrivateFile, { outcome: "in-open-folder" | "planted" }>,
  shown: string,
): { readonly message: string; readonly remedy: string } {
  if (file.outcome === "planted") {
    return {
      message: `${shown} lies where anybody can put files, and belongs to another user (${file.uid})`,
      remedy: "Look at it; if it is right, copy it into a folder of your own.",
    };
  }
  return {
    message: `anybody can put another file in the place of ${shown} (its folder has mode ${file.mode})`,
    remedy: `chmod o-w ${printable(file.folder)}, or keep the file in a folder of your own.`,
  };
}
