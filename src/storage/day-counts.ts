// How many octets of messages an account has given and taken today, by whichever runs.
//
//   STATE/accounts/DIGEST/
//     2026-11-22-0123456789abcdef.json     what one process has counted on that day
//
// Each file has one writer, so that two processes never write over each other; the sum over a day's files is the day's.

import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "../errors.ts";
import { accountFolder } from "./account-folder.ts";
import { diskError } from "./disk-error.ts";
import { makeDirectory, removeFile, replaceFile } from "./durable.ts";
import { namesIn } from "./read-folder.ts";

const fileName = /^(\d{4}-\d{2}-\d{2})-([0-9a-f]{16})\.json$/;

export class DayCounts {
  readonly #directory: string;
  readonly #me = randomBytes(8).toString("hex");
  #isMade = false;

  /** `identity` tells the account from every other. Nothing is made before something is written. */
  constructor(stateDirectory: string, identity: string) {
    this.#directory = accountFolder(stateDirectory, identity);
  }

  /** What all others have counted on this day, such as `2026-11-22`. */
  async others(day: string): Promise<number> {
    let sum = 0;
    for (const name of await namesIn(this.#directory)) {
      const [, of, writer] = fileName.exec(name) ?? [];
      if (of === day && writer !== this.#me) sum += await readCount(join(this.#directory, name));
    }
    return sum;
  }

  /** Replaces what this one has counted on this day; durable when it resolves. */
  async write(day: string, octets: number): Promise<void> {
    if (!this.#isMade) {
      await makeDirectory(this.#directory);
      await this.#forgetBefore(day);
      this.#isMade = true;
    }
    await replaceFile(join(this.#directory, `${day}-${this.#me}.json`), `${JSON.stringify({ octets })}\n`);
  }

  /** A clock may be wrong, or another process in another time zone: yesterday stays. */
  async #forgetBefore(day: string): Promise<void> {
    const yesterday = new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
    for (const name of await namesIn(this.#directory)) {
      const of = fileName.exec(name)?.[1];
      if (of !== undefined && of < yesterday) await removeFile(join(this.#directory, name));
    }
  }
}

/** What is no count counts nothing. */
async function readCount(path: string): Promise<number> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return 0;
    throw diskError(error, path);
  }
  try {
    const { octets } = JSON.parse(text) as { readonly octets?: unknown };
    return typeof octets === "number" && Number.isSafeInteger(octets) && octets > 0 ? octets : 0;
  } catch {
    return 0;
  }
}
