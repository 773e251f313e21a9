// README.html in an archive: how its mail is read by whoever finds it, with or without mailferry.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { MailferryError } from "../errors.ts";
import type { Language } from "../language/language.ts";
import { type MailFormat, readMarker } from "../storage/archive.ts";
import { replaceFile } from "../storage/durable.ts";
import { acquireLock } from "../storage/lock.ts";
import { openWords } from "./catalogue.ts";
import { html } from "./html.ts";
import { formatPage } from "./page.ts";
import { readingSection } from "./reading.ts";

/** The page. It has no date and no name in it: the same for all archives of a format in a language. */
export function formatReadme(format: MailFormat, language: Language): string {
  const words = openWords(language);
  const { say } = words;
  const body = html`<h1>${say("title.readme")}</h1>
<p>${say("readme.what")}</p>
${readingSection(format, words)}
<footer><p>${say("footer")}</p></footer>`;
  return formatPage(language, say("title.readme"), body);
}

/**
 * Sees to it that the archive says how to read it. Nothing is written where there is no archive, or where the page is there
 * already; where a run is at work in it, that has the lock, and a later run does it.
 */
export async function keepReadme(directory: string, language: Language): Promise<void> {
  const marker = await readMarker(directory);
  if (marker === undefined) return;
  const path = join(directory, "README.html");
  const page = formatReadme(marker.mail, language);
  const isThere = await readFile(path, "utf8").then(
    (text) => text === page,
    () => false,
  );
  if (isThere) return;
  try {
    await using _lock = await acquireLock(join(directory, "mailferry.lock"));
    await replaceFile(path, page);
  } catch (error) {
    if (!(error instanceof MailferryError) || error.code !== "L801") throw error;
  }
}
