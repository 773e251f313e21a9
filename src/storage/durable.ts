// Every file operation of this program that changes something: no other file calls one. Durable means: the octets are on the disk and the name is in the
// directory before the promise resolves. An fsync that fails is never repeated and believed: the handle is abandoned.

import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, link, mkdir, open, readdir, rename, rmdir, stat, symlink, unlink } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { codeOf } from "../errors.ts";
import { diskError } from "./disk-error.ts";
import { checkOwner } from "./folder-owner.ts";
import { readRange } from "./read-range.ts";

const fileMode = 0o600;
const directoryMode = 0o700;

/** Creates a file that must not exist yet; never follows a link. The caller closes it. */
export function createFile(path: string, mode: number = fileMode): Promise<FileHandle> {
  return attempt(path, () =>
    open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, mode),
  );
}

/** Opens a file for writing in place, creating it if it is missing; never follows a link. The caller closes it. */
export function openForWriting(path: string): Promise<FileHandle> {
  return attempt(path, () => open(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, fileMode));
}

/** So often in a row may the system take nothing, a millisecond apart. */
const mostRefusals = 100;

/** Writes all the octets at `position`, however often the system takes fewer, is interrupted, or asks to try again. */
export async function writeAll(handle: FileHandle, path: string, octets: Uint8Array, position: number): Promise<void> {
  let refusals = 0;
  for (let done = 0; done < octets.length; ) {
    let refusal: unknown = Object.assign(new Error("no octet was taken"), { code: "EIO" });
    const write = handle.write(octets, done, octets.length - done, position + done);
    const { bytesWritten } = await write.catch((error: unknown) => {
      if (!["EINTR", "EAGAIN"].includes(codeOf(error) ?? "")) throw diskError(error, path);
      refusal = error;
      return { bytesWritten: 0 };
    });
    done += bytesWritten;
    refusals = bytesWritten > 0 ? 0 : refusals + 1;
    if (refusals > mostRefusals) throw diskError(refusal, path);
    if (refusals > 0) await setTimeout(1);
  }
}

/** What was written to this handle is on the disk. */
export function sync(handle: FileHandle, path: string): Promise<void> {
  return attempt(path, () => handle.sync());
}

/** The file's times; on the disk once it is synced. */
export function setTimes(handle: FileHandle, path: string, time: Date): Promise<void> {
  return attempt(path, () => handle.utimes(time, time));
}

/** How large an open file is, in octets. */
export async function sizeOf(handle: FileHandle, path: string): Promise<number> {
  return (await attempt(path, () => handle.stat())).size;
}

/** All that counts was synced before: that a file can't be closed in order is no news. */
export async function closeFile(handle: FileHandle): Promise<void> {
  await handle.close().catch(() => undefined);
}

/**
 * Takes back what could not be made durable, as far as the disk lets it: it must not be found by whoever reads the file
 * next, since what a sync has failed for may be in memory alone. Never rejects, and promises nothing.
 */
export async function takeBack(handle: FileHandle, length: number): Promise<void> {
  await handle.truncate(length).catch(() => undefined);
}

/** Adds a line, with its line end, to a file that grows; made if it is missing. A line that a crash has torn ends before it. */
export async function appendLine(path: string, line: string): Promise<void> {
  const isNew = !(await exists(path));
  const handle = await openForWriting(path);
  try {
    const size = await sizeOf(handle, path);
    const last = Buffer.alloc(1);
    if (size > 0) await attempt(path, () => handle.read(last, 0, 1, size - 1));
    const start = size > 0 && last[0] !== 0x0a ? "\n" : "";
    await writeAll(handle, path, Buffer.from(start + line), size);
    await sync(handle, path);
  } finally {
    await closeFile(handle);
  }
  if (isNew) await syncDirectory(dirname(path));
}

/** The file ends at `length`, on the disk too. */
export async function truncate(handle: FileHandle, path: string, length: number): Promise<void> {
  await attempt(path, () => handle.truncate(length));
  await sync(handle, path);
}

/** The names in this directory are on the disk; where the file system can't promise that (SMB, some FUSE), it is as good as it gets. */
export async function syncDirectory(path: string): Promise<void> {
  const handle = await attempt(path, () => open(path, constants.O_RDONLY | constants.O_DIRECTORY));
  try {
    await handle.sync();
  } catch (error) {
    if (!["EINVAL", "ENOTSUP", "EOPNOTSUPP"].includes(codeOf(error) ?? "")) throw diskError(error, path);
  } finally {
    await closeFile(handle);
  }
}

/** Whatever it is. */
export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw diskError(error, path);
  }
}

/** The names in a directory, in no order. */
export function listDirectory(path: string): Promise<string[]> {
  return attempt(path, () => readdir(path));
}

/** Gives a file its final name in the same file system, replacing what is there. Durable once both directories are synced. */
export function renameFile(from: string, to: string): Promise<void> {
  return attempt(to, () => rename(from, to));
}

/**
 * Gives a file a second name, which must be new: whatever becomes of the first, its octets stay under the second. Where the
 * file system knows no such names (FAT) it is a copy. Durable when it resolves.
 */
export async function keepCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!noLinks.has(codeOf(error))) throw diskError(error, to);
    const copy = await createFile(to);
    try {
      await using original = await attempt(from, () => open(from, constants.O_RDONLY | constants.O_NOFOLLOW));
      let position = 0;
      for await (const chunk of readRange(original, from, 0)) {
        await writeAll(copy, to, chunk, position);
        position += chunk.length;
      }
      await sync(copy, to);
    } finally {
      await copy.close();
    }
  }
  await syncDirectory(dirname(to));
}

const noLinks: ReadonlySet<string | undefined> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

/** Removes a file; one that is missing already is no error. */
export async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw diskError(error, path);
  }
}

/** Removes an empty folder. Not durable: one that comes back is empty. */
export function removeDirectory(path: string): Promise<void> {
  durableNames.delete(resolve(path));
  return attempt(path, () => rmdir(path));
}

/** File systems that know no symbolic links, FAT and exFAT, say one of these. */
const knowsNoLinks = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"];

/**
 * Puts a few words under a name, complete from its first moment: as a symbolic link that points to them, or where the file
 * system knows none as a file. False if the name is taken. Not durable.
 */
export async function placeWords(path: string, words: string): Promise<boolean> {
  try {
    await symlink(words, path);
    return true;
  } catch (error) {
    const code = codeOf(error) ?? "";
    if (code === "EEXIST") return false;
    if (!knowsNoLinks.includes(code)) throw diskError(error, path);
  }
  let handle: FileHandle;
  try {
    handle = await createFile(path);
  } catch (error) {
    if (codeOf((error as Error).cause) === "EEXIST") return false;
    throw error;
  }
  try {
    await writeAll(handle, path, Buffer.from(words), 0);
    return true;
  } finally {
    await closeFile(handle);
  }
}

/** Directories whose names this process has seen to be on the disk. */
const durableNames = new Set<string>();

/**
 * Makes a directory and whatever is missing above it, durably. One that is there is left as it is, but for its name: whoever
 * made it may have died before that was on the disk, or be about to sync it only now.
 */
export async function makeDirectory(path: string): Promise<void> {
  if (await makeOneDirectory(path)) return;
  await makeDirectory(dirname(path));
  // Some file systems have the parent and still answer ENOENT: /proc does.
  if (!(await makeOneDirectory(path))) throw diskError(Object.assign(new Error(), { code: "ENOENT" }), path);
}

/** False if there is nothing yet to make it in. */
async function makeOneDirectory(path: string): Promise<boolean> {
  const name = resolve(path);
  try {
    await mkdir(path, { mode: directoryMode });
    durableNames.delete(name);
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" && dirname(path) !== path) return false;
    if (code !== "EEXIST") throw diskError(error, path);
    const found = await attempt(path, () => stat(path));
    if (!found.isDirectory()) throw diskError(error, path);
    await attempt(path, () => checkOwner(path, found.uid));
    if (!durableNames.has(name)) await syncDirectory(dirname(name)).catch(unlessPermitted);
    durableNames.add(name);
    return true;
  }
  await syncDirectory(dirname(name));
  durableNames.add(name);
  return true;
}

/** A folder above the archive that this user may not read is somebody else's, and so are the names in it. */
function unlessPermitted(error: unknown): void {
  if (!["EACCES", "EPERM"].includes(codeOf((error as Error).cause) ?? "")) throw error;
}

/**
 * A file name that no crash can have left behind and no mailbox can have, since their names never begin with `.~`. (The
 * process id would not do: in a container each run has the same.)
 */
export function temporaryName(): string {
  return `.~${randomBytes(8).toString("hex")}.mailferry-tmp`;
}

/** True for what `temporaryName` gave, in this run or in one that died. */
export function isTemporaryName(name: string): boolean {
  return /^\.~[0-9a-f]{16}\.mailferry-tmp$/.test(name);
}

/**
 * Replaces a file as a whole: after a crash it holds either the old octets or the new ones. Content in parts is asked for
 * part by part. `mode` is for a file that others are to read; whatever the umask, it has that mode.
 */
export async function replaceFile(
  path: string,
  content: string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  mode?: number,
): Promise<void> {
  const whole = typeof content === "string" ? Buffer.from(content) : content;
  const temporary = join(dirname(path), temporaryName());
  const handle = await createFile(temporary, mode);
  try {
    try {
      if (mode !== undefined) await attempt(temporary, () => handle.chmod(mode));
      let position = 0;
      for await (const octets of whole instanceof Uint8Array ? [whole] : whole) {
        await writeAll(handle, temporary, octets, position);
        position += octets.length;
      }
      await sync(handle, temporary);
    } finally {
      await closeFile(handle);
    }
    await renameFile(temporary, path);
  } catch (error) {
    await removeFile(temporary).catch(() => undefined);
    throw error;
  }
  await syncDirectory(dirname(path));
}

async function attempt<T>(path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw diskError(error, path);
  }
}
