// The list of reports: every job of the job file, how its newest run ended, and links to the pages of its runs.

import type { RunRecord } from "../jobs/run-record.ts";
import type { Language } from "../language/language.ts";
import { openWords } from "./catalogue.ts";
import { foreign, type Html, html } from "./html.ts";
import { formatPage } from "./page.ts";
import { signs } from "./verdict.ts";

export interface IndexRow {
  readonly job: string;
  /** Undefined if it never ran. */
  readonly last: RunRecord | undefined;
  /** File names, the newest first. */
  readonly reports: readonly string[];
  readonly timeZone: string | undefined;
}

/** So many are linked; the others are in the folder, too. */
const mostLinks = 30;

export function formatIndex(rows: readonly IndexRow[], language: Language): string {
  const { say } = openWords(language);
  const titles = [say("index.verdict"), say("index.last"), say("index.reports")] as const;
  const lines = rows.map(({ job, last, reports, timeZone }) => {
    const { numbers } = openWords(language, timeZone);
    const state =
      last === undefined
        ? html`<td data-label="${titles[0]}">${say("verdict.none")}</td>`
        : html`<td class="state ${last.verdict}" data-label="${titles[0]}">${signs[last.verdict]} ${say(`verdict.${last.verdict}`)}</td>`;
    const links = reports
      .slice(0, mostLinks)
      .map((name) => html`<a href="${encodeURIComponent(name)}">${numbers.moment(timeOf(name))}</a> `);
    return html`<tr><th scope="row">${foreign(job)}</th>${state}<td data-label="${titles[1]}">${last === undefined ? "–" : numbers.moment(new Date(last.startedAt))}</td><td class="wide links" data-label="${titles[2]}">${links.length === 0 ? say("index.none") : html`${links}`}</td></tr>
`;
  });
  const body = html`<h1>${say("title.index")}</h1>
<table class="cards list">
<thead><tr><th scope="col">${say("index.job")}</th>${titles.map((title): Html => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>
${lines}</tbody>
</table>
<footer><p>${say("footer")}</p></footer>`;
  return formatPage(language, say("title.index"), body);
}

/** `…-2026-11-22T02-30-12Z.html` */
function timeOf(name: string): Date {
  const [, day = "", hour = "", minute = "", second = ""] =
    /(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z\.html$/.exec(name) ?? [];
  return new Date(`${day}T${hour}:${minute}:${second}Z`);
}
