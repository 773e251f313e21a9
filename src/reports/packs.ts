// What became of the packs of a job.

import type { JobReport, PackReport } from "../jobs/events.ts";
import { titleOfCode } from "../language/titles.ts";
import type { Words } from "./catalogue.ts";
import { foreign, type Html, html, when } from "./html.ts";
import { told } from "./told.ts";

const mostListed = 100;

export function packsSection({ pack }: JobReport, words: Words): Html {
  if (pack === undefined) return html``;
  const { say } = words;
  const { kept, removed, to, error } = pack;
  return html`<section>
<h2>${say("packs")}</h2>
<p>${outcome(pack, words)} ${say("packs.kept", { count: kept.length })}${when(
    removed.length > 0,
    () => html` ${say("packs.removed", { count: removed.length })}`,
  )}<br><code>${foreign(to)}</code></p>
${when(error !== undefined, () => failure(error, words))}
${nameList(kept, words)}</section>`;
}

function outcome({ written, planned, notDueUntil, heldBack }: PackReport, { say, numbers, language }: Words): Html {
  if (written !== undefined) {
    const size = numbers.size(written.octets);
    return html`✔ ${foreign(written.file)}: ${say("packs.written", { count: written.messages, size })}`;
  }
  if (planned !== undefined) return html`${say("packs.planned")} ${foreign(planned)}`;
  if (notDueUntil !== undefined)
    return html`${say("packs.not-due", { day: numbers.day(new Date(`${notDueUntil}T12:00:00Z`)) })}`;
  if (heldBack !== undefined) return html`${say("packs.held-back")} ${told(heldBack, language)}.`;
  return html`${say("packs.none")}`;
}

function failure(error: PackReport["error"], { language }: Words): Html {
  if (error === undefined) return html``;
  return html`<p class="bad"><span class="code">MF-${error.code}</span> ${titleOfCode(error.code, language)}<br>${told(error.message, language)} ${error.remedy === undefined ? "" : told(error.remedy, language)}</p>`;
}

function nameList(kept: PackReport["kept"], { say }: Words): Html {
  const shown = kept.slice(0, mostListed);
  const rest = kept.length - shown.length;
  return when(
    shown.length > 0,
    () => html`<ul class="small">
${shown.map(({ file }) => html`<li><code>${foreign(file)}</code></li>\n`)}</ul>${when(rest > 0, () => html`<p>${say("packs.more", { count: rest })}</p>`)}`,
  );
}
