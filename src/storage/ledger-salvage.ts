// What a ledger still says that is not as it was written. Each line carries its own proof, so that every whole line counts,
// whatever became of those around it.

import { open } from "node:fs/promises";
import { codeOf } from "../errors.ts";
import { diskError } from "./disk-error.ts";
import { LedgerContents } from "./ledger-contents.ts";
import { parseLine } from "./ledger-lines.ts";
import { splitLines } from "./ledger-scan.ts";
import { textOfFile } from "./ledger-text.ts";

export interface Salvaged {
  /** The caller disposes of it. */
  readonly contents: LedgerContents;
  /** Octets at which there is no whole line, the first of each such line. */
  readonly broken: readonly number[];
  /** Every broken line is behind all whole ones, as a crash leaves them. */
  readonly isTorn: boolean;
}

/**
 * Reads what there is of the ledger of this mailbox; undefined if there is no such file. A line that is lost may have said
 * that the keys before it are void: then those after it stand under a validity that the source does not have any more,
 * which voids them, too.
 */
export async function salvageLedger(path: string, mailbox: readonly string[]): Promise<Salvaged | undefined> {
  const handle = await open(path).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return undefined;
    throw diskError(error, path);
  });
  if (handle === undefined) return undefined;
  const text = textOfFile({ path, handle });
  const contents = new LedgerContents(mailbox, text);
  const broken: number[] = [];
  let lastWhole = -1;
  let offset = 0;
  const take = (octets: Buffer, length: number) => {
    const line = parseLine(octets);
    const isExpected = line !== undefined && "ledger" in line === (offset === 0);
    if (isExpected) {
      contents.apply(line, { offset, length });
      lastWhole = offset;
    } else {
      broken.push(offset);
    }
    offset += length;
  };
  try {
    const rest = await splitLines(text.chunks(), (line) => take(line, line.length + 1));
    if (rest.length > 0) broken.push(offset);
    if (lastWhole < 0) broken.push(0);
  } catch (error) {
    await text[Symbol.asyncDispose]();
    throw error;
  }
  const isTorn = broken.every((at) => at > lastWhole);
  return { contents, broken, isTorn };
}
