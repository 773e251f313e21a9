// What is known of messages that are damaged, lost or aside: lines for people.

import { printable } from "../formats/printable.ts";
import type { VerifyProblem, VerifyReport } from "../jobs/verify-report.ts";
import type { Language } from "../language/language.ts";
import { mailboxName } from "./names.ts";
import { indented } from "./summary.ts";
import { formatTable } from "./table.ts";
import { verifyTexts } from "./texts/verify.ts";
import { unitsIn } from "./units.ts";

const mostListed = 20;

interface Listing {
  /** Each message, however many. */
  readonly verbose: boolean;
  readonly language: Language;
}

/** Each message by what helps to find it again: date, size, subject. */
export function damagedMessages(problems: readonly VerifyProblem[], listing: Listing): string[] {
  const messages = problems.filter(({ key, kind }) => key !== undefined && kind !== "displaced");
  return listMessages(messages, listing);
}

interface Described {
  readonly mailbox: readonly string[];
  readonly key?: string | undefined;
  readonly size?: number | undefined;
  readonly date?: string | undefined;
  readonly subject?: string | undefined;
}

function listMessages(messages: readonly Described[], { verbose, language }: Listing): string[] {
  const say = verifyTexts.in(language);
  const units = unitsIn(language);
  const listed = verbose ? messages : messages.slice(0, mostListed);
  if (listed.every(({ size }) => size === undefined)) return [];
  const rows = listed.map(({ mailbox, key = "", size, date, subject = "" }) => [
    { text: mailboxName(mailbox) },
    { text: printable(key) },
    { text: date === undefined ? "" : units.date(new Date(date)) },
    { text: size === undefined ? "" : units.octets(size) },
    { text: subject },
  ]);
  const rest = messages.length - listed.length;
  const table = formatTable(
    [
      { title: say("column.mailbox"), align: "left", maxWidth: 24 },
      { title: say("column.key"), align: "left", maxWidth: 24 },
      { title: say("column.date"), align: "left" },
      { title: say("column.size"), align: "right" },
      { title: say("column.subject"), align: "left", maxWidth: 40 },
    ],
    rows,
  );
  return rest > 0 ? [...table, ...indented([say("more", { count: rest })])] : table;
}

/** What earlier repairs have left: nothing of it is forgotten, and none of it is damage any more. */
export function standingOf({ mailboxes, lost = [], aside = [] }: VerifyReport, listing: Listing): string[][] {
  const say = verifyTexts.in(listing.language);
  const recovered = mailboxes.reduce((sum, row) => sum + (row.recovered ?? 0), 0);
  const facts: string[] = [];
  const unfinished = mailboxes.reduce((sum, row) => sum + (row.unfinished ?? 0), 0);
  if (unfinished > 0) facts.push(say("unfinished", { count: unfinished }));
  if (recovered > 0) facts.push(say("recovered", { count: recovered }));
  if (aside.length > 0) {
    const shown = listing.verbose ? aside : aside.slice(0, mostListed);
    const names = shown.map((name) => printable(name)).join(", ");
    const count = aside.length - shown.length;
    facts.push(count === 0 ? say("aside", { names }) : say("aside.more", { names, count }));
  }
  const sections = facts.length > 0 ? [indented(facts)] : [];
  if (lost.length === 0) return sections;
  return [...sections, [...indented([say("lost", { count: lost.length })]), ...listMessages(lost, listing)]];
}
