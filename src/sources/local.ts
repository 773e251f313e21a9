// Mail on this machine that mailferry did not write: what its sources share. Names are octets to the system and may be
// no text at all, so paths are kept as octets; `textOf` is for people and for mailbox paths.

import { isUtf8 } from "node:buffer";
import { constants, type Dirent } from "node:fs";
import { type FileHandle, open, readdir } from "node:fs/promises";
import { codeOf, type ErrorScope, MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import { diskError } from "../storage/disk-error.ts";
import type { SourceNotice } from "./source.ts";

export interface LocalSourceOptions {
  /** Ends whatever is under way, with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called once for each thing there is to say, however often a mailbox is read. */
  readonly notice?: ((notice: SourceNotice) => void) | undefined;
}

/** Passes on what was not said before. */
export function onceEach(notice: LocalSourceOptions["notice"]): (notice: SourceNotice) => void {
  const said = new Set<string>();
  return (each) => {
    const text = JSON.stringify([each.code, each.mailbox, each.key, each.reason]);
    if (said.has(text)) return;
    said.add(text);
    notice?.(each);
  };
}

export type RawPath = Buffer;

export function joinRaw(directory: RawPath, name: Buffer): RawPath {
  return Buffer.concat([directory, Buffer.from("/"), name]);
}

/** UTF-8, or Latin-1 where it is not: then each octet is a character, so that other names stay other texts. */
export function textOf(raw: Buffer): string {
  return raw.toString(isUtf8(raw) ? "utf8" : "latin1");
}

/** Sorted, so that each reading finds the same names in the same order. */
export async function readNames(directory: RawPath): Promise<Dirent<Buffer>[]> {
  const names = await readdir(directory, { withFileTypes: true, encoding: "buffer" });
  return names.sort((one, other) => Buffer.compare(one.name, other.name));
}

/** Opens a file for reading; never waits for a pipe, never follows a link in its last part. The caller closes it. */
export async function openRegular(path: RawPath): Promise<FileHandle> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    if ((await handle.stat()).isFile()) return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  throw new MailferryError("S602", `${printable(textOf(path))}: it is no file`, { scope: "mailbox", retry: "never" });
}

/** The error of a file operation, as what it means for a source: this message, this mailbox or all of it can't be read. */
export function readError(error: unknown, path: RawPath, scope: ErrorScope): MailferryError {
  const { message } = diskError(error, textOf(path));
  const remedy =
    codeOf(error) === "ENOENT"
      ? "Check the path, and that the disk is plugged in."
      : "Make it readable, or leave it out of the job; then run again.";
  const code = scope === "message" ? "M401" : "S602";
  return new MailferryError(code, message, { scope, retry: "later", remedy, cause: error });
}

/** The octets as they come, until the signal ends it. */
export async function* untilAborted<T>(
  items: AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void, undefined> {
  signal?.throwIfAborted();
  for await (const item of items) {
    signal?.throwIfAborted();
    yield item;
  }
}

/** The body of a message that is there but can't be read. */
export function unreadable(error: MailferryError): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) };
}

/** Up to five of them, and how many more there are. */
export function someOf(names: readonly string[]): string {
  const more = names.length > 5 ? ` and ${names.length - 5} more` : "";
  return `${names.slice(0, 5).map(printable).join(", ")}${more}`;
}
