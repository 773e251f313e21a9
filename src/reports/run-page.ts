// The report of a run as one page, with what there is to say of the archive that it wrote.

import type { JobReport } from "../jobs/events.ts";
import type { Language } from "../language/language.ts";
import { adviceSection, type Commands } from "./advice.ts";
import type { ArchiveContents } from "./archive-contents.ts";
import { archiveSection, biggestSection, integritySection } from "./archive-sections.ts";
import { balanceSection } from "./balance.ts";
import { openWords, type Words } from "./catalogue.ts";
import { foreign, type Html, html } from "./html.ts";
import { causeSection, lackingSection, noticesSection } from "./lacking.ts";
import { monthsSection } from "./months.ts";
import { packsSection } from "./packs.ts";
import { formatPage } from "./page.ts";
import { readingSection } from "./reading.ts";
import { verdictSection } from "./verdict.ts";

export interface PageOptions {
  readonly language: Language;
  /** Of the dates on the page; this machine's if not given. */
  readonly timeZone?: string | undefined;
  readonly commands: Commands;
  /** What the archive holds that the run wrote; absent where it wrote none, or where it can't be read. */
  readonly archive?: ArchiveContents | undefined;
}

/** The whole page, for a file. Its length is bounded, however much the run has to say. */
export function formatRunPage(job: JobReport, { language, timeZone, commands, archive }: PageOptions): string {
  const words = openWords(language, timeZone);
  const { say } = words;
  const body = html`<h1>${foreign(job.name)}</h1>
${verdictSection(job, words)}
${adviceSection(job, commands, words)}
${causeSection(job, words)}
${factList(job, words)}
${balanceSection(job, words)}
${lackingSection(job, words)}
${noticesSection(job, words)}
${integritySection(job, commands.verify, words)}
${packsSection(job, words)}
${archive === undefined ? "" : archiveSections(archive, job, commands.verify, words)}
<footer><p>${say("footer")}</p></footer>`;
  return formatPage(language, say("title.run", { job: job.name }), body);
}

function archiveSections(archive: ArchiveContents, job: JobReport, verify: string | undefined, words: Words): Html {
  if (archive.messages === 0) return archiveSection(archive, verify, words);
  return html`${archiveSection(archive, verify, words)}
${monthsSection(archive, new Date(job.startedAt), words)}
${biggestSection(archive, words)}
${readingSection(archive.format, words)}`;
}

function factList(job: JobReport, { say, numbers }: Words): Html {
  const { from, to, startedAt, seconds, messages, octets, exit } = job;
  const started = new Date(startedAt);
  const copied =
    messages.copied === 0
      ? say("copied.nothing")
      : say("copied", { count: messages.copied, size: numbers.size(octets) });
  return html`<dl>
<dt>${say("fact.from")}</dt><dd>${foreign(from)}</dd>
<dt>${say("fact.to")}</dt><dd>${foreign(to)}</dd>
<dt>${say("fact.started")}</dt><dd><time datetime="${startedAt}">${numbers.moment(started)}</time></dd>
<dt>${say("fact.took")}</dt><dd>${numbers.duration(seconds)}</dd>
<dt>${say("fact.copied")}</dt><dd>${copied}</dd>
<dt>${say("fact.exit")}</dt><dd>${numbers.count(exit.code)} (${exit.name})</dd>
</dl>`;
}
