// Reading many stored messages again, the fast way: it says which of them are on the disk as they arrived. Of any
// other, however it looks, it says nothing: that is for whoever reads it with care and can name what is wrong.

import { closeSync, constants, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { sha256Of } from "../formats/digest.ts";
import { giveBack } from "../formats/give-back.ts";
import { parseUniqueName } from "../formats/maildir.ts";
import { partOf, partPath } from "../formats/mbox-parts.ts";
import { readWholeEntry } from "../formats/mboxrd.ts";
import { writeAsCrlf } from "../formats/octets.ts";
import type { Place, Stored } from "../message.ts";

/** Where the mail of one mailbox lies: the first file of an mbox, or a Maildir. */
export interface Whereabouts {
  readonly format: "mbox" | "maildir";
  readonly path: string;
}

/** Larger messages are left to others. */
const largest = 2 * 1024 * 1024;

export interface IntactMail {
  /** True if the octets, read again, are those that arrived. Never throws; blocks. */
  holds(stored: Stored): boolean;
  close(): void;
}

export function openIntactMail({ format, path }: Whereabouts): IntactMail {
  const reader = new StoredOctets();
  let file: { readonly part: number; readonly descriptor: number } | undefined;
  const fileOf = (place: Place): number | undefined => {
    const part = partOf(place);
    if (part === undefined) return undefined;
    if (file?.part === part) return file.descriptor;
    if (file !== undefined) closeSync(file.descriptor);
    file = undefined;
    const at = partPath(path, part);
    file = { part, descriptor: openSync(at, readOnly) };
    return file.descriptor;
  };
  let files: ReadonlyMap<string, string> | undefined;
  const read = ({ place, size }: Stored) => {
    if (format === "mbox") {
      const descriptor = fileOf(place);
      return descriptor === undefined ? undefined : reader.ofEntry(descriptor, place, size);
    }
    files ??= listFiles(path);
    return reader.ofFile(files.get(String(place.file)), place, size);
  };
  return {
    holds(stored) {
      try {
        const octets = read(stored);
        if (octets?.length !== stored.size) return false;
        return sha256Of(octets) === stored.sha256;
      } catch {
        return false;
      }
    },
    close() {
      if (file !== undefined) closeSync(file.descriptor);
      reader.free();
    },
  };
}

/** Whatever lies there, nobody waits for a pipe. */
const readOnly = constants.O_RDONLY | constants.O_NONBLOCK;

/** The octets that arrived, from what is on the disk, in memory that is used again for the next; undefined if they can't be. */
class StoredOctets {
  readonly #stored = Buffer.allocUnsafeSlow(largest);
  readonly #message = Buffer.allocUnsafeSlow(largest);

  free(): void {
    for (const memory of [this.#stored, this.#message]) giveBack(memory);
  }

  ofEntry(file: number, { offset, length, verbatim, addedNewline }: Place, size: number): Buffer | undefined {
    if (typeof offset !== "number" || typeof length !== "number" || length >= largest) return undefined;
    const entry = this.#read(file, offset, length);
    const form = { verbatim: verbatim === true, addedNewline: addedNewline === true };
    return entry?.length === length ? readWholeEntry(entry, form, this.#message, size) : undefined;
  }

  ofFile(path: string | undefined, { verbatim }: Place, size: number): Buffer | undefined {
    if (path === undefined) return undefined;
    const file = openSync(path, readOnly);
    try {
      const octets = this.#read(file, 0, largest);
      return octets === undefined || verbatim === true ? octets : writeAsCrlf(octets, this.#message, size);
    } finally {
      closeSync(file);
    }
  }

  #read(file: number, offset: number, length: number): Buffer | undefined {
    let done = 0;
    while (done < length) {
      const octets = readSync(file, this.#stored, done, length - done, offset + done);
      if (octets === 0) break;
      done += octets;
    }
    return done === largest ? undefined : this.#stored.subarray(0, done);
  }
}

/** By unique name. */
function listFiles(directory: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const folder of ["cur", "new"]) {
    for (const name of readdirSync(join(directory, folder))) {
      files.set(parseUniqueName(name).unique, join(directory, folder, name));
    }
  }
  return files;
}
