// The packing program. What it would pass over or never tell of, is an error here: a warning, and a source that breaks off.
// Entries are given to it one at a time, since it takes in without limit.

import { Readable } from "node:stream";
import { type Archiver, type EntryData, TarArchive, ZipArchive } from "archiver";
import type { PackFormat } from "./format.ts";
import type { PackEntry } from "./pack-entry.ts";
import { unsealedComment } from "./seal.ts";

const level = 6;
/** Smaller entries are given as a whole. */
const smallOctets = 256 * 1024;
/** Seconds since 1970 that fit into what the tar library writes into a header (tar-stream/headers.js). */
const latestSeconds = 2 ** 31 - 1;

/** Gives the octets of the pack to `write`, in order. Rejects with the first error of any part, and is at rest then. */
export async function archiveEntries(
  as: PackFormat,
  entries: AsyncIterable<PackEntry>,
  write: (chunk: Uint8Array) => Promise<void>,
): Promise<void> {
  const archive =
    as === "zip"
      ? new ZipArchive({ comment: unsealedComment, zlib: { level } })
      : new TarArchive({ gzip: true, gzipOptions: { level } });
  const watch = new Watch();
  archive.on("error", (error) => watch.fail(error));
  archive.on("warning", (error) => watch.fail(error));
  const drained = (async () => {
    for await (const chunk of archive) await write(chunk as Buffer);
  })();
  drained.catch((error: unknown) => watch.fail(error));
  try {
    for await (const entry of entries) await append(archive, entry, as, watch);
    const ended = archive.finalize();
    ended.catch((error: unknown) => watch.fail(error));
    await watch.until((done) => {
      drained.then(done, () => undefined);
    });
  } finally {
    archive.destroy();
    await drained.catch(() => undefined);
  }
}

async function append(archive: Archiver, entry: PackEntry, as: PackFormat, watch: Watch): Promise<void> {
  const whole = entry.size <= smallOctets ? Buffer.concat(await collect(entry.octets())) : undefined;
  const source = whole ?? Readable.from(entry.octets(), { objectMode: false });
  if (source instanceof Readable) source.once("error", (error) => watch.fail(error));
  try {
    await watch.until((done) => {
      archive.once("entry", done);
      archive.append(source, dataOf(entry, as));
    });
  } finally {
    if (source instanceof Readable) source.destroy();
  }
}

function dataOf({ name, date, size }: PackEntry, as: PackFormat): EntryData {
  const isFolder = name.endsWith("/");
  const data = { name, mode: isFolder ? 0o700 : 0o600, ...(isFolder ? { type: "directory" as const } : {}) };
  // Without this the tar library would read the whole of the source into memory to learn its size.
  const stats = { size } as EntryData["stats"] & object;
  if (as === "zip") return { ...data, date };
  const seconds = Math.floor(date.getTime() / 1000);
  if (seconds >= 0 && seconds <= latestSeconds) return { ...data, date, stats };
  const fitting = new Date(Math.min(Math.max(seconds, 0), latestSeconds) * 1000);
  return { ...data, date: fitting, stats, pax: { mtime: String(seconds) } } as EntryData;
}

async function collect(chunks: AsyncIterable<Buffer>): Promise<Buffer[]> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return all;
}

/** Waits for one thing at a time; the first failure of anything else ends that waiting and all later. */
class Watch {
  #failure: { readonly error: unknown } | undefined;
  #reject: (error: unknown) => void = () => undefined;

  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#reject(this.#failure.error);
  }

  until(start: (done: () => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure.error);
      this.#reject = reject;
      start(resolve);
    });
  }
}
