import type { FileHandle } from "node:fs/promises";
import { diskError } from "./disk-error.ts";

const chunkOctets = 256 * 1024;

/**
 * The octets of an open file from `offset` on, `length` of them, or all there are. Where the file ends before `length`,
 * throws what `short` makes of the offset at which it ends; without `short` that is the end.
 */
export async function* readRange(
  handle: FileHandle,
  path: string,
  offset: number,
  length = Number.POSITIVE_INFINITY,
  short?: (end: number) => Error,
): AsyncGenerator<Buffer, void, undefined> {
  for (let done = 0; done < length; ) {
    const buffer = Buffer.allocUnsafe(Math.min(chunkOctets, length - done));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset + done).catch((error: unknown) => {
      throw diskError(error, path, offset + done);
    });
    if (bytesRead === 0) {
      if (short !== undefined) throw short(offset + done);
      return;
    }
    done += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
