// What kind of mail lies at a path: an archive of ours by its marker, other mail by what it looks like. Nothing is changed.

import { constants } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import { detectPack } from "../packs/detect-format.ts";
import type { LocalMail } from "../sources/source.ts";
import { markerName } from "../storage/archive.ts";
import { diskError } from "../storage/disk-error.ts";

/** So many files and folders are looked at before a folder is taken for one without mail. */
const mostLookedAt = 20_000;
const from_ = Buffer.from("From ");

/** True if this is the folder of an archive that mailferry wrote, or may be a pack of one. */
export async function isArchive(path: string): Promise<boolean> {
  const isFile = await stat(path).then(
    (status) => status.isFile(),
    () => false,
  );
  if (isFile) return (await detectPack(path)) !== undefined;
  return stat(join(path, markerName)).then(
    (status) => status.isFile(),
    () => false,
  );
}

/**
 * The mail at an absolute path, for a job to read. Throws D506 where there is none, or more than one kind, and D502 if it
 * can't be looked at.
 */
export async function detectMail(path: string): Promise<LocalMail> {
  const status = await stat(path).catch((error: unknown) => {
    throw codeOf(error) === "ENOENT" ? noMail(path, "there is nothing here", checkPath) : diskError(error, path);
  });
  if (!status.isDirectory()) {
    if ((await detectPack(path)) !== undefined) return { archive: path };
    if (status.size === 0 || (await beginsWithFrom(path))) return { mbox: path };
    throw noMail(
      path,
      "this is no mbox file: it does not begin with a From_ line",
      "Name an archive, a pack or a folder.",
    );
  }
  if (await isArchive(path)) return { archive: path };
  const { isMaildir, mbox, maildir, archives } = await lookInto(path);
  if (isMaildir) return { maildir: path };
  if (archives.length > 0) {
    throw noMail(path, "this is not an archive, but a folder with archives in it", `Name one: ${namesOf(archives)}.`);
  }
  if (mbox !== undefined && maildir !== undefined) {
    throw noMail(path, `there are mbox files (${printable(mbox)}) and Maildirs (${printable(maildir)}) in it`, nameOne);
  }
  if (mbox !== undefined) return { mbox: path };
  if (maildir !== undefined) return { maildir: path };
  throw noMail(path, "there is no archive, no mbox file and no Maildir in this folder", checkPath);
}

const checkPath = "Check the path, and that the disk is plugged in.";
const nameOne = "Name the one or the other.";

interface Findings {
  /** The folder itself is one. */
  isMaildir: boolean;
  /** The first that was found, relative to the folder. */
  mbox: string | undefined;
  maildir: string | undefined;
  /** Names of folders that are archives. */
  readonly archives: string[];
}

async function lookInto(root: string): Promise<Findings> {
  const found: Findings = { isMaildir: false, mbox: undefined, maildir: undefined, archives: [] };
  const folders = [""];
  let lookedAt = 0;
  for (let folder = folders.shift(); folder !== undefined && lookedAt < mostLookedAt; folder = folders.shift()) {
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
      if (folder === "") throw diskError(error, root);
      return [];
    });
    if (folder !== "" && entries.some((entry) => entry.name === markerName)) {
      found.archives.push(folder);
      continue;
    }
    if (entries.some((entry) => /^(?:cur|new)$/.test(entry.name) && entry.isDirectory())) {
      if (folder === "") return { ...found, isMaildir: true };
      found.maildir ??= folder;
      continue;
    }
    for (const entry of entries) {
      lookedAt++;
      const inside = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(inside);
      else if (found.mbox === undefined && entry.isFile() && (await isMbox(join(root, inside)))) found.mbox = inside;
    }
  }
  return found;
}

async function isMbox(path: string): Promise<boolean> {
  return path.endsWith(".mbox") || beginsWithFrom(path).catch(() => false);
}

/** Never waits for a pipe. */
async function beginsWithFrom(path: string): Promise<boolean> {
  try {
    await using handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(from_.length), 0, from_.length, 0);
    return buffer.subarray(0, bytesRead).equals(from_);
  } catch (error) {
    throw diskError(error, path);
  }
}

function namesOf(names: readonly string[]): string {
  const more = names.length > 5 ? ` and ${names.length - 5} more` : "";
  return `${names.slice(0, 5).sort().map(printable).join(", ")}${more}`;
}

function noMail(path: string, why: string, remedy: string): MailferryError {
  return new MailferryError("D506", `${printable(path)}: ${why}`, { scope: "session", retry: "never", remedy });
}
