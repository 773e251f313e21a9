// A message body collected once, so that its digest and its line ends are known before the first octet of it is stored.

import { createHash, type Hash } from "node:crypto";
import { join } from "node:path";
import { MailferryError } from "../errors.ts";
import { sha256Of } from "../formats/digest.ts";
import { giveBack } from "../formats/give-back.ts";
import { OctetSurvey } from "../formats/octets.ts";
import { formatSize } from "../formats/sizes.ts";
import { diskError } from "./disk-error.ts";
import { closeFile, createFile, removeFile, temporaryName, writeAll } from "./durable.ts";
import { readRange } from "./read-range.ts";

/** Larger bodies wait in a file. */
const memoryLimit = 4 * 1024 * 1024;

export interface Spooled extends AsyncDisposable {
  /** Octets. */
  readonly size: number;
  /** In hexadecimal. */
  readonly sha256: string;
  /** What its octets look like. */
  readonly survey: OctetSurvey;
  /** The body again, as often as wanted until disposed. */
  chunks(): AsyncIterable<Uint8Array>;
  /** The whole body where it is in memory. */
  readonly octets: Buffer | undefined;
}

/** Memory for the bodies of a batch: taken from the system once, and used again for the next. */
export class Arena {
  readonly #memory: Buffer;
  #used = 0;

  constructor(octets: number) {
    this.#memory = Buffer.allocUnsafeSlow(octets);
  }

  /** Copies what there is room for behind what was put last; undefined if there is too little. */
  put(octets: Uint8Array): Buffer | undefined {
    const end = this.#used + octets.length;
    if (end > this.#memory.length) return undefined;
    const room = this.#memory.subarray(this.#used, end);
    room.set(octets);
    this.#used = end;
    return room;
  }

  /** What was put there is of no more use. */
  clear(): void {
    this.#used = 0;
  }

  /** Nor is the arena. */
  free(): void {
    giveBack(this.#memory);
  }
}

/**
 * Reads `body` to its end; if it throws, nothing is left behind. Throws D503 of scope "message" if the disk can't hold a file as large. Up to 4 MiB stay in memory, in that of the arena if it has
 * room; the rest goes to a nameless file in `directory`, which holds no state: whatever a crash leaves there may be removed.
 */
export async function spool(body: AsyncIterable<Uint8Array>, directory: string, arena?: Arena): Promise<Spooled> {
  const survey = new OctetSurvey();
  // Most bodies come as one chunk, whose digest costs less when it is taken at once.
  let hash: Hash | undefined;
  let memory: Uint8Array[] = [];
  let file: TemporaryFile | undefined;
  let size = 0;
  let flushed = 0;
  /** The disk takes no more of it; the body is read to its end all the same, as whoever sends it expects. */
  let refusal: MailferryError | undefined;
  try {
    for await (const chunk of body) {
      survey.push(chunk);
      memory.push(chunk);
      size += chunk.length;
      if (hash !== undefined) hash.update(chunk);
      else if (memory.length > 1 || size > memoryLimit) {
        hash = createHash("sha256");
        for (const each of memory) hash.update(each);
      }
      if (size - flushed > memoryLimit) {
        file ??= await openTemporary(directory);
        const octets = Buffer.concat(memory);
        refusal ??= await write(file, octets, flushed);
        flushed += octets.length;
        memory = [];
      }
    }
    if (file !== undefined) refusal ??= await write(file, Buffer.concat(memory), flushed);
    if (refusal !== undefined) throw tooLarge(size, refusal);
  } catch (error) {
    if (file !== undefined) await closeFile(file.handle);
    throw error;
  }
  const [only = none] = memory;
  const common = { size, sha256: hash?.digest("hex") ?? sha256Of(only), survey };
  if (file !== undefined) {
    const { handle, path } = file;
    return {
      ...common,
      octets: undefined,
      chunks: () => readRange(handle, path, 0, size, () => diskError(new Error("the file became shorter"), path)),
      [Symbol.asyncDispose]: () => closeFile(handle),
    };
  }
  // A copy in any case: the memory of the chunks is the source's, for the next message.
  const octets = (memory.length === 1 ? arena?.put(only) : undefined) ?? Buffer.concat(memory);
  return {
    ...common,
    octets,
    async *chunks() {
      if (octets.length > 0) yield octets;
    },
    async [Symbol.asyncDispose]() {},
  };
}

const none = new Uint8Array();

/** What the disk says where it can't hold a file as large as that. */
async function write({ handle, path }: TemporaryFile, octets: Buffer, at: number): Promise<MailferryError | undefined> {
  try {
    await writeAll(handle, path, octets, at);
    return undefined;
  } catch (error) {
    if (error instanceof MailferryError && error.code === "D503") return error;
    throw error;
  }
}

/** That is of this message alone: others are smaller. On another disk it may fit. */
function tooLarge(octets: number, cause: MailferryError): MailferryError {
  const words = `it has ${formatSize(octets)}, and this disk can't hold a file as large as that`;
  return new MailferryError("D503", words, { scope: "message", retry: "later", remedy: cause.remedy, cause });
}

type TemporaryFile = { readonly handle: Awaited<ReturnType<typeof createFile>>; readonly path: string };

async function openTemporary(directory: string): Promise<TemporaryFile> {
  const path = join(directory, temporaryName());
  const handle = await createFile(path);
  try {
    await removeFile(path);
  } catch (error) {
    await closeFile(handle);
    throw error;
  }
  return { handle, path };
}
