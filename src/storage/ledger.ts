// What a sink holds of one mailbox, and how far it got. The file is the archive's index: JSON lines, only ever appended
// to, one line a batch. It can be rebuilt from the mail.
//
//   {"ledger":1,"mailbox":["Projets","2026"],"crc":"…"}
//   {"validity":"1700000000","crc":"…"}                        every key before this line is void, what is stored is not
//   {"checkpoint":{…},"stored":[{…}],"failed":[{…}],"crc":"…"}
//
// `crc` is the CRC-32 of the line up to it: a torn or half-written last line is known by it, not by its length, and cut
// off. A line that stores a place again gives that message its new key.

import { type FileHandle, open, readFile } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import type { Checkpoint, Commit, Failure, Place, Stored } from "../message.ts";
import { codeOf, diskError, openForWriting, replaceFile, sync, truncate, writeAll } from "./durable.ts";

/** The engine's view. Nothing but this file knows that a ledger is a file. */
export interface Ledger extends AsyncDisposable {
  /** Undefined until something was recorded. */
  readonly checkpoint: Checkpoint | undefined;
  /** The validity under which keys are known, undefined in a new ledger. */
  readonly validity: string | undefined;
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
  /** Durable when it resolves. To be called only with what the sink has made durable before. */
  record(commit: Commit): Promise<void>;
}

/** What a ledger file says, without the means to write it. */
export class LedgerContents {
  readonly mailbox: readonly string[];
  checkpoint: Checkpoint | undefined;
  validity: string | undefined;
  /** Octets of the file up to the end of its last whole line. */
  length = 0;
  /** Lines' worth of entries that later lines have replaced. */
  superseded = 0;
  readonly #byKey = new Map<string, Stored>();
  readonly #void = new Map<string, Stored>();
  readonly #keyOf = new Map<string, string>();
  readonly #failures = new Map<string, Failure>();

  constructor(mailbox: readonly string[]) {
    this.mailbox = mailbox;
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

  begin(validity: string): void {
    this.validity = validity;
    for (const stored of this.#byKey.values()) this.#void.set(nameOf(stored), stored);
    this.#byKey.clear();
    this.#keyOf.clear();
    this.#failures.clear();
  }

  add(commit: Commit): void {
    this.checkpoint = commit.checkpoint;
    for (const stored of commit.stored) {
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
    for (const failure of commit.failed) this.#failures.set(failure.key, failure);
  }

  /** The same contents in as few lines as possible. */
  *lines(): Iterable<string> {
    yield header(this.mailbox);
    const earlier = [...this.#void.values()];
    if (earlier.length > 0) {
      yield format({ validity: "" });
      yield format(encode({ checkpoint: this.checkpoint ?? {}, stored: earlier, failed: [] }));
    }
    if (this.validity !== undefined || earlier.length > 0) yield format({ validity: this.validity ?? "" });
    if (this.checkpoint !== undefined) {
      const stored = [...this.#byKey.values()];
      yield format(encode({ checkpoint: this.checkpoint, stored, failed: [...this.#failures.values()] }));
    }
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
  return parse(path, octets);
}

/** The mailbox a ledger is of, from its first line alone. */
export async function readLedgerMailbox(path: string): Promise<readonly string[]> {
  let head = Buffer.alloc(0);
  try {
    await using handle = await open(path);
    for (let bytesRead = -1; bytesRead !== 0 && !head.includes(0x0a); ) {
      const buffer = Buffer.alloc(4096);
      ({ bytesRead } = await handle.read(buffer, 0, buffer.length, head.length));
      head = Buffer.concat([head, buffer.subarray(0, bytesRead)]);
    }
  } catch (error) {
    throw diskError(error, path);
  }
  const line = parseLine(head.toString("utf8", 0, head.indexOf(0x0a)));
  if (line !== undefined && "ledger" in line) return line.mailbox;
  throw damaged(path, 0);
}

/** Opens a ledger for writing, making it if there is none, and repairs its tail. One writer at a time: the archive's lock sees to it. */
export async function openLedger(path: string, mailbox: readonly string[]): Promise<Ledger> {
  let contents = await readLedger(path);
  if (contents === undefined || contents.superseded > 1000 + countOf(contents.current())) {
    contents ??= new LedgerContents(mailbox);
    const text = [...contents.lines()].join("");
    await replaceFile(path, text);
    contents.length = Buffer.byteLength(text);
    contents.superseded = 0;
  }
  const handle = await openForWriting(path);
  try {
    const { size } = await handle.stat();
    if (size > contents.length) await truncate(handle, path, contents.length);
    return new LedgerFile(path, handle, contents);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

class LedgerFile implements Ledger {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #contents: LedgerContents;
  #broken = false;

  constructor(path: string, handle: FileHandle, contents: LedgerContents) {
    this.#path = path;
    this.#handle = handle;
    this.#contents = contents;
  }

  get checkpoint(): Checkpoint | undefined {
    return this.#contents.checkpoint;
  }

  get validity(): string | undefined {
    return this.#contents.validity;
  }

  isSettled(key: string): boolean {
    return this.#contents.isSettled(key);
  }

  find(key: string): Stored | undefined {
    return this.#contents.find(key);
  }

  holds(place: Place): boolean {
    return this.#contents.holds(place);
  }

  current(): Iterable<Stored> {
    return this.#contents.current();
  }

  earlier(): Iterable<Stored> {
    return this.#contents.earlier();
  }

  failed(): Iterable<Failure> {
    return this.#contents.failed();
  }

  async begin(validity: string): Promise<void> {
    await this.#append(format({ validity }));
    this.#contents.begin(validity);
  }

  async record(commit: Commit): Promise<void> {
    await this.#append(format(encode(commit)));
    this.#contents.add(commit);
  }

  async #append(line: string): Promise<void> {
    if (this.#broken) throw diskError(new Error("an earlier write failed"), this.#path);
    const octets = Buffer.from(line);
    try {
      await writeAll(this.#handle, this.#path, octets, this.#contents.length);
      await sync(this.#handle, this.#path);
    } catch (error) {
      this.#broken = true;
      throw error;
    }
    this.#contents.length += octets.length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}

type Line =
  | { readonly ledger: 1; readonly mailbox: readonly string[] }
  | { readonly validity: string }
  | { readonly checkpoint: Checkpoint; readonly stored: readonly StoredLine[]; readonly failed: readonly Failure[] };

type StoredLine = Omit<Stored, "internalDate"> & { readonly date?: string };

function encode(commit: Commit): Line {
  return {
    checkpoint: commit.checkpoint,
    stored: commit.stored.map(({ internalDate, ...rest }) =>
      internalDate === undefined || Number.isNaN(internalDate.getTime())
        ? rest
        : { ...rest, date: internalDate.toISOString() },
    ),
    failed: commit.failed,
  };
}

function decode({ date, ...rest }: StoredLine): Stored {
  return date === undefined ? rest : { ...rest, internalDate: new Date(date) };
}

function header(mailbox: readonly string[]): string {
  return format({ ledger: 1, mailbox });
}

const crcMember = /,"crc":"([0-9a-f]{8})"\}$/;

function format(line: Line): string {
  const open = JSON.stringify(line).slice(0, -1);
  return `${open},"crc":"${crc32(open).toString(16).padStart(8, "0")}"}\n`;
}

function parseLine(text: string): Line | undefined {
  const member = crcMember.exec(text);
  if (member === null) return undefined;
  const open = text.slice(0, member.index);
  if (crc32(open) !== Number.parseInt(member[1] ?? "", 16)) return undefined;
  return JSON.parse(`${open}}`) as Line;
}

function parse(path: string, octets: Buffer): LedgerContents {
  let contents: LedgerContents | undefined;
  let start = 0;
  while (start < octets.length) {
    const end = octets.indexOf(0x0a, start);
    const line = end < 0 ? undefined : parseLine(octets.toString("utf8", start, end));
    if (line === undefined) {
      if (contents !== undefined && isTail(octets, end)) break;
      throw damaged(path, start);
    }
    start = end + 1;
    if ("ledger" in line) contents = new LedgerContents(line.mailbox);
    else if (contents === undefined) throw damaged(path, 0);
    else if ("validity" in line) contents.begin(line.validity);
    else contents.add({ ...line, stored: line.stored.map(decode) });
    if (contents !== undefined) contents.length = start;
  }
  if (contents === undefined) throw damaged(path, 0);
  return contents;
}

/** Only the last record can be torn, since each was synced before the next was begun: no whole line may follow. */
function isTail(octets: Buffer, end: number): boolean {
  for (let start = end + 1; end >= 0 && start < octets.length; ) {
    const next = octets.indexOf(0x0a, start);
    if (next < 0) return true;
    if (parseLine(octets.toString("utf8", start, next)) !== undefined) return false;
    start = next + 1;
  }
  return true;
}

function damaged(path: string, offset: number): MailferryError {
  return new MailferryError(
    "V901",
    `${printable(path)} is damaged at octet ${offset}; the mail itself was not touched`,
    {
      scope: "mailbox",
      retry: "never",
      remedy: "Put the file back from a copy; the mail beside it can be read without it.",
    },
  );
}

function nameOf(stored: Stored): string {
  return JSON.stringify(stored.place);
}

function countOf(items: Iterable<unknown>): number {
  let count = 0;
  for (const _ of items) count++;
  return count;
}
