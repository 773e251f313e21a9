import { constants } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, MailferryError } from "../errors.ts";
import { parseUniqueName } from "../formats/maildir.ts";
import { convertStream, lfToCrlf } from "../formats/octets.ts";
import { printable } from "../formats/printable.ts";
import { diskError } from "./disk-error.ts";
import { closeFile, listDirectory } from "./durable.ts";
import { readRange } from "./read-range.ts";
import type { StoredMail } from "./stored-mail.ts";

/** Another program may rename a file each time it has been found. */
const mostLooks = 4;

/** Reads messages back from a Maildir by the places that the Maildir sink gave, whatever a mail reader made of their flags since. */
export function openStoredMaildir(directory: string): StoredMail {
  const listings = new Listings(directory);

  async function openFile(file: string): Promise<{ handle: FileHandle; path: string }> {
    let listing = listings.latest();
    for (let look = 1; look <= mostLooks; look++) {
      const path = (await listing).paths.get(file);
      // It may have been written since; what a listing lacks that was begun after the question is not there.
      if (path === undefined && (look > 1 || (await listings.isUpToDate(listing)))) break;
      try {
        // Whatever lies there, nobody waits for a pipe.
        if (path !== undefined) return { handle: await open(path, constants.O_RDONLY | constants.O_NONBLOCK), path };
      } catch (error) {
        // Listed, but gone: a mail reader has given it other flags since, which is another name.
        if (codeOf(error) !== "ENOENT") throw diskError(error, path ?? directory);
      }
      listing = listings.after(listing);
    }
    throw lost(`${join(directory, "cur", file)} is missing`);
  }

  return {
    async *read({ file, verbatim }) {
      const { handle, path } = await openFile(String(file));
      const stream = readFile(handle, path);
      yield* verbatim === true ? stream : convertStream(stream, lfToCrlf());
    },
    async [Symbol.asyncDispose]() {},
  };
}

interface Listing {
  /** By unique name. */
  readonly paths: ReadonlyMap<string, string>;
  /** The times of the directories before they were read. */
  readonly times: string;
  /** True if any change made after it was begun gives the directories other times than these. */
  readonly isSettled: boolean;
}

/** Within this time two changes may leave a directory with the same time (FAT). */
const coarsestTimeMs = 2000;

/** The files of a Maildir, listed again as seldom as may be: a hundred thousand that are missing cost no listing each. */
class Listings {
  readonly #directory: string;
  #latest: Promise<Listing> | undefined;
  /** The directories' times, and when they were first seen to be these. */
  #seen = { times: "", atMs: 0 };

  constructor(directory: string) {
    this.#directory = directory;
  }

  latest(): Promise<Listing> {
    this.#latest ??= this.#list();
    return this.#latest;
  }

  /** One that was begun after this one. */
  after(listing: Promise<Listing>): Promise<Listing> {
    if (this.#latest === listing) this.#latest = undefined;
    return this.latest();
  }

  /** False also where that can't be told. */
  async isUpToDate(listing: Promise<Listing>): Promise<boolean> {
    const { times, isSettled } = await listing;
    return isSettled && times === (await this.#times());
  }

  async #list(): Promise<Listing> {
    const times = await this.#times();
    const nowMs = performance.now();
    if (times !== this.#seen.times) this.#seen = { times, atMs: nowMs };
    const isSettled = nowMs - this.#seen.atMs > coarsestTimeMs;
    const paths = new Map<string, string>();
    for (const path of this.#folders()) {
      for (const name of await listDirectory(path).catch(ifMissing))
        paths.set(parseUniqueName(name).unique, join(path, name));
    }
    return { paths, times, isSettled };
  }

  async #times(): Promise<string> {
    const times: string[] = [];
    for (const path of this.#folders()) {
      try {
        times.push(String((await stat(path, { bigint: true })).mtimeNs));
      } catch (error) {
        times.push(String(ifMissing(diskError(error, path))));
      }
    }
    return times.join(" ");
  }

  #folders(): string[] {
    return ["cur", "new"].map((name) => join(this.#directory, name));
  }
}

/** A mail reader may have removed the whole folder: it holds no file any more. */
function ifMissing(error: unknown): string[] {
  if (error instanceof MailferryError && codeOf(error.cause) === "ENOENT") return [];
  throw error;
}

async function* readFile(handle: FileHandle, path: string): AsyncIterable<Uint8Array> {
  try {
    yield* readRange(handle, path, 0);
  } finally {
    await closeFile(handle);
  }
}

function lost(what: string): MailferryError {
  return new MailferryError("V901", printable(what), { scope: "message", retry: "later" });
}
