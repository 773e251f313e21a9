// What is missing, one by one, with the reason; and what else is worth knowing.

import type { JobFailure, JobReport } from "../jobs/events.ts";
import { titleOfCode } from "../language/titles.ts";
import type { Words } from "./catalogue.ts";
import { foreign, type Html, html, when } from "./html.ts";
import { nameOfMailbox, unexplained } from "./run-facts.ts";
import { told } from "./told.ts";

const mostFailures = 500;
const mostNotices = 100;

export function lackingSection(job: JobReport, words: Words): Html {
  const { say } = words;
  const others = unexplained(job);
  const nothing = job.failures.length === 0 && others === 0;
  // Of a run that saw no mailbox nobody knows what is missing.
  if (nothing && job.mailboxes.length === 0) return html``;
  return html`<section>
<h2>${say("lacking")}</h2>
${when(nothing, () => html`<p>${say("lacking.none")}</p>`)}${failureTable(job.failures, mostFailures, words)}
${when(others > 0, () => html`<p>${say("lacking.unexplained", { count: others })}</p>`)}
</section>`;
}

export function noticesSection({ notices = [] }: JobReport, words: Words): Html {
  return when(
    notices.length > 0,
    () => html`<section>
<h2>${words.say("notices")}</h2>
${failureTable(notices, mostNotices, words)}
</section>`,
  );
}

/** What stopped the run, and the way out. */
export function causeSection({ error }: JobReport, { say, language }: Words): Html {
  if (error === undefined) return html``;
  const title = titleOfCode(error.code, language);
  return html`<section>
<h2>${say("cause")}</h2>
<p><span class="code">MF-${error.code}</span>${title === "" ? "" : ` ${title}`}</p>
<p>${told(error.message, language)}${error.remedy === undefined ? "" : html`<br>${told(error.remedy, language)}`}</p>
</section>`;
}

function failureTable(failures: readonly JobFailure[], most: number, { say, language }: Words): Html {
  if (failures.length === 0) return html``;
  const titles = [say("column.mailbox"), say("column.message"), say("column.reason")] as const;
  const hasKeys = failures.some(({ key }) => key !== undefined);
  const rows = failures.slice(0, most).map(({ code, mailbox, key, reason }) => {
    const which = key === undefined ? html`${hasKeys ? say("lacking.whole") : ""}` : html`<code>${foreign(key)}</code>`;
    return html`<tr><th scope="row"><span class="code">MF-${code}</span> ${titleOfCode(code, language)}</th><td data-label="${titles[0]}">${foreign(nameOfMailbox(mailbox))}</td>${when(hasKeys, () => html`<td data-label="${titles[1]}">${which}</td>`)}<td class="wide" data-label="${titles[2]}">${told(reason, language)}</td></tr>
`;
  });
  const rest = failures.length - rows.length;
  return html`<table class="cards list">
<thead><tr><th scope="col">${say("column.code")}</th><th scope="col">${titles[0]}</th>${when(hasKeys, () => html`<th scope="col">${titles[1]}</th>`)}<th scope="col">${titles[2]}</th></tr></thead>
<tbody>
${rows}</tbody>
</table>${when(rest > 0, () => html`<p>${say("lacking.more", { count: rest })}</p>`)}`;
}
