// What a message is called: which job, and its verdict.

import type { JobNews } from "./news.ts";
import { reasonOf, verdictWordOf } from "./phrases.ts";
import type { Texts } from "./texts.ts";
import { shorten, type Writing } from "./writing.ts";

const mostNamed = 3;
const longestSubject = 180;

/** `mailferry: nightly INCOMPLETE, 2 messages missing`. One line; job names are printable when they get here. */
export function subjectOf(items: readonly JobNews[], texts: Texts, writing: Writing): string {
  const wrong = items.filter(({ trouble }) => trouble !== undefined);
  const meant = wrong.length > 0 ? wrong : items;
  const name = (item: JobNews) => `${shorten(writing.name(item.job), 40)} ${verdictWordOf(item, texts)}`;
  const [only] = meant;
  if (meant.length === 1 && only !== undefined) {
    const reason = reasonOf(only, texts, writing);
    return bounded(reason === "" ? name(only) : `${name(only)}, ${reason}`, texts);
  }
  const rest = meant.length - mostNamed;
  const more = rest > 0 ? ` ${texts.more(rest, writing.count(rest))}` : "";
  const named = `${meant.slice(0, mostNamed).map(name).join(", ")}${more}`;
  if (wrong.length > 0)
    return bounded(`${texts.needAttention(wrong.length, writing.count(wrong.length))}${texts.colon}${named}`, texts);
  return bounded(named, texts);
}

function bounded(text: string, { colon }: Texts): string {
  return shorten(`mailferry${colon}${text}`, longestSubject);
}
