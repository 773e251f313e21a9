// The keyword letters of a Maildir folder: Dovecot's `dovecot-keywords` file, which mail readers write too.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "../errors.ts";
import { extendKeywords, formatKeywords, type KeywordTable, parseKeywords } from "../formats/maildir.ts";
import { diskError } from "../storage/disk-error.ts";
import { replaceFile } from "../storage/durable.ts";

/**
 * The table, with a letter for each keyword among `flags` for which there is room: durable when this resolves, so that no
 * file name ever has a letter without a meaning. Read again each time: a mail reader may have given letters away since.
 */
export async function provideLetters(directory: string, flags: Iterable<string>): Promise<KeywordTable> {
  const path = join(directory, "dovecot-keywords");
  const known = await readKeywords(path);
  const table = extendKeywords(known, flags);
  if (table !== known) await replaceFile(path, formatKeywords(table));
  return table;
}

async function readKeywords(path: string): Promise<KeywordTable> {
  try {
    return parseKeywords(await readFile(path, "utf8"));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw diskError(error, path);
  }
}
