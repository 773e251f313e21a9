// A tar.gz file can only be read forwards. Its entries stand in the order in which they are asked for, so a cursor mostly
// goes on from where it is; for anything behind it, it begins again.

import type { FileHandle } from "node:fs/promises";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { type Extract, extract, type Header } from "tar-stream";
import { closeFile, sizeOf } from "../storage/durable.ts";
import { readRange } from "../storage/read-range.ts";
import type { Container, Cursor, Found } from "./container.ts";
import { parseEntryName } from "./entry-names.ts";
import { damagedPack, readingError, showEntry } from "./errors.ts";
import { PackIndex } from "./pack-index.ts";

/** What a pack has in extended headers (POSIX pax): names and times that do not fit into a header. */
const paxKeys: ReadonlySet<string> = new Set(["path", "mtime"]);

interface Entry extends AsyncIterable<unknown> {
  readonly header: Header;
}

/** Takes the handle over. Nothing is read yet. */
export async function openTar(handle: FileHandle, path: string): Promise<Container> {
  try {
    return new TarContainer(handle, path, await sizeOf(handle, path));
  } catch (error) {
    await closeFile(handle);
    throw error;
  }
}

class TarContainer implements Container {
  readonly octets: number;
  readonly path: string;
  readonly #handle: FileHandle;
  /** Of the entries up to where the foremost cursor has come. */
  readonly index: PackIndex;
  readonly #idle: TarCursor[] = [];
  readonly #all = new Set<TarCursor>();
  /** True once a cursor has come to the end: what is not in the index then, is not there. */
  isRead = false;
  /** What ended the foremost cursor: nobody gets further. */
  failure: unknown;

  constructor(handle: FileHandle, path: string, octets: number) {
    this.#handle = handle;
    this.path = path;
    this.octets = octets;
    this.index = new PackIndex(path);
  }

  octetsOfFile(): Readable {
    return Readable.from(readRange(this.#handle, this.path, 0), { objectMode: false });
  }

  cursor(): Cursor {
    const cursor = this.#idle.pop() ?? new TarCursor(this);
    this.#all.add(cursor);
    return {
      next: () => cursor.next(),
      find: (key) => cursor.find(key),
      [Symbol.asyncDispose]: async () => {
        if (!this.#idle.includes(cursor)) this.#idle.push(cursor);
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const cursor of this.#all) cursor.stop();
    await closeFile(this.#handle);
  }
}

/** The entry at which a cursor stands. */
interface Standing {
  readonly found: Found;
  isRead: boolean;
  /** Reads on where its reader has left off. */
  readonly chunks: AsyncIterator<Buffer>;
}

/** As `pipeline` would do, which never settles for the streams of this library. */
async function feed(from: AsyncIterable<unknown>, to: Extract): Promise<void> {
  for await (const chunk of from) {
    if (to.destroyed) return;
    if (to.write(chunk)) continue;
    await new Promise<void>((resolve) => {
      const go = () => {
        to.off("drain", go);
        to.off("close", go);
        resolve();
      };
      to.on("drain", go);
      to.on("close", go);
    });
  }
  to.end(undefined);
}

class TarCursor {
  readonly #container: TarContainer;
  #entries: AsyncIterator<Entry> | undefined;
  #stop: (() => void) | undefined;
  /** The number of the next entry. */
  #next = 0;
  #standing: Standing | undefined;

  constructor(container: TarContainer) {
    this.#container = container;
  }

  async find(key: string): Promise<Found | undefined> {
    const { index } = this.#container;
    const at = index.find(key);
    if (at >= 0) {
      const isHere = at === this.#next - 1 && this.#standing?.isRead === false;
      if (isHere) return this.#standing?.found;
      if (at < this.#next) this.stop();
      while (this.#next < at) await this.#advance();
      return this.#advance();
    }
    if (this.#container.isRead) return undefined;
    if (this.#container.failure !== undefined) throw this.#container.failure;
    for (let found = await this.#advance(); found !== undefined; found = await this.#advance()) {
      if (found.key === key) return found;
    }
    return undefined;
  }

  next(): Promise<Found | undefined> {
    return this.#advance();
  }

  /** At the beginning again. */
  stop(): void {
    const stop = this.#stop;
    this.#stop = undefined;
    this.#entries = undefined;
    this.#standing = undefined;
    this.#next = 0;
    stop?.();
  }

  async #advance(): Promise<Found | undefined> {
    try {
      await this.#drain();
      this.#entries ??= this.#start();
      const { value: entry, done } = await this.#entries.next();
      if (done === true) {
        this.#container.isRead = true;
        return undefined;
      }
      return this.#take(entry);
    } catch (error) {
      const failure = readingError(error, this.#container.path);
      this.#container.failure ??= failure;
      this.stop();
      throw failure;
    }
  }

  #start(): AsyncIterator<Entry> {
    const unpacked = extract();
    const entries = unpacked[Symbol.asyncIterator]() as AsyncIterator<Entry>;
    const source = this.#container.octetsOfFile();
    const unzipped = createGunzip();
    source.once("error", (error) => unzipped.destroy(error));
    // Whoever asks for the next entry gets its error.
    feed(source.pipe(unzipped), unpacked).catch((error: unknown) => unpacked.destroy(error as Error));
    this.#stop = () => {
      source.destroy();
      unzipped.destroy();
      unpacked.destroy();
    };
    return entries;
  }

  #take(entry: Entry): Found {
    const { header } = entry;
    const { index, path } = this.#container;
    const { name, type, size } = header;
    if (this.#next >= index.length) {
      const isFolder = name.endsWith("/");
      if (type !== (isFolder ? "directory" : "file") || (isFolder && size > 0)) {
        throw damagedPack(path, `${showEntry(name)} is neither a file nor a folder`);
      }
      if (Object.keys(header.pax ?? {}).some((key) => !paxKeys.has(key))) {
        throw damagedPack(path, `${showEntry(name)} has a header that no pack has`);
      }
      index.add(name);
    }
    this.#next++;
    const { key, kind } = parseEntryName(name) ?? { key: name, kind: "other" };
    const chunks = (entry as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    const standing: Standing = {
      isRead: false,
      chunks,
      found: { name, key, kind, size, octets: () => this.#read(standing) },
    };
    this.#standing = standing;
    return standing.found;
  }

  /** Who stops reading it does not stop the rest. */
  async *#read(standing: Standing): AsyncGenerator<Buffer, void, undefined> {
    standing.isRead = true;
    for (let octets = 0; ; ) {
      if (this.#standing !== standing) throw new Error("the cursor has moved on");
      const { value, done } = await standing.chunks.next().catch((error: unknown) => {
        throw readingError(error, this.#container.path);
      });
      if (done === true) {
        if (octets === standing.found.size) return;
        throw damagedPack(this.#container.path, `it ends within ${showEntry(standing.found.name)}`);
      }
      octets += value.length;
      yield value;
    }
  }

  async #drain(): Promise<void> {
    const { chunks } = this.#standing ?? {};
    while (chunks !== undefined && (await chunks.next()).done !== true);
    this.#standing = undefined;
  }
}
