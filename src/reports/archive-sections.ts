// What a report says of an archive as a whole.

import type { JobReport } from "../jobs/events.ts";
import type { Owner } from "../storage/archive.ts";
import type { ArchiveContents } from "./archive-contents.ts";
import type { Words } from "./catalogue.ts";
import { foreign, type Html, html, when } from "./html.ts";
import { kindOfTarget, nameOfMailbox } from "./run-facts.ts";

export function integritySection(job: JobReport, verify: string | undefined, words: Words): Html {
  const { say } = words;
  const isArchive = kindOfTarget(job) === "archive";
  return html`<section>
<h2>${say("integrity")}</h2>
<p>${readAgain(job, words)} ${when(isArchive, () => html`${say("integrity.digest")}`)}</p>
${when(
  isArchive && verify !== undefined,
  () => html`<p>${say("integrity.whole")} <code class="command">${verify ?? ""}</code></p>`,
)}
</section>`;
}

function readAgain(job: JobReport, { say, numbers }: Words): Html {
  const { verified, messages } = job;
  if (verified === undefined) return html`${say(messages.copied === 0 ? "integrity.nothing" : "integrity.not")}`;
  if (verified.checked === 0) return html`${say("integrity.nothing")}`;
  const text = kindOfTarget(job) === "archive" ? "integrity.verified" : "integrity.moved";
  const sentence = say(text, { count: verified.checked, intact: numbers.count(verified.intact) });
  return verified.intact === verified.checked ? html`✔ ${sentence}` : html`<strong class="bad">✖ ${sentence}</strong>`;
}

export function archiveSection(contents: ArchiveContents, verify: string | undefined, words: Words): Html {
  const { say, numbers } = words;
  const { messages, octets, mailboxes, first, last, damaged, account, directory } = contents;
  const holds = say("archive.holds", {
    count: messages,
    size: numbers.size(octets),
    mailboxes: say("archive.mailboxes", { count: mailboxes }),
  });
  return html`<section>
<h2>${say("archive")}</h2>
<p>${foreign(nameOfOwner(account, words))}<br><code>${foreign(directory)}</code></p>
<p>${messages === 0 ? say("archive.empty") : holds}${when(
    first !== undefined && last !== undefined,
    () =>
      html` ${say("archive.span", { first: numbers.day(first ?? new Date(0)), last: numbers.day(last ?? new Date(0)) })}`,
  )}</p>
${when(
  damaged > 0,
  () =>
    html`<p class="bad"><strong>✖ ${say("archive.damaged", { count: damaged })}</strong> <code class="command">${verify ?? ""}</code></p>`,
)}</section>`;
}

function nameOfOwner({ user, host }: Owner, { say }: Words): string {
  return host === "" ? user : say("archive.account", { user, host });
}

export function biggestSection({ biggest }: ArchiveContents, { say, numbers }: Words): Html {
  if (biggest.length === 0) return html``;
  const titles = [say("column.date"), say("column.mailbox"), say("column.message")] as const;
  const rows = biggest.map(
    ({ size, date, mailbox, key }) =>
      html`<tr><th scope="row" class="n">${numbers.size(size)}</th><td data-label="${titles[0]}">${date === undefined ? "–" : numbers.day(date)}</td><td data-label="${titles[1]}">${foreign(nameOfMailbox(mailbox))}</td><td data-label="${titles[2]}"><code>${foreign(key)}</code></td></tr>
`,
  );
  return html`<section>
<h2>${say("biggest")}</h2>
<p class="small">${say("biggest.rule")}</p>
<table class="cards list">
<thead><tr><th scope="col" class="n">${say("column.size")}</th><th scope="col">${titles[0]}</th><th scope="col">${titles[1]}</th><th scope="col">${titles[2]}</th></tr></thead>
<tbody>
${rows}</tbody>
</table>
</section>`;
}
