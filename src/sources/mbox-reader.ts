// One foreign mbox file. It is read twice to be listed: once for its dialect, once for what its messages are. The file is
// kept open, so that one that is compacted meanwhile, which makes a new file of it, is still read as it was.

import type { BigIntStats } from "node:fs";
import { type FileHandle, stat } from "node:fs/promises";
import { MailferryError } from "../errors.ts";
import { type ForeignEntry, layOutMbox, type MboxLayout } from "../formats/mbox-dialect.ts";
import { readEntry, type SurveyedEntry, surveyEntries } from "../formats/mbox-entry.ts";
import { flagsOf, parseStateHeaders } from "../formats/mbox-headers.ts";
import { MboxMarker } from "../formats/mbox-marks.ts";
import { printable } from "../formats/printable.ts";
import type { Message, MessageRef } from "../message.ts";
import { readRange } from "../storage/read-range.ts";
import { openRegular, type RawPath, readError, textOf, untilAborted } from "./local.ts";
import { type Doubt, noticeOfDoubts, noticeOfFolderData } from "./mbox-notices.ts";
import type { MailboxReader, SourceNotice } from "./source.ts";

/** A lock that nobody has touched for so long was left behind by a program that died. */
const lockLifeMs = 2 * 60_000;

/** Throws S602 or, while another program writes the file, L801: both of scope "mailbox". */
export async function openMboxReader(
  path: RawPath,
  mailbox: readonly string[],
  signal: AbortSignal | undefined,
  notice: (notice: SourceNotice) => void,
): Promise<MailboxReader> {
  await refuseIfLocked(path);
  const handle = await openRegular(path).catch((error: unknown) => {
    throw error instanceof MailferryError ? error : readError(error, path, "mailbox");
  });
  return new MboxReader(handle, path, mailbox, signal, notice);
}

/** What is kept of a message between listing and fetching it. */
interface Listed {
  readonly entry: ForeignEntry;
  readonly survey: Pick<SurveyedEntry, "digest" | "isBare">;
  readonly ref: Omit<Message, "body">;
}

class MboxReader implements MailboxReader {
  readonly validity = "mbox 1";
  readonly keys = "stable";
  readonly #handle: FileHandle;
  readonly #path: RawPath;
  readonly #mailbox: readonly string[];
  readonly #signal: AbortSignal | undefined;
  readonly #notice: (notice: SourceNotice) => void;
  #listed: ReadonlyMap<string, Listed> | undefined;
  #isClosed = false;

  constructor(
    handle: FileHandle,
    path: RawPath,
    mailbox: readonly string[],
    signal: AbortSignal | undefined,
    notice: (notice: SourceNotice) => void,
  ) {
    this.#handle = handle;
    this.#path = path;
    this.#mailbox = mailbox;
    this.#signal = signal;
    this.#notice = notice;
  }

  async *list(): AsyncGenerator<MessageRef, void, undefined> {
    this.#listed = await this.#survey();
    for (const { ref } of this.#listed.values()) yield ref;
  }

  async *fetch(refs: readonly MessageRef[]): AsyncGenerator<Message, void, undefined> {
    this.#listed ??= await this.#survey();
    const wanted = new Set(refs.flatMap(({ key }) => this.#listed?.get(key) ?? []));
    for (const listed of [...wanted].sort((one, other) => one.entry.offset - other.entry.offset)) {
      this.#signal?.throwIfAborted();
      yield { ...listed.ref, body: this.#read(listed) };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#handle.close();
  }

  async #survey(): Promise<Map<string, Listed>> {
    const before = await this.#status();
    const size = Number(before.size);
    const layout = await this.#layOut(size);
    const listed = new Map<string, Listed>();
    const uses = new Map<string, number>();
    const doubts: Doubt[] = [];
    let keywords: readonly string[] = [];
    let number = 0;
    for await (const { entry, survey } of surveyEntries(this.#octets(0, size), layout.entries)) {
      const { content, digest, isBare, quotedLines } = survey;
      const state = parseStateHeaders(survey.head);
      number++;
      if (number === 1) {
        keywords = state.listed;
        if (state.isFolderData) {
          this.#notice(noticeOfFolderData(this.#mailbox));
          continue;
        }
      }
      if (entry.isDoubtful && quotedLines > 0) doubts.push({ number, lines: quotedLines });
      const nth = (uses.get(content) ?? 0) + 1;
      uses.set(content, nth);
      const key = nth === 1 ? content : `${content}-${nth}`;
      const flags = flagsOf(state, keywords);
      const ref = { key, size: survey.size, flags, ...(entry.date === undefined ? {} : { internalDate: entry.date }) };
      listed.set(key, { entry, survey: { digest, isBare }, ref });
    }
    const after = await this.#status();
    if (after.size !== before.size || after.mtimeNs !== before.mtimeNs) throw this.#inFlux();
    const notice = noticeOfDoubts(this.#mailbox, layout.dialect, doubts);
    if (notice !== undefined) this.#notice(notice);
    return listed;
  }

  async #layOut(size: number): Promise<MboxLayout> {
    const marker = new MboxMarker();
    for await (const chunk of this.#octets(0, size)) marker.push(chunk);
    const layout = layOutMbox(marker.end());
    if (layout.entries.length > 0 || size === 0) return layout;
    throw new MailferryError("S602", `${this.#name}: not an mbox file: it does not begin with a From_ line`, {
      scope: "mailbox",
      retry: "never",
      remedy: "Check that this file is an mbox; nothing in it was changed.",
    });
  }

  async #status(): Promise<BigIntStats> {
    return await this.#handle.stat({ bigint: true }).catch((error: unknown) => {
      throw readError(error, this.#path, "mailbox");
    });
  }

  get #name(): string {
    return printable(textOf(this.#path));
  }

  async *#octets(offset: number, length: number): AsyncGenerator<Buffer, void, undefined> {
    try {
      const short = () => this.#inFlux();
      yield* untilAborted(readRange(this.#handle, textOf(this.#path), offset, length, short), this.#signal);
    } catch (error) {
      if (this.#signal?.aborted) throw this.#signal.reason;
      throw error instanceof MailferryError && error.code === "S602" ? error : readError(error, this.#path, "mailbox");
    }
  }

  #read({ entry, survey }: Listed): AsyncIterable<Uint8Array> {
    const { offset, length } = entry.body;
    const changed = () =>
      new MailferryError("M401", `${this.#name}: the message at octet ${entry.offset} is another than before`, {
        scope: "message",
        retry: "later",
        remedy: "Close the mail program that has this mailbox open; then run again.",
      });
    const short = () => changed();
    const octets = untilAborted(readRange(this.#handle, textOf(this.#path), offset, length, short), this.#signal);
    return readEntry(inMessage(octets, this.#path, this.#signal), entry, survey, changed);
  }

  #inFlux(): MailferryError {
    return new MailferryError("S602", `${this.#name}: it was changed while it was read`, {
      scope: "mailbox",
      retry: "now",
      remedy: "Close the mail program that has this mailbox open; then run again.",
    });
  }
}

/** Octets of one message: whatever goes wrong with them goes wrong with it alone. */
async function* inMessage(
  octets: AsyncIterable<Buffer>,
  path: RawPath,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* octets;
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw error instanceof MailferryError && error.scope === "message" ? error : readError(error, path, "message");
  }
}

/** A message that is half written would be taken for a whole one. */
async function refuseIfLocked(path: RawPath): Promise<void> {
  const lock = Buffer.concat([path, Buffer.from(".lock")]);
  const times = await Promise.all([lock, path].map(async (each) => (await stat(each)).mtimeMs)).catch(() => []);
  if (times.length === 0 || Math.abs(Date.now() - Math.max(...times)) > lockLifeMs) return;
  throw new MailferryError("L801", `${printable(textOf(path))}: another program is writing it`, {
    scope: "mailbox",
    retry: "now",
    remedy: `Close the mail program that has this mailbox open; if none has, remove ${printable(textOf(lock))}.`,
  });
}
