// Which entries of a pack were seen, in their order: names that no archive has, or that stand for one and the same file, are
// refused as soon as they are met.

import { nameKey } from "../formats/mailbox-names.ts";
import { NameTable } from "../formats/packed-names.ts";
import { type EntryKind, type EntryName, parseEntryName } from "./entry-names.ts";
import { damagedPack, showEntry } from "./errors.ts";

/** The marker comes first, then the ledgers: who wants no more need not read on. */
function phaseOf(kind: EntryKind): number {
  if (kind === "marker") return 0;
  return kind === "ledger" ? 1 : 2;
}

export class PackIndex {
  readonly #path: string;
  readonly #keys = new NameTable();
  /** Of all but messages, whose names are their owners': some file systems take these for one another. */
  readonly #twins = new Set<string>();
  #phase = 0;

  constructor(path: string) {
    this.#path = path;
  }

  get length(): number {
    return this.#keys.length;
  }

  /** The number of the entry; -1 if it was not seen. */
  find(key: string): number {
    return this.#keys.find(key);
  }

  /** Takes in the next one. Throws V902. */
  add(name: string): EntryName {
    const entry = parseEntryName(name);
    if (entry === undefined) throw damagedPack(this.#path, `${showEntry(name)} is no name of an entry in a pack`);
    const phase = phaseOf(entry.kind);
    if (this.length === 0 ? phase !== 0 : phase === 0 || phase < this.#phase) {
      throw damagedPack(this.#path, `${showEntry(name)} is not where it belongs in a pack`);
    }
    this.#phase = phase;
    const twin = entry.kind === "message" ? undefined : nameKey(name);
    if (this.#keys.has(entry.key) || (twin !== undefined && this.#twins.has(twin))) {
      throw damagedPack(this.#path, `${showEntry(name)} is in it twice`);
    }
    if (twin !== undefined) this.#twins.add(twin);
    this.#keys.push(entry.key);
    return entry;
  }
}
