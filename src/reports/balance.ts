// Promise kept or not: on the server = in the archive + missing, for each mailbox and in total.

import type { JobReport, MailboxReport } from "../jobs/events.ts";
import type { Key, Words } from "./catalogue.ts";
import { foreign, type Html, html, when } from "./html.ts";
import { kindOfSource, kindOfTarget, nameOfMailbox, sumOf } from "./run-facts.ts";

/** Rows that are written out; the others are one row, so that the sums still hold. */
const mostRows = 500;

export function balanceSection(job: JobReport, words: Words): Html {
  const { say } = words;
  const target = kindOfTarget(job);
  const { mailboxes } = job;
  if (mailboxes.length === 0) {
    return html`<section><h2>${say("identity")}</h2><p>${say("identity.none")}</p></section>`;
  }
  const titles = [
    say(`column.${kindOfSource(job)}`),
    say(`column.${target}`),
    say("column.missing"),
    say("column.new"),
    say("column.kept"),
  ] as const;
  const codesOf = codesByMailbox(job);
  const shown = rowsOf(mailboxes, (mailbox) => mailbox.missing > 0 || codesOf(mailbox) !== "");
  const rest = mailboxes.filter((mailbox) => !shown.has(mailbox));
  const rows = [...shown].map((mailbox) => {
    const { path, source } = mailbox;
    const codes = codesOf(mailbox);
    const name = html`${when(source !== undefined, () => html`${foreign(nameOfMailbox(source ?? []))} → `)}${foreign(nameOfMailbox(path))}`;
    return row(
      html`${name}${when(codes !== "", () => html` <span class="code">${codes}</span>`)}`,
      [mailbox],
      titles,
      words,
    );
  });
  const more = when(rest.length > 0, () => row(html`${say("row.more", { count: rest.length })}`, rest, titles, words));
  const heads = titles.map(
    (title, index) => html`${index === 1 || index === 2 ? html`<th></th>` : ""}<th scope="col" class="n">${title}</th>`,
  );
  return html`<section>
<h2>${say("identity")}</h2>
<p>${say(`identity.rule.${target}`)}</p>
<table class="cards balance">
<thead><tr><th scope="col">${say("column.mailbox")}</th>${heads}</tr></thead>
<tbody>
${rows}${more}</tbody>
<tfoot>
${row(html`${say("row.total")}`, mailboxes, titles, words)}</tfoot>
</table>
${when(
  mailboxes.some(({ kept }) => kept > 0),
  () => html`<p class="small">${say("column.kept.meaning")}</p>`,
)}${alsoList(mailboxes, words)}
</section>`;
}

/** Those of interest first choice, then the others as they come, in the order in which they came. */
function rowsOf(
  mailboxes: readonly MailboxReport[],
  isOfInterest: (mailbox: MailboxReport) => boolean,
): Set<MailboxReport> {
  if (mailboxes.length <= mostRows) return new Set(mailboxes);
  const chosen = new Set(mailboxes.filter(isOfInterest).slice(0, mostRows));
  for (const mailbox of mailboxes) if (chosen.size < mostRows) chosen.add(mailbox);
  return new Set(mailboxes.filter((mailbox) => chosen.has(mailbox)));
}

function row(
  name: Html,
  mailboxes: readonly MailboxReport[],
  titles: readonly [string, string, string, string, string],
  { numbers }: Words,
): Html {
  const onServer = sumOf(mailboxes, (mailbox) => mailbox.onServer);
  const there = sumOf(mailboxes, (mailbox) => mailbox.inArchive);
  const missing = sumOf(mailboxes, (mailbox) => mailbox.missing);
  const holds = onServer === there + missing;
  const cell = (value: number, index: number, kind = "n") =>
    html`<td class="${kind}" data-label="${titles[index] ?? ""}">${numbers.count(value)}</td>`;
  return html`<tr><th scope="row">${name}</th>${cell(onServer, 0)}<td class="${holds ? "op" : "op bad"}">${holds ? "=" : "≠"}</td>${cell(there, 1)}<td class="op">+</td>${cell(missing, 2, missing > 0 ? "n bad" : "n")}${cell(
    sumOf(mailboxes, (mailbox) => mailbox.new),
    3,
  )}${cell(
    sumOf(mailboxes, (mailbox) => mailbox.kept),
    4,
  )}</tr>
`;
}

/** `MF-M401 MF-M403`: what went wrong in a mailbox, if anything did. */
function codesByMailbox({ failures }: JobReport): (mailbox: MailboxReport) => string {
  const codes = new Map<string, Set<string>>();
  for (const { mailbox, code } of failures) {
    const key = JSON.stringify(mailbox);
    codes.set(key, (codes.get(key) ?? new Set()).add(`MF-${code}`));
  }
  return ({ path }) => [...(codes.get(JSON.stringify(path)) ?? [])].join(" ");
}

type Also = Key & `also.${string}`;

const also: readonly (readonly [text: Also, count: (mailbox: MailboxReport) => number])[] = [
  ["also.filtered", ({ filtered }) => filtered],
  ["also.placed", ({ placed = 0 }) => placed],
  ["also.altered", ({ altered = 0 }) => altered],
  ["also.unkept", ({ unkept = 0 }) => unkept],
  ["also.reflagged", ({ reflagged = 0 }) => reflagged],
  ["also.twins", ({ twins = 0 }) => twins],
];

/** What else is to be said of the messages, where it is not zero. */
function alsoList(mailboxes: readonly MailboxReport[], { say }: Words): Html {
  const items = also.flatMap(([text, count]) => {
    const sum = sumOf(mailboxes, count);
    return sum === 0 ? [] : [html`<li>${say(text, { count: sum })}</li>`];
  });
  return when(items.length > 0, () => html`<ul>${items}</ul>`);
}
