import { type FileHandle, open } from "node:fs/promises";
import { codeOf, MailferryError } from "../errors.ts";
import { partOf, partPath } from "../formats/mbox-parts.ts";
import { parseEntry } from "../formats/mboxrd.ts";
import { printable } from "../formats/printable.ts";
import { diskError } from "./disk-error.ts";
import { closeFile } from "./durable.ts";
import { readRange } from "./read-range.ts";
import type { StoredMail } from "./stored-mail.ts";

/** As many files of one mbox stay open. */
const mostOpen = 4;

interface OpenPart {
  readonly handle: Promise<FileHandle>;
  readers: number;
}

/** Reads messages back from an mbox by the places that the mbox sink gave. `path` is that of its first file. */
export function openStoredMbox(path: string): StoredMail {
  /** The one that was read last comes last. */
  const opened = new Map<string, OpenPart>();
  const take = (file: string): OpenPart => {
    const part = opened.get(file) ?? { handle: openFile(file), readers: 0 };
    opened.delete(file);
    opened.set(file, part);
    part.readers++;
    return part;
  };
  const closeSome = async () => {
    for (const [file, { handle, readers }] of opened) {
      if (opened.size <= mostOpen) return;
      if (readers > 0) continue;
      opened.delete(file);
      await closeFile(await handle);
    }
  };
  return {
    async *read(place) {
      const { offset, length, verbatim, addedNewline } = place;
      const number = partOf(place);
      if (typeof offset !== "number" || typeof length !== "number" || number === undefined) {
        throw lost(path, "the ledger names no place in it");
      }
      const file = partPath(path, number);
      const part = take(file);
      try {
        const handle = await part.handle.catch((error: unknown) => {
          if (opened.get(file) === part) opened.delete(file);
          throw error;
        });
        const form = { verbatim: verbatim === true, addedNewline: addedNewline === true };
        const short = (end: number) => lost(file, `it ends at octet ${end}, within the message`);
        yield* parseEntry(readRange(handle, file, offset, length, short), form);
      } finally {
        part.readers--;
        await closeSome();
      }
    },
    async [Symbol.asyncDispose]() {
      const all = [...opened.values()];
      opened.clear();
      for (const { handle } of all) {
        const open = await handle.catch(() => undefined);
        if (open !== undefined) await closeFile(open);
      }
    },
  };
}

function openFile(path: string): Promise<FileHandle> {
  return open(path, "r").catch((error: unknown) => {
    throw codeOf(error) === "ENOENT" ? lost(path, "it is missing") : diskError(error, path);
  });
}

function lost(path: string, how: string): MailferryError {
  return new MailferryError("V901", `${printable(path)}: ${how}`, { scope: "message", retry: "later" });
}
