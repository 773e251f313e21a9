import type { FileHandle } from "node:fs/promises";
import { Readable } from "node:stream";
import { crc32, inflateRawSync } from "node:zlib";
import yauzl from "yauzl";
import { Column } from "../formats/column.ts";
import { PackedNames } from "../formats/packed-names.ts";
import { closeFile, sizeOf } from "../storage/durable.ts";
import { readRange } from "../storage/read-range.ts";
import type { Container, Cursor, Found } from "./container.ts";
import { parseEntryName } from "./entry-names.ts";
import { damagedPack, readingError, showEntry } from "./errors.ts";
import { PackIndex } from "./pack-index.ts";

const windowOctets = 256 * 1024;
/** Smaller entries are unpacked at once: to set up a stream takes longer than to use it. */
const smallOctets = 256 * 1024;
const methods = { stored: 0, deflated: 8 };
/** Deflate gives no more than 1032 octets for one (zlib's technical details). */
const mostInflated = 1032;
const localHeader = 30;
/** Types of files in the mode (APPNOTE 4.4.15, stat(2)). */
const types = { mask: 0o170000, file: 0o100000, folder: 0o040000 };
const encrypted = 1;

/** Reads the directory of a zip file, and refuses what no pack has. Takes the handle over. */
export async function openZip(handle: FileHandle, path: string): Promise<Container> {
  try {
    const size = await sizeOf(handle, path);
    const reader = new FileReader(handle, path);
    const zip = await yauzl.fromRandomAccessReaderPromise(reader, size, { autoClose: false, strictFileNames: true });
    const container = new ZipContainer(path, size, { zip, reader, handle });
    for await (const entry of zip.eachEntry()) container.add(entry);
    return container;
  } catch (error) {
    await closeFile(handle);
    throw readingError(error, path);
  }
}

interface OpenZip {
  readonly zip: yauzl.ZipFile;
  readonly reader: FileReader;
  readonly handle: FileHandle;
}

class ZipContainer implements Container {
  readonly octets: number;
  readonly #path: string;
  readonly #zip: yauzl.ZipFile;
  readonly #reader: FileReader;
  readonly #handle: FileHandle;
  readonly #index: PackIndex;
  readonly #names = new PackedNames();
  readonly #offsets = new Column();
  readonly #packed = new Column();
  readonly #sizes = new Column();
  readonly #crcs = new Column();
  readonly #methods = new Column();
  /** Where the last entry ends, at least. */
  #end = 0;

  constructor(path: string, octets: number, { zip, reader, handle }: OpenZip) {
    this.#path = path;
    this.octets = octets;
    this.#zip = zip;
    this.#reader = reader;
    this.#handle = handle;
    this.#index = new PackIndex(path);
  }

  add(entry: yauzl.Entry): void {
    const { fileName, compressionMethod, compressedSize, uncompressedSize, relativeOffsetOfLocalHeader } = entry;
    const refuse = (why: string) => damagedPack(this.#path, `${showEntry(fileName)} ${why}`);
    const type = (entry.externalFileAttributes >>> 16) & types.mask;
    if (type !== (fileName.endsWith("/") ? types.folder : types.file)) throw refuse("is neither a file nor a folder");
    if (!entry.fileNameRaw.equals(Buffer.from(fileName))) throw refuse("is no name as a pack has it");
    if (compressionMethod !== methods.stored && compressionMethod !== methods.deflated)
      throw refuse("can't be unpacked");
    if ((entry.generalPurposeBitFlag & encrypted) !== 0) throw refuse("is encrypted");
    if (uncompressedSize > compressedSize * mostInflated) throw refuse("claims to be larger than it can be");
    if (relativeOffsetOfLocalHeader < this.#end) throw refuse("shares octets with another entry");
    this.#end = relativeOffsetOfLocalHeader + localHeader + compressedSize;
    this.#index.add(fileName);
    this.#names.push(fileName);
    this.#offsets.push(relativeOffsetOfLocalHeader);
    this.#packed.push(compressedSize);
    this.#sizes.push(uncompressedSize);
    this.#crcs.push(entry.crc32);
    this.#methods.push(compressionMethod);
  }

  cursor(): Cursor {
    let row = -1;
    return {
      next: async () => this.#at(++row),
      find: async (key) => {
        const found = this.#index.find(key);
        if (found >= 0) row = found;
        return this.#at(found);
      },
      async [Symbol.asyncDispose]() {},
    };
  }

  #at(row: number): Found | undefined {
    if (row < 0 || row >= this.#names.length) return undefined;
    const name = this.#names.at(row);
    const { key, kind } = parseEntryName(name) ?? { key: name, kind: "other" };
    return { name, key, kind, size: this.#sizes.get(row), octets: () => this.#read(row, name, kind === "message") };
  }

  async *#read(row: number, name: string, isMessage: boolean): AsyncGenerator<Buffer, void, undefined> {
    const size = this.#sizes.get(row);
    const scope = isMessage ? "message" : "mailbox";
    let stream: Iterable<Buffer> | Readable | undefined;
    try {
      stream = await this.#open(row, name);
      let crc = 0;
      let octets = 0;
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        crc = crc32(chunk, crc);
        octets += chunk.length;
        yield chunk;
      }
      if (octets === size && crc === this.#crcs.get(row)) return;
    } catch (error) {
      throw readingError(error, this.#path, scope);
    } finally {
      if (stream instanceof Readable) stream.destroy();
    }
    throw damagedPack(this.#path, `${showEntry(name)} is not as it was packed`, scope);
  }

  async #open(row: number, name: string): Promise<Iterable<Buffer> | Readable> {
    const compressedSize = this.#packed.get(row);
    const entry = { relativeOffsetOfLocalHeader: this.#offsets.get(row), compressedSize } as yauzl.Entry;
    const { fileDataStart, fileName } = await this.#zip.readLocalFileHeaderPromise(entry);
    if (!fileName.equals(Buffer.from(name))) throw new Error("an entry has two names");
    const isDeflated = this.#methods.get(row) === methods.deflated;
    const size = this.#sizes.get(row);
    if (size <= smallOctets && compressedSize <= smallOctets) {
      const packed = await this.#reader.readWhole(fileDataStart, compressedSize);
      return [isDeflated ? inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) }) : packed];
    }
    // The variant that gives a promise calls another function (yauzl 3.4.0).
    return new Promise((resolve, reject) => {
      const take = (error: Error | null, stream: Readable) => (error === null ? resolve(stream) : reject(error));
      this.#zip.openReadStreamLowLevel(fileDataStart, compressedSize, 0, compressedSize, isDeflated, size, take);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#zip.close();
    await closeFile(this.#handle);
  }
}

/** The directory of a zip file is read in many small pieces: here they come from a large one. */
class FileReader extends yauzl.RandomAccessReader {
  readonly #handle: FileHandle;
  readonly #path: string;
  #window: Buffer = Buffer.alloc(0);
  #start = 0;

  constructor(handle: FileHandle, path: string) {
    super();
    this.#handle = handle;
    this.#path = path;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(readRange(this.#handle, this.#path, start, end - start), { objectMode: false });
  }

  override read(
    target: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, octets?: number) => void,
  ): void {
    this.#read(position, length).then((octets) => callback(null, octets.copy(target, offset)), callback);
  }

  /** Fewer octets where the file ends before. */
  async readWhole(position: number, length: number): Promise<Buffer> {
    return Buffer.from(await this.#read(position, length));
  }

  async #read(position: number, length: number): Promise<Buffer> {
    if (position < this.#start || position + length > this.#start + this.#window.length) {
      const octets = await this.#readWindow(position, length);
      [this.#window, this.#start] = [octets, position];
      return octets.subarray(0, length);
    }
    return this.#window.subarray(position - this.#start, position - this.#start + length);
  }

  async #readWindow(position: number, length: number): Promise<Buffer> {
    const octets: Buffer[] = [];
    for await (const chunk of readRange(this.#handle, this.#path, position, Math.max(length, windowOctets))) {
      octets.push(chunk);
    }
    return Buffer.concat(octets);
  }
}
