import { type FileHandle, open } from "node:fs/promises";
import { codeOf, MailferryError } from "../errors.ts";
import { parseEntry } from "../formats/mboxrd.ts";
import { printable } from "../formats/printable.ts";
import { diskError } from "./disk-error.ts";
import { closeFile } from "./durable.ts";
import { readRange } from "./read-range.ts";
import type { StoredMail } from "./stored-mail.ts";

/** Reads messages back from an mbox file by the places that the mbox sink gave. */
export function openStoredMbox(path: string): StoredMail {
  let opened: Promise<FileHandle> | undefined;
  return {
    async *read({ offset, length, verbatim, addedNewline }) {
      if (typeof offset !== "number" || typeof length !== "number") throw lost(path, "the ledger names no place in it");
      opened ??= open(path, "r").catch((error: unknown) => {
        opened = undefined;
        throw codeOf(error) === "ENOENT" ? lost(path, "it is missing") : diskError(error, path);
      });
      const form = { verbatim: verbatim === true, addedNewline: addedNewline === true };
      const short = (end: number) => lost(path, `it ends at octet ${end}, within the message`);
      yield* parseEntry(readRange(await opened, path, offset, length, short), form);
    },
    async [Symbol.asyncDispose]() {
      const handle = await opened?.catch(() => undefined);
      if (handle !== undefined) await closeFile(handle);
    },
  };
}

function lost(path: string, how: string): MailferryError {
  return new MailferryError("V901", `${printable(path)}: ${how}`, { scope: "message", retry: "later" });
}
