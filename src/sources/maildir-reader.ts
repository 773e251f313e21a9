// One foreign Maildir. Messages are known by their unique names, whatever a mail reader makes of the rest of the file name
// meanwhile. `tmp` is never looked at.

import type { FileHandle } from "node:fs/promises";
import { lstat } from "node:fs/promises";
import { codeOf, MailferryError } from "../errors.ts";
import { LineEnds } from "../formats/line-ends.ts";
import { type KeywordTable, parseInfo, parseKeywords } from "../formats/maildir.ts";
import { convertStream, lfToCrlf } from "../formats/octets.ts";
import { printable } from "../formats/printable.ts";
import type { KnownMailbox, Message, MessageRef } from "../message.ts";
import { readRange } from "../storage/read-range.ts";
import { openRegular, type RawPath, readError, someOf, textOf, unreadable, untilAborted } from "./local.ts";
import { type MaildirFiles, pathOf, readState, scanMaildir, splitFileName } from "./maildir-scan.ts";
import type { MailboxReader, SourceNotice } from "./source.ts";

/** Files looked at at the same time while listing. */
const filesAtOnce = 32;
/** A larger message is read twice instead of being kept. */
const largestKept = 4 * 1024 * 1024;
const longestKeywordFile = 64 * 1024;
/** How often a file is looked for under its next name before it counts as unreadable. */
const mostRenames = 5;

/** Throws S602 of scope "mailbox" if the folder can't be read. */
export async function openMaildirReader(
  directory: RawPath,
  mailbox: readonly string[],
  signal: AbortSignal | undefined,
  notice: (notice: SourceNotice) => void,
): Promise<MailboxReader> {
  try {
    const state = await readState(directory);
    return new MaildirReader(directory, mailbox, state, await readKeywordTable(directory), signal, notice);
  } catch (error) {
    throw readError(error, directory, "mailbox");
  }
}

class MaildirReader implements MailboxReader {
  readonly validity = "maildir 1";
  readonly keys = "stable";
  readonly state: string;
  readonly #directory: RawPath;
  readonly #mailbox: readonly string[];
  readonly #keywords: KeywordTable;
  readonly #signal: AbortSignal | undefined;
  readonly #notice: (notice: SourceNotice) => void;
  #files: MaildirFiles | undefined;

  constructor(
    directory: RawPath,
    mailbox: readonly string[],
    state: string,
    keywords: KeywordTable,
    signal: AbortSignal | undefined,
    notice: (notice: SourceNotice) => void,
  ) {
    this.#directory = directory;
    this.#mailbox = mailbox;
    this.state = state;
    this.#keywords = keywords;
    this.#signal = signal;
    this.#notice = notice;
  }

  /** The sizes take reading every file that is not known: a unique name stands for the same octets for ever. */
  async *list(known?: KnownMailbox): AsyncGenerator<MessageRef, void, undefined> {
    const passedOver: string[] = [];
    const missing = new Set<string>();
    const files = await this.#scan();
    yield* this.#describeAll(files.keys(), known, missing, passedOver);
    if (missing.size > 0) {
      const again = await this.#scan();
      const renamed = [...missing].filter((key) => again.has(key));
      missing.clear();
      yield* this.#describeAll(renamed, known, missing, passedOver);
    }
    if (passedOver.length > 0) {
      const reason = `passed over, since they are no files: ${someOf(passedOver)}`;
      this.#notice({ code: "S602", mailbox: this.#mailbox, reason });
    }
  }

  async *fetch(refs: readonly MessageRef[]): AsyncGenerator<Message, void, undefined> {
    for (const ref of refs) {
      this.#signal?.throwIfAborted();
      const found = await this.#open(ref.key);
      if (found === undefined) continue;
      const { place, file } = found;
      const common = { key: ref.key, size: ref.size, flags: this.#flags(place) };
      if (file instanceof Error) {
        yield { ...common, internalDate: ref.internalDate, body: unreadable(file) };
        continue;
      }
      const path = pathOf(this.#directory, place);
      try {
        const status = await file.stat().catch((error: unknown) => readError(error, path, "message"));
        const isReadable = !(status instanceof Error);
        const internalDate = isReadable ? dateOf(status.mtimeMs) : ref.internalDate;
        yield { ...common, internalDate, body: isReadable ? this.#read(file, path) : unreadable(status) };
      } finally {
        await file.close();
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  async #scan(): Promise<MaildirFiles> {
    this.#signal?.throwIfAborted();
    this.#files = await scanMaildir(this.#directory).catch((error: unknown) => {
      throw readError(error, this.#directory, "mailbox");
    });
    return this.#files;
  }

  async *#describeAll(
    keys: Iterable<string>,
    known: KnownMailbox | undefined,
    missing: Set<string>,
    passedOver: string[],
  ): AsyncGenerator<MessageRef, void, undefined> {
    for (const batch of batchesOf(keys)) {
      this.#signal?.throwIfAborted();
      const refs = await Promise.all(batch.map((key) => this.#describe(key, known)));
      for (const [n, ref] of refs.entries()) {
        const key = batch[n] ?? "";
        if (ref === "gone") missing.add(key);
        else if (ref === "no file") passedOver.push(key);
        else yield ref;
      }
    }
  }

  async #describe(key: string, known: KnownMailbox | undefined): Promise<MessageRef | "gone" | "no file"> {
    const place = this.#files?.get(key);
    if (place === undefined) return "gone";
    const path = pathOf(this.#directory, place);
    try {
      const status = await lstat(path);
      if (!status.isFile()) return "no file";
      const internalDate = dateOf(status.mtimeMs);
      const before = known?.find(key);
      const isKnown = before?.size !== undefined && before.internalDate?.getTime() === internalDate.getTime();
      const size = isKnown ? before.size : await sizeOf(path, this.#signal);
      return { key, size, flags: this.#flags(place), internalDate };
    } catch (error) {
      if (this.#signal?.aborted) throw this.#signal.reason;
      if (codeOf(error) === "ENOENT") return "gone";
      // It is there: what is wrong with it shows when it is fetched.
      return { key, flags: this.#flags(place) };
    }
  }

  #flags(place: string): string[] {
    return parseInfo(splitFileName(place).info, this.#keywords);
  }

  /** The file, open, or why it can't be opened; undefined if it is gone. */
  async #open(key: string): Promise<{ place: string; file: FileHandle | MailferryError } | undefined> {
    let files = this.#files ?? (await this.#scan());
    for (let attempt = 1; ; attempt++) {
      const place = files.get(key);
      if (place === undefined) return undefined;
      const path = pathOf(this.#directory, place);
      try {
        return { place, file: await openRegular(path) };
      } catch (error) {
        const isGone = codeOf(error) === "ENOENT";
        if (!isGone || attempt === mostRenames) return { place, file: readError(error, path, "message") };
        // A mail reader has given it other flags since, which is another name.
        files = await this.#scan();
      }
    }
  }

  async *#read(file: FileHandle, path: RawPath): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      const octets = () => untilAborted(readRange(file, textOf(path), 0), this.#signal);
      const lineEnds = new LineEnds();
      let kept: Buffer[] | undefined = [];
      for await (const chunk of octets()) {
        lineEnds.push(chunk);
        kept?.push(chunk);
        if (lineEnds.size > largestKept) kept = undefined;
      }
      const stored = kept ?? sameAgain(octets(), lineEnds, path);
      yield* convertStream(stored, ...(lineEnds.areBare ? [lfToCrlf()] : []));
    } catch (error) {
      if (this.#signal?.aborted) throw this.#signal.reason;
      throw readError(error, path, "message");
    }
  }
}

/** Throws at the end if these are not the octets that were counted before. */
async function* sameAgain(
  octets: AsyncIterable<Buffer>,
  before: LineEnds,
  path: RawPath,
): AsyncGenerator<Buffer, void, undefined> {
  const now = new LineEnds();
  for await (const chunk of octets) {
    now.push(chunk);
    yield chunk;
  }
  if (now.size === before.size && now.restoredSize === before.restoredSize) return;
  throw new MailferryError("M401", `${printable(textOf(path))}: it was changed while it was read`, {
    scope: "message",
    retry: "later",
  });
}

async function sizeOf(path: RawPath, signal: AbortSignal | undefined): Promise<number> {
  const file = await openRegular(path);
  try {
    const lineEnds = new LineEnds();
    for await (const chunk of untilAborted(readRange(file, textOf(path), 0), signal)) lineEnds.push(chunk);
    return lineEnds.restoredSize;
  } finally {
    await file.close();
  }
}

async function readKeywordTable(directory: RawPath): Promise<KeywordTable> {
  const path = Buffer.concat([directory, Buffer.from("/dovecot-keywords")]);
  const file = await openRegular(path).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  });
  if (file === undefined) return [];
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of readRange(file, textOf(path), 0, longestKeywordFile)) chunks.push(chunk);
    return parseKeywords(Buffer.concat(chunks).toString("utf8"));
  } finally {
    await file.close();
  }
}

/** Dovecot's INTERNALDATE: whole seconds. */
function dateOf(mtimeMs: number): Date {
  return new Date(Math.floor(mtimeMs / 1000) * 1000);
}

function* batchesOf(keys: Iterable<string>): Iterable<string[]> {
  let batch: string[] = [];
  for (const key of keys) {
    batch.push(key);
    if (batch.length < filesAtOnce) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
