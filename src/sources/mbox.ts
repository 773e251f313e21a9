import { type FileHandle, open } from "node:fs/promises";
import { codeOf, MailferryError } from "../errors.ts";
import { parseEntry } from "../formats/mboxrd.ts";
import { printable } from "../formats/printable.ts";
import { diskError } from "../storage/disk-error.ts";
import type { StoredMail } from "./stored.ts";

const chunkOctets = 256 * 1024;

/** Reads messages back from an mbox file by the places that the mbox sink gave. */
export function openStoredMbox(path: string): StoredMail {
  let opened: Promise<FileHandle> | undefined;
  return {
    async *read({ offset, length, verbatim, addedNewline }) {
      if (typeof offset !== "number" || typeof length !== "number") throw lost(path, "the ledger names no place in it");
      opened ??= open(path, "r").catch((error: unknown) => {
        throw codeOf(error) === "ENOENT" ? lost(path, "it is missing") : diskError(error, path);
      });
      const form = { verbatim: verbatim === true, addedNewline: addedNewline === true };
      yield* parseEntry(readRange(await opened, path, offset, length), form);
    },
    async [Symbol.asyncDispose]() {
      await (await opened?.catch(() => undefined))?.close();
    },
  };
}

async function* readRange(handle: FileHandle, path: string, offset: number, length: number): AsyncIterable<Uint8Array> {
  for (let done = 0; done < length; ) {
    const buffer = Buffer.allocUnsafe(Math.min(chunkOctets, length - done));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset + done).catch((error: unknown) => {
      throw diskError(error, path);
    });
    if (bytesRead === 0) throw lost(path, `it ends at octet ${offset + done}, within the message`);
    done += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

function lost(path: string, how: string): MailferryError {
  return new MailferryError("V901", `${printable(path)}: ${how}`, { scope: "message", retry: "never" });
}
