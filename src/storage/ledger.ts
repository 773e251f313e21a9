// What a sink holds of one mailbox, and how far it got. The file is the archive's index: JSON lines, only ever appended
// to, one line a batch. It can be rebuilt from the mail. What is open of it is a table of what every run asks of each message
// (ledger-table.ts); the lines are read again for the rest.
//
//   {"ledger":1,"mailbox":["Projets","2026"],"crc":"…"}
//   {"validity":"1700000000","crc":"…"}                        every key before this line is void, what is stored is not
//   {"read":"4711 9 8","crc":"…"}                              all was looked at that the source had in this state;
//   {"read":"4711 9 8","settled":{…},"crc":"…"}                nothing was left to do: as the last line it spares the rest
//   {"forgotten":12,"crc":"…"}                                 the store was made anew: of 12 messages before, nothing is known
//   {"checkpoint":{…},"stored":[{…}],"failed":[{…}],"crc":"…"}
//   {"lost":[{…}],"crc":"…"}                                   these were stored; a repair found them damaged or gone
//
// `crc` is the CRC-32 of the line up to it: a torn or half-written last line is known by it, not by its length, and cut
// off. A line that stores a place again gives that message its new key.

import { type FileHandle, open } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { codeOf, MailferryError } from "../errors.ts";
import type { Checkpoint, Commit, Failure, Place, Stored } from "../message.ts";
import { diskError } from "./disk-error.ts";
import { exists, openForWriting, replaceFile, sync, takeBack, truncate, writeAll } from "./durable.ts";
import { LedgerContents } from "./ledger-contents.ts";
import type { LinePlace } from "./ledger-entries.ts";
import { commitLine, damagedLedger, formatLine, formatLines, type LedgerLine, type Settled } from "./ledger-lines.ts";
import { type Scanned, scanLines } from "./ledger-scan.ts";
import type { Entry, Validity } from "./ledger-table.ts";
import { type LedgerText, type OpenFile, textOfFile } from "./ledger-text.ts";

/** The engine's view. Nothing but this file knows that a ledger is a file. */
export interface Ledger extends AsyncDisposable {
  /** Undefined until something was recorded. */
  readonly checkpoint: Checkpoint | undefined;
  /** How many messages are stored, whatever their keys are worth. */
  readonly size: number;
  /** The validity under which keys are known, undefined in a new ledger. */
  readonly validity: string | undefined;
  /** The state of the source in which all it had was settled; undefined if it is not known, or its keys have changed since. */
  readonly read: string | undefined;
  /** Stored, or failed for good. */
  isSettled(key: string): boolean;
  /** What is stored under this key. */
  find(key: string): Stored | undefined;
  /** Of what is stored under this key, what costs nothing to tell; `get` tells the rest. */
  entry(key: string): Entry | undefined;
  /** The same of all whose keys are worth this. */
  entries(validity: Validity): Iterable<Entry>;
  /** What an entry stands for. */
  get(id: number): Stored;
  /** True if a message is known to be stored at this place. */
  holds(place: Place): boolean;
  /** All that is stored under a key of the present validity. */
  current(): Iterable<Stored>;
  /** All that is stored, but whose key is void. */
  earlier(): Iterable<Stored>;
  /** What was stored once, and a repair found lost. */
  losses(): readonly Stored[];
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

/** Reads a ledger without touching it: a torn last line is passed over. Undefined if there is no such file. */
export async function readLedger(path: string): Promise<LedgerContents | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw diskError(error, path);
  }
  return loadLedger(textOfFile({ path, handle }));
}

/** The same of a text, which it takes over. */
export function loadLedger(text: LedgerText): Promise<LedgerContents> {
  return load(text, (mailbox) => new LedgerContents(mailbox, text));
}

/**
 * Opens a ledger for writing, making it if there is none, and repairs its tail. One writer at a time: the archive's lock
 * sees to it. One in which most entries are superseded is written anew first. `followsDeath`: whoever wrote it last has
 * died, and its last line may be in memory alone: it is synced before anybody acts on it.
 */
export async function openLedger(path: string, mailbox: readonly string[], followsDeath = false): Promise<Ledger> {
  if (!(await exists(path))) await replaceFile(path, formatLine({ ledger: 1, mailbox }));
  const ledger = await openFile(path, followsDeath);
  if (!ledger.isWorn) return ledger;
  try {
    await replaceFile(path, formatLines(ledger.lines()));
  } finally {
    await ledger[Symbol.asyncDispose]();
  }
  return openFile(path);
}

async function openFile(path: string, followsDeath = false): Promise<LedgerFile> {
  const handle = await openForWriting(path);
  const text = textOfFile({ path, handle });
  const make = (mailbox: readonly string[]) => new LedgerFile(mailbox, text, { path, handle });
  return load(text, make, async ({ end, size }) => {
    if (size > end) await truncate(handle, path, end);
    else if (followsDeath) await sync(handle, path);
  });
}

/** Takes the text over. */
async function load<Contents extends LedgerContents>(
  text: LedgerText,
  make: (mailbox: readonly string[]) => Contents,
  repair?: (scanned: Scanned) => Promise<void>,
): Promise<Contents> {
  const { path } = text;
  let contents: Contents | undefined;
  try {
    const scanned = await scanLines(path, text.chunks(), (line, place) => {
      if ("ledger" in line) contents = make(line.mailbox);
      contents?.apply(line, place);
    });
    if (contents === undefined) throw damagedLedger(path, 0);
    contents.hasBrokenEnd = scanned.hasBrokenEnd;
    await repair?.(scanned);
    return contents;
  } catch (error) {
    await text[Symbol.asyncDispose]();
    throw error instanceof MailferryError ? error : diskError(error, path);
  }
}

class LedgerFile extends LedgerContents implements Ledger {
  /** Octets up to the end of the last whole line. */
  #length = 0;
  readonly #file: OpenFile;
  #broken = false;

  constructor(mailbox: readonly string[], text: LedgerText, file: OpenFile) {
    super(mailbox, text);
    this.#file = file;
  }

  override apply(line: LedgerLine, place: LinePlace): void {
    super.apply(line, place);
    this.#length = place.offset + place.length;
  }

  begin(validity: string): Promise<void> {
    return this.#append({ validity });
  }

  forget(): Promise<void> {
    return this.#append({ forgotten: this.size });
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
    const { path, handle } = this.#file;
    if (this.#broken) throw diskError(new Error("an earlier write failed"), path);
    const octets = Buffer.from(formatLine(line));
    try {
      await writeAll(handle, path, octets, this.#length);
      await sync(handle, path);
    } catch (error) {
      this.#broken = true;
      await takeBack(handle, this.#length);
      throw error;
    }
    this.apply(line, { offset: this.#length, length: octets.length });
  }
}
