// What a disk may hold after the power failed, from the record of what was done to it. Content that was not synced has reached
// it in whole sectors of 512 octets, or not; a length may be there before its octets, which then read as zeros or as garbage;
// names are there or not. What was synced is there.
//
// Of names there are three models: a journal, in which all that was done to names and lengths has survived up to some moment,
// with the octets (ext4, XFS and others); the same for each folder by itself; and any of them by itself, as POSIX allows.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DiskRecord, FileChange, FileNode, FolderNode, NameChange, Node, Sync } from "./disk-record.ts";
import { seeded } from "./packs.ts";

export type Loss = "nothing unsynced is there" | "everything is there" | { readonly seed: number };

/** Paths from the root, in order; folders are null, links are their text. */
export type Image = ReadonlyMap<string, Buffer | string | null>;

const sector = 512;
/** That of a machine which was switched on again. */
const nextBoot = "00000000-0000-4000-8000-000000000000";

export const lossesPerPoint: readonly Loss[] = [
  "nothing unsynced is there",
  "everything is there",
  ...Array.from({ length: 20 }, (_, seed) => ({ seed })),
];

/** What may be there if the power fails at step `at`. The same seed gives the same. */
export function imageAt(record: DiskRecord<unknown>, at: number, loss: Loss): Image {
  const fate = new Fate(record, at, loss);
  const image = new Map<string, Buffer | string | null>();
  const walk = (folder: FolderNode, path: string) => {
    for (const [name, node] of [...fate.namesIn(folder)].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const inside = path === "" ? name : `${path}/${name}`;
      if (node.kind === "link") image.set(inside, atNextBoot(node.to));
      else if (node.kind === "file") image.set(inside, fate.contentOf(node));
      else {
        image.set(inside, null);
        walk(node, inside);
      }
    }
  };
  walk(record.tree, "");
  return image;
}

/** Tells images apart. */
export function digestOfImage(image: Image): string {
  const hash = createHash("sha256");
  for (const [path, content] of image) {
    hash.update(`${path}\0${content === null ? "folder" : typeof content}\0${content?.length ?? 0}\0`);
    if (content !== null) hash.update(content);
  }
  return hash.digest("hex");
}

/** In place of whatever lies in `root`. */
export function putImage(image: Image, root: string): void {
  for (const name of readdirSync(root)) rmSync(join(root, name), { recursive: true });
  for (const [path, content] of image) {
    const at = join(root, path);
    if (content === null) mkdirSync(at, { mode: 0o700 });
    else if (typeof content === "string") symlinkSync(content, at);
    else writeFileSync(at, content, { mode: 0o600 });
  }
}

/** Whoever held a lock did so before the power failed. */
function atNextBoot(text: string): string {
  try {
    return JSON.stringify({ ...JSON.parse(text), boot: nextBoot });
  } catch {
    return text;
  }
}

type Random = (below: number) => number;

class Fate {
  readonly #record: DiskRecord<unknown>;
  readonly #at: number;
  readonly #random: Random | undefined;
  readonly #all: boolean;
  readonly #isJournal: boolean;
  readonly #fillsWithGarbage: boolean;
  /** Of a hundred. */
  readonly #chance: number;
  /** In a journal: all before this step has survived. */
  readonly #journalEnd: number;
  readonly #folderEnds = new Map<FolderNode, number>();
  readonly #isByFolder: boolean;
  readonly #units = new Map<string, boolean>();
  readonly #names = new Map<FolderNode, NameChange[]>();
  readonly #contents = new Map<FileNode, FileChange[]>();
  readonly #syncs = new Map<FileNode | FolderNode, Sync[]>();

  constructor(record: DiskRecord<unknown>, at: number, loss: Loss) {
    this.#record = record;
    this.#at = at;
    this.#all = loss === "everything is there";
    this.#random = typeof loss === "string" ? undefined : seeded(loss.seed * 7919 + at * 104_729 + 1);
    const seed = typeof loss === "string" ? 0 : loss.seed;
    this.#isJournal = seed % 4 === 0;
    this.#isByFolder = seed % 4 === 1;
    this.#fillsWithGarbage = seed % 4 === 3;
    this.#chance = [50, 20, 80, 95, 5][seed % 5] ?? 50;
    group(record.names, at, this.#names, ({ folder }) => folder);
    group(record.contents, at, this.#contents, ({ node }) => node);
    group(record.syncs, at, this.#syncs, ({ node }) => node);
    const open = [...record.names, ...record.contents]
      .filter((change) => change.began <= at && !this.#isDurable(change))
      .map(({ began }) => began)
      .sort((a, b) => a - b);
    // Whatever was synced of a journal, all before it is there, too.
    const synced = record.syncs
      .filter(({ ended }) => ended <= at)
      .reduce((last, { began }) => Math.max(last, began), 0);
    const rest = open.filter((began) => began > synced);
    this.#journalEnd = this.#random === undefined ? 0 : (rest[this.#random(rest.length + 1)] ?? at + 1);
  }

  namesIn(folder: FolderNode): ReadonlyMap<string, Node> {
    const names = new Map(folder.initial);
    for (const change of this.#names.get(folder) ?? []) {
      if (!this.#isDurable(change) && !this.#hasSurvived(change)) continue;
      if (change.node === undefined) names.delete(change.name);
      else names.set(change.name, change.node);
    }
    return names;
  }

  contentOf(node: FileNode): Buffer {
    const changes = this.#contents.get(node) ?? [];
    let content = node.initial;
    const open: FileChange[] = [];
    for (const change of changes) {
      if (this.#isDurable(change)) content = apply(content, change);
      else open.push(change);
    }
    if (open.length === 0) return content;
    if (this.#all) return open.reduce(apply, content);
    const random = this.#random;
    if (random === undefined) return content;
    if (this.#isJournal) return open.filter(({ began }) => began < this.#journalEnd).reduce(apply, content);
    return this.#tear(content, open, random);
  }

  /** The length of some moment, or one between two, and of each sector what it was at some moment. */
  #tear(before: Buffer, open: readonly FileChange[], random: Random): Buffer {
    const done = random(open.length + 1);
    const { length: least } = open.slice(0, done).reduce(apply, before);
    const { length: most } = open.slice(0, done + 1).reduce(apply, before);
    const length = Math.min(least, most) + (random(2) === 0 ? 0 : random(Math.abs(most - least) + 1));
    const torn = Buffer.alloc(length);
    for (let start = 0; start < length; start += sector) {
      const end = Math.min(start + sector, length);
      if (start < before.length) before.copy(torn, start, start, Math.min(end, before.length));
      else if (this.#fillsWithGarbage) for (let at = start; at < end; at++) torn[at] = random(256);
      for (const change of open) {
        if (change.type !== "write" || random(100) >= this.#chance) continue;
        const from = Math.max(start, change.offset);
        const to = Math.min(end, change.offset + change.octets.length);
        if (from < to) change.octets.copy(torn, from, from - change.offset, to - change.offset);
      }
    }
    return torn;
  }

  #isDurable(change: FileChange | NameChange): boolean {
    const target = "folder" in change ? change.folder : change.node;
    return (this.#syncs.get(target) ?? []).some(({ began, ended }) => began > change.ended && ended <= this.#at);
  }

  #hasSurvived(change: NameChange): boolean {
    if (this.#all) return true;
    const random = this.#random;
    if (random === undefined) return false;
    if (this.#isJournal) return change.began < this.#journalEnd;
    if (this.#isByFolder) {
      const { folder } = change;
      const ofFolder = this.#names.get(folder) ?? [];
      const end = this.#folderEnds.get(folder) ?? ofFolder[random(ofFolder.length + 1)]?.began ?? this.#at + 1;
      this.#folderEnds.set(folder, end);
      return change.began < end;
    }
    // Within a folder a rename is one change; from one folder to another it may be torn.
    const isWithin = this.#record.names.every(({ unit, folder }) => unit !== change.unit || folder === change.folder);
    const key = isWithin ? `${change.unit}` : `${change.unit} ${change.name}`;
    const known = this.#units.get(key) ?? random(100) < this.#chance;
    this.#units.set(key, known);
    return known;
  }
}

/** Those that had begun by then, by what they are of. */
function group<T extends { readonly began: number }, K>(
  all: readonly T[],
  at: number,
  into: Map<K, T[]>,
  keyOf: (one: T) => K,
): void {
  for (const one of all) {
    if (one.began > at) continue;
    const some = into.get(keyOf(one));
    if (some === undefined) into.set(keyOf(one), [one]);
    else some.push(one);
  }
}

function apply(content: Buffer, change: FileChange): Buffer {
  if (change.type === "truncate") {
    const cut = Buffer.alloc(change.length);
    content.copy(cut, 0, 0, Math.min(content.length, change.length));
    return cut;
  }
  const { offset, octets } = change;
  const grown = Buffer.alloc(Math.max(content.length, offset + octets.length));
  content.copy(grown);
  octets.copy(grown, offset);
  return grown;
}

/** What lies there now. */
export function photograph(root: string): Image {
  const image = new Map<string, Buffer | string | null>();
  const walk = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name);
      const isFolder = entry.isDirectory();
      if (isFolder) image.set(path, null);
      else image.set(path, entry.isFile() ? readFileSync(join(root, path)) : readlinkSync(join(root, path)));
      if (isFolder) walk(path);
    }
  };
  walk("");
  return image;
}
