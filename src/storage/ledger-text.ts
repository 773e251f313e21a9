// The octets of an open ledger, wherever they lie: most of a ledger is read again only when it is asked for.

import { readSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { diskError } from "./disk-error.ts";
import { closeFile } from "./durable.ts";
import { readRange } from "./read-range.ts";

export interface LedgerText extends AsyncDisposable {
  /** For messages. */
  readonly path: string;
  /** All of it, once. */
  chunks(): AsyncIterable<Buffer>;
  /** At once; fewer octets than asked for where it ends before. Throws a MailferryError where it can't be read. */
  readAt(offset: number, length: number): Buffer;
}

export interface OpenFile {
  readonly path: string;
  readonly handle: FileHandle;
}

/** Takes the handle over. */
export function textOfFile({ path, handle }: OpenFile): LedgerText {
  return {
    path,
    chunks: () => readRange(handle, path, 0),
    readAt(offset, length) {
      const octets = Buffer.allocUnsafe(length);
      let done = 0;
      try {
        for (let read = -1; done < length && read !== 0; done += read) {
          read = readSync(handle.fd, octets, done, length - done, offset + done);
        }
      } catch (error) {
        throw diskError(error, path, offset + done);
      }
      return octets.subarray(0, done);
    },
    [Symbol.asyncDispose]: () => closeFile(handle),
  };
}
