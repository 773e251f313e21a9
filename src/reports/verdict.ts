// The verdict, big: a word, a sign and a colour, and what it means in a sentence or two.

import type { JobReport, Verdict } from "../jobs/events.ts";
import type { Words } from "./catalogue.ts";
import { type Html, html } from "./html.ts";
import { kindOfTarget, stoppedEarly, sumOf, unreadMailboxes } from "./run-facts.ts";

export const signs: Readonly<Record<Verdict, string>> = {
  safe: "✔",
  incomplete: "!",
  failed: "✖",
  rehearsal: "○",
  skipped: "–",
};

export function verdictSection(job: JobReport, words: Words): Html {
  return html`<section class="verdict ${job.verdict}">
<p class="word"><span class="sign" aria-hidden="true">${signs[job.verdict]}</span> ${words.say(`verdict.${job.verdict}`)}</p>
<p>${verdictText(job, words)}</p>
</section>`;
}

/** What follows the word: whole sentences. */
export function verdictText(job: JobReport, { say }: Words): string {
  const target = kindOfTarget(job);
  const onServer = sumOf(job.mailboxes, (mailbox) => mailbox.onServer);
  const missing = sumOf(job.mailboxes, (mailbox) => mailbox.missing);
  switch (job.verdict) {
    case "safe":
      return onServer === 0 ? say("safe.nothing") : say(`safe.${target}`, { count: onServer });
    case "rehearsal":
      return say("rehearsal", { count: missing });
    case "skipped":
      return say("skipped");
    case "failed":
      return failedText(job, { say });
    case "incomplete":
      return [...(stoppedEarly(job) ? [say("stopped")] : []), ...shortcomings(job, { say })].join(" ");
  }
}

type Say = Pick<Words, "say">;

function failedText(job: JobReport, { say }: Say): string {
  const { verified, messages } = job;
  const spoilt = kindOfTarget(job) === "archive" && verified !== undefined ? verified.checked - verified.intact : 0;
  if (spoilt > 0) return say("spoilt", { count: spoilt });
  return messages.copied === 0 ? say("failed.nothing") : say("failed.some", { count: messages.copied });
}

function shortcomings(job: JobReport, { say }: Say): string[] {
  const target = kindOfTarget(job);
  const missing = sumOf(job.mailboxes, (mailbox) => mailbox.missing);
  const altered = sumOf(job.mailboxes, (mailbox) => mailbox.altered ?? 0);
  const unread = unreadMailboxes(job);
  const good = sumOf(job.mailboxes, (mailbox) => mailbox.inArchive) - altered;
  const rest = missing + altered > 0 ? (`others.${target}` as const) : (`there.${target}` as const);
  return [
    ...(missing > 0 ? [say("missing", { count: missing })] : []),
    ...(altered > 0 ? [say("altered", { count: altered })] : []),
    ...(unread > 0 ? [say("unread", { count: unread })] : []),
    ...(job.pack?.error === undefined ? [] : [say("packs.failed")]),
    ...(good > 0 ? [say(rest, { count: good })] : []),
  ];
}
