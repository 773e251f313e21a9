import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "../errors.ts";
import { type KeywordTable, parseInfo, parseKeywords, parseUniqueName } from "../formats/maildir.ts";
import type { Place, Stored } from "../message.ts";
import { diskError } from "./disk-error.ts";
import { namesIn } from "./read-folder.ts";
import { readText } from "./read-text.ts";
import { readMaildirFile } from "./readings.ts";
import { type Found, type MailSurvey, type Stray, Wanted } from "./survey.ts";
import type { Known } from "./survey-mbox.ts";

export interface KnownFiles extends Known {
  /** True if the ledger has a message at this place, intact or not. */
  holds(place: Place): boolean;
}

/** Reads only files that no intact message lies in. A folder that is missing is as an empty one. */
export async function surveyMaildir(directory: string, known: KnownFiles): Promise<MailSurvey> {
  const displaced = new Map<Stored, Found>();
  const wanted = new Wanted([...known.bad, ...known.lost]);
  const bad = new Set(known.bad.map(({ place }) => String(place.file)));
  const seen = new Set<string>();
  const keywords = parseKeywords((await readText(join(directory, "dovecot-keywords")).catch(() => undefined)) ?? "");
  const strays: Stray[] = [];
  for (const name of await listFiles(directory)) {
    const { unique, ...parsed } = parseUniqueName(baseOf(name));
    // Of two files with one unique name the last is read by it: the list is in that order.
    const isAgain = seen.has(unique);
    seen.add(unique);
    if (known.holds({ file: unique }) && !isAgain && !bad.has(unique)) continue;
    const found = await readFileOf(directory, name, parsed, keywords);
    if (found === undefined) continue;
    const { isText, ...stray } = found;
    const claimed = isAgain && !bad.has(unique) ? undefined : wanted.claim(stray.readings);
    if (claimed !== undefined) {
      displaced.set(...claimed);
      continue;
    }
    const isOurs = parsed.id !== undefined && !isAgain;
    const isCopy = !isOurs && stray.readings.some(({ sha256 }) => known.hasContent(sha256));
    const isWhole = stray.readings.length > 0 && (isOurs || isText) && !isAgain;
    const kind = bad.has(unique) ? "remains" : isCopy ? "copy" : isWhole ? "message" : "fragment";
    strays.push({ ...stray, kind, isOurs });
  }
  return { displaced, strays };
}

/** `cur/NAME`; of one unique name, first the file that is read by it. */
async function listFiles(directory: string): Promise<string[]> {
  const files: string[] = [];
  for (const folder of ["cur", "new"]) {
    const names = await namesIn(join(directory, folder));
    files.push(...names.filter((name) => !name.startsWith(".")).map((name) => `${folder}/${name}`));
  }
  return files.reverse();
}

function baseOf(name: string): string {
  return name.slice(name.indexOf("/") + 1);
}

/** Undefined if it is gone by now, or is no file. */
async function readFileOf(
  directory: string,
  name: string,
  sizes: Parameters<typeof readMaildirFile>[3],
  keywords: KeywordTable,
) {
  const path = join(directory, name);
  const failed = (error: unknown): never => {
    throw diskError(error, path);
  };
  const readOnly = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
  const handle = await open(path, readOnly).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ELOOP") return codeOf(error);
    throw diskError(error, path);
  });
  // A link leads anywhere: it is not followed, and no mail.
  if (handle === "ELOOP")
    return { where: { file: name }, readings: [], flags: [], internalDate: undefined, isText: false };
  if (handle === undefined || typeof handle === "string") return undefined;
  try {
    const status = await handle.stat().catch(failed);
    if (!status.isFile()) return undefined;
    const head = await handle.read(Buffer.alloc(100), 0, 100, 0).catch(failed);
    return {
      where: { file: name },
      readings: await readMaildirFile(handle, path, parseUniqueName(baseOf(name)).unique, sizes),
      flags: parseInfo(name, keywords),
      internalDate: status.mtime,
      /** It begins as a message does: with the name of a header field. */
      isText: /^[!-9;-~]+[ \t]*:/.test(head.buffer.toString("latin1", 0, head.bytesRead)),
    };
  } finally {
    await handle.close();
  }
}
