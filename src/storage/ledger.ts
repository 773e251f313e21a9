// What a sink holds of one mailbox, and how far it got. The file is the archive's index: JSON lines, only ever appended
// to, one line a batch. It can be rebuilt from the mail.
//
//   {"ledger":1,"mailbox":["Projets","2026"],"crc":"…"}
//   {"validity":"1700000000","crc":"…"}                        every key before this line is void, what is stored is not
//   {"read":"4711 9 8","crc":"…"}                              all was looked at that the source had in this state;
//   {"read":"4711 9 8","settled":{…},"crc":"…"}                nothing was left to do: as the last line it spares the rest
//   {"forgotten":12,"crc":"…"}                                 the store was made anew: of 12 messages before, nothing is known
//   {"checkpoint":{…},"stored":[{…}],"failed":[{…}],"crc":"…"}
//
// `crc` is the CRC-32 of the line up to it: a torn or half-written last line is known by it, not by its length, and cut
// off. A line that stores a place again gives that message its new key.

import { type FileHandle, readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { codeOf, MailferryError } from "../errors.ts";
import type { Checkpoint, Commit, Failure, Place, Stored } from "../message.ts";
import { diskError } from "./disk-error.ts";
import { openForWriting, replaceFile, sync, truncate, writeAll } from "./durable.ts";
import {
  commitLine,
  formatLine,
  type LedgerLine,
  mailboxOf,
  parseLines,
  type ReadLine,
  type Settled,
  storedOf,
} from "./ledger-lines.ts";

/** The engine's view. Nothing but this file knows that a ledger is a file. */
export interface Ledger extends AsyncDisposable {
  /** Undefined until something was recorded. */
  readonly checkpoint: Checkpoint | undefined;
  /** The validity under which keys are known, undefined in a new ledger. */
  readonly validity: string | undefined;
  /** The state of the source in which all it had was settled; undefined if it is not known, or its keys have changed since. */
  readonly read: string | undefined;
  /** Stored, or failed for good. */
  isSettled(key: string): boolean;
  /** What is stored under this key. */
  find(key: string): Stored | undefined;
  /** True if a message is known to be stored at this place. */
  holds(place: Place): boolean;
  /** All that is stored under a key of the present validity. */
  current(): Iterable<Stored>;
  /** All that is stored, but whose key is void. */
  earlier(): Iterable<Stored>;
  /** What could not be stored, by the keys of the present validity. */
  failed(): Iterable<Failure>;
  /** Every key known so far becomes void; what is stored stays. */
  begin(validity: string): Promise<void>;
  /** Nothing that was recorded holds any more, neither keys nor what is stored. */
  forget(): Promise<void>;
  /** Durable when it resolves. To be called only with what the sink has made durable before. */
  record(commit: Commit): Promise<void>;
  /** All is settled that the source had in this state: what is listed of it is what is stored. `settled`: and no more. */
  recordRead(state: string, settled?: Settled): Promise<void>;
}

/** What a ledger says, without the means to write it. */
export class LedgerContents {
  readonly mailbox: readonly string[];
  checkpoint: Checkpoint | undefined;
  validity: string | undefined;
  lastRead: ReadLine | undefined;
  /** Nothing was recorded since `lastRead`. */
  endsWithRead = false;
  /** The last line has its end and is not what was written: by a power loss, or by damage. What it told is not known. */
  hasBrokenEnd = false;
  /** How many entries later ones have replaced. */
  superseded = 0;
  readonly #byKey = new Map<string, Stored>();
  readonly #void = new Map<string, Stored>();
  readonly #keyOf = new Map<string, string>();
  readonly #failures = new Map<string, Failure>();

  constructor(mailbox: readonly string[]) {
    this.mailbox = mailbox;
  }

  get read(): string | undefined {
    return this.lastRead?.read;
  }

  isSettled(key: string): boolean {
    return this.#byKey.has(key) || this.#failures.get(key)?.final === true;
  }

  find(key: string): Stored | undefined {
    return this.#byKey.get(key);
  }

  holds(place: Place): boolean {
    const name = JSON.stringify(place);
    return this.#keyOf.has(name) || this.#void.has(name);
  }

  current(): Iterable<Stored> {
    return this.#byKey.values();
  }

  earlier(): Iterable<Stored> {
    return this.#void.values();
  }

  failed(): Iterable<Failure> {
    return this.#failures.values();
  }

  /** All that is stored, whatever its key is worth. */
  *all(): Iterable<Stored> {
    yield* this.#byKey.values();
    yield* this.#void.values();
  }

  apply(line: LedgerLine): void {
    if ("validity" in line) this.#voidKeys(line.validity);
    if ("forgotten" in line) this.#forgetAll();
    this.endsWithRead = "read" in line;
    if ("read" in line) {
      if (this.lastRead !== undefined) this.superseded++;
      this.lastRead = line;
    }
    if (!("checkpoint" in line)) return;
    this.checkpoint = line.checkpoint;
    for (const stored of line.stored) this.#add(storedOf(stored));
    for (const failure of line.failed) this.#failures.set(failure.key, failure);
  }

  #forgetAll(): void {
    this.superseded += this.#byKey.size + this.#void.size;
    this.checkpoint = undefined;
    this.validity = undefined;
    this.lastRead = undefined;
    for (const each of [this.#byKey, this.#void, this.#keyOf, this.#failures]) each.clear();
  }

  #voidKeys(validity: string): void {
    this.validity = validity;
    this.lastRead = undefined;
    for (const stored of this.#byKey.values()) this.#void.set(nameOf(stored), stored);
    this.#byKey.clear();
    this.#keyOf.clear();
    this.#failures.clear();
  }

  #add(stored: Stored): void {
    const name = nameOf(stored);
    const oldKey = this.#keyOf.get(name);
    if (oldKey !== undefined) this.#byKey.delete(oldKey);
    if (this.#void.delete(name) || oldKey !== undefined) this.superseded++;
    const previous = this.#byKey.get(stored.key);
    if (previous !== undefined && nameOf(previous) !== name) {
      this.#keyOf.delete(nameOf(previous));
      this.#void.set(nameOf(previous), previous);
    }
    this.#byKey.set(stored.key, stored);
    this.#keyOf.set(name, stored.key);
    this.#failures.delete(stored.key);
  }

  /** The same contents with nothing superseded. */
  *lines(): Iterable<LedgerLine> {
    yield { ledger: 1, mailbox: this.mailbox };
    const checkpoint = this.checkpoint ?? {};
    if (this.#void.size > 0) yield { validity: "" };
    for (const stored of slices(this.#void.values())) yield commitLine({ checkpoint, stored, failed: [] });
    if (this.validity !== undefined || this.#void.size > 0) yield { validity: this.validity ?? "" };
    if (this.checkpoint === undefined) return;
    for (const stored of slices(this.#byKey.values())) yield commitLine({ checkpoint, stored, failed: [] });
    yield commitLine({ checkpoint, stored: [], failed: [...this.#failures.values()] });
    if (this.lastRead !== undefined) yield this.lastRead;
  }
}

/** Reads a ledger without touching it: a torn last line is passed over. Undefined if there is no such file. */
export async function readLedger(path: string): Promise<LedgerContents | undefined> {
  let octets: Buffer;
  try {
    octets = await readFile(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw diskError(error, path);
  }
  const contents = new LedgerContents(mailboxOf(path, octets));
  let whole = 0;
  for (const { line, end } of parseLines(path, octets)) {
    contents.apply(line);
    whole = end;
  }
  contents.hasBrokenEnd = octets.indexOf(0x0a, whole) >= 0;
  return contents;
}

/**
 * Opens a ledger for writing, making it if there is none, and repairs its tail. One writer at a time: the archive's lock
 * sees to it. One in which most entries are superseded is written anew first.
 */
export async function openLedger(path: string, mailbox: readonly string[]): Promise<Ledger> {
  const known = await readLedger(path);
  if (known === undefined || known.superseded > 1000 + countOf(known.current())) {
    const lines = [...(known ?? new LedgerContents(mailbox)).lines()];
    await replaceFile(path, Buffer.concat(lines.map((line) => Buffer.from(formatLine(line)))));
  }
  const handle = await openForWriting(path);
  try {
    const octets = await handle.readFile();
    const ledger = new LedgerFile(mailboxOf(path, octets), path, handle);
    for (const { line, end } of parseLines(path, octets)) ledger.restore(line, end);
    if (octets.length > ledger.length) await truncate(handle, path, ledger.length);
    return ledger;
  } catch (error) {
    await handle.close();
    throw error instanceof MailferryError ? error : diskError(error, path);
  }
}

class LedgerFile extends LedgerContents implements Ledger {
  /** Octets up to the end of the last whole line. */
  length = 0;
  readonly #path: string;
  readonly #handle: FileHandle;
  #broken = false;

  constructor(mailbox: readonly string[], path: string, handle: FileHandle) {
    super(mailbox);
    this.#path = path;
    this.#handle = handle;
  }

  /** Takes in a line that is in the file already. */
  restore(line: LedgerLine, end: number): void {
    this.apply(line);
    this.length = end;
  }

  begin(validity: string): Promise<void> {
    return this.#append({ validity });
  }

  forget(): Promise<void> {
    return this.#append({ forgotten: countOf(this.all()) });
  }

  record(commit: Commit): Promise<void> {
    return this.#append(commitLine(commit));
  }

  async recordRead(read: string, settled?: Settled): Promise<void> {
    const isKnown = read === this.read && isDeepStrictEqual(settled, this.lastRead?.settled);
    if (isKnown && (settled === undefined || this.endsWithRead)) return;
    await this.#append(settled === undefined ? { read } : { read, settled });
  }

  async #append(line: LedgerLine): Promise<void> {
    if (this.#broken) throw diskError(new Error("an earlier write failed"), this.#path);
    const octets = Buffer.from(formatLine(line));
    try {
      await writeAll(this.#handle, this.#path, octets, this.length);
      await sync(this.#handle, this.#path);
    } catch (error) {
      this.#broken = true;
      throw error;
    }
    this.restore(line, this.length + octets.length);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}

function nameOf(stored: Stored): string {
  return JSON.stringify(stored.place);
}

function countOf(items: Iterable<unknown>): number {
  let count = 0;
  for (const _ of items) count++;
  return count;
}

const entriesPerLine = 1000;

function* slices(entries: Iterable<Stored>): Iterable<Stored[]> {
  const all = [...entries];
  for (let start = 0; start < all.length; start += entriesPerLine) yield all.slice(start, start + entriesPerLine);
}
