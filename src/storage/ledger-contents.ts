// What a ledger says, by the lines that were applied to it so far: columns of what is asked of every message, and the file
// for the rest.

import type { Checkpoint, Failure, Place, Stored } from "../message.ts";
import { LedgerEntries, type LinePlace } from "./ledger-entries.ts";
import {
  commitLine,
  type LedgerLine,
  linefuls,
  lostLine,
  type ReadLine,
  type StoredLine,
  storedOf,
} from "./ledger-lines.ts";
import { type Entry, LedgerTable, type Validity } from "./ledger-table.ts";
import type { LedgerText } from "./ledger-text.ts";
import type { PlaceSet } from "./place-set.ts";

/** What a ledger says, without the means to write it. Most of it stays in its text, which is open until this is disposed. */
export class LedgerContents implements AsyncDisposable {
  readonly mailbox: readonly string[];
  checkpoint: Checkpoint | undefined;
  validity: string | undefined;
  lastRead: ReadLine | undefined;
  /** Nothing was recorded since `lastRead`. */
  endsWithRead = false;
  /** The last line has its end and is not what was written: by a power loss, or by damage. What it told is not known. */
  hasBrokenEnd = false;
  readonly #text: LedgerText | undefined;
  readonly #entries: LedgerEntries;
  readonly #table = new LedgerTable((row) => this.#entries.at(row).place);
  readonly #failures = new Map<string, Failure>();
  /** A few, as a rule none. */
  readonly #losses: Stored[] = [];
  /** Lines of what was read that later ones have replaced. */
  #supersededReads = 0;

  /** Takes the text over. Without one, all that is applied stays in memory. */
  constructor(mailbox: readonly string[], text?: LedgerText) {
    this.mailbox = mailbox;
    this.#text = text;
    this.#entries = new LedgerEntries(text);
  }

  /** How many messages are stored, whatever their keys are worth. */
  get size(): number {
    return this.#table.counts.current + this.#table.counts.earlier;
  }

  get read(): string | undefined {
    return this.lastRead?.read;
  }

  /** True if so much of it is superseded that it should be written anew. */
  get isWorn(): boolean {
    return this.#table.superseded + this.#supersededReads > 1000 + this.#table.counts.current;
  }

  isSettled(key: string): boolean {
    return this.#table.find(key) >= 0 || this.#failures.get(key)?.final === true;
  }

  find(key: string): Stored | undefined {
    const row = this.#table.find(key);
    return row < 0 ? undefined : this.get(row);
  }

  entry(key: string): Entry | undefined {
    const row = this.#table.find(key);
    return row < 0 ? undefined : this.#table.entry(row);
  }

  *entries(validity: Validity): Iterable<Entry> {
    for (const row of this.#table.rows(validity)) yield this.#table.entry(row);
  }

  get(id: number): Stored {
    return storedOf(this.#entries.at(id));
  }

  holds(place: Place): boolean {
    return this.#table.holds(place);
  }

  *current(): Iterable<Stored> {
    for (const row of this.#table.rows("current")) yield this.get(row);
  }

  *earlier(): Iterable<Stored> {
    for (const row of this.#table.rows("earlier")) yield this.get(row);
  }

  failed(): Iterable<Failure> {
    return this.#failures.values();
  }

  /** What was stored, and was damaged or gone when the archive was repaired; until a message with these octets is stored again. */
  losses(): readonly Stored[] {
    return this.#losses;
  }

  /** All that is stored, whatever its key is worth. */
  *all(): Iterable<Stored> {
    yield* this.current();
    yield* this.earlier();
  }

  /** What is stored at these places, in the order in which it came. */
  *storedAt(places: PlaceSet): Iterable<Stored> {
    for (const row of this.#table.rowsAt(places)) yield this.get(row);
  }

  /** `place` is where the line stands in the file, where there is one. */
  apply(line: LedgerLine, place?: LinePlace): void {
    if ("validity" in line) this.#voidKeys(line.validity);
    if ("forgotten" in line) this.#forgetAll();
    this.endsWithRead = "read" in line;
    if ("read" in line) {
      if (this.lastRead !== undefined) this.#supersededReads++;
      this.lastRead = line;
    }
    if ("lost" in line) this.#losses.push(...line.lost.map(storedOf));
    if (!("checkpoint" in line)) return;
    this.checkpoint = line.checkpoint;
    this.#entries.note(this.#table.length, line.stored, place);
    for (const stored of line.stored) {
      if (this.#losses.length > 0) this.#makeUpFor(stored);
      this.#table.add(stored);
      this.#failures.delete(stored.key);
    }
    for (const failure of line.failed) this.#failures.set(failure.key, failure);
  }

  /** One that was there all the time, and only has another key or flag now, makes up for none. */
  #makeUpFor({ sha256, place }: StoredLine): void {
    const at = this.#losses.findIndex((loss) => loss.sha256 === sha256);
    if (at >= 0 && !this.#table.holds(place)) this.#losses.splice(at, 1);
  }

  #forgetAll(): void {
    this.#losses.length = 0;
    this.checkpoint = undefined;
    this.validity = undefined;
    this.lastRead = undefined;
    this.#table.forgetAll();
    this.#failures.clear();
  }

  #voidKeys(validity: string): void {
    this.validity = validity;
    this.lastRead = undefined;
    this.#table.voidKeys();
    this.#failures.clear();
  }

  /** The same contents with nothing superseded. */
  *lines(): Iterable<LedgerLine> {
    yield { ledger: 1, mailbox: this.mailbox };
    const { earlier } = this.#table.counts;
    const checkpoint = this.checkpoint ?? {};
    if (earlier > 0) yield { validity: "" };
    for (const stored of linefuls(this.earlier())) yield commitLine({ checkpoint, stored, failed: [] });
    if (this.validity !== undefined || earlier > 0) yield { validity: this.validity ?? "" };
    if (this.checkpoint === undefined) return;
    for (const stored of linefuls(this.current())) yield commitLine({ checkpoint, stored, failed: [] });
    yield commitLine({ checkpoint, stored: [], failed: [...this.#failures.values()] });
    for (const lost of linefuls(this.#losses)) yield lostLine(lost);
    if (this.lastRead !== undefined) yield this.lastRead;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#text?.[Symbol.asyncDispose]();
  }
}
