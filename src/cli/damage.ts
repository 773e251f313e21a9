// What is known of messages that are damaged, lost or aside: lines for people.

import { printable } from "../formats/printable.ts";
import type { VerifyProblem, VerifyReport } from "../jobs/verify-report.ts";
import { mailboxName } from "./names.ts";
import { indented } from "./summary.ts";
import { formatTable } from "./table.ts";
import { formatCount, formatDate, formatOctets, plural } from "./units.ts";

const mostListed = 20;

/** Each message by what helps to find it again: date, size, subject. */
export function damagedMessages(problems: readonly VerifyProblem[], verbose: boolean): string[] {
  const messages = problems.filter(({ key, kind }) => key !== undefined && kind !== "displaced");
  return listMessages(messages, verbose);
}

interface Described {
  readonly mailbox: readonly string[];
  readonly key?: string | undefined;
  readonly size?: number | undefined;
  readonly date?: string | undefined;
  readonly subject?: string | undefined;
}

function listMessages(messages: readonly Described[], verbose: boolean): string[] {
  const listed = verbose ? messages : messages.slice(0, mostListed);
  if (listed.every(({ size }) => size === undefined)) return [];
  const rows = listed.map(({ mailbox, key = "", size, date, subject = "" }) => [
    { text: mailboxName(mailbox) },
    { text: printable(key) },
    { text: date === undefined ? "" : formatDate(new Date(date)) },
    { text: size === undefined ? "" : formatOctets(size) },
    { text: subject },
  ]);
  const rest = messages.length - listed.length;
  const table = formatTable(
    [
      { title: "Mailbox", align: "left", maxWidth: 24 },
      { title: "Key", align: "left", maxWidth: 24 },
      { title: "Date", align: "left" },
      { title: "Size", align: "right" },
      { title: "Subject", align: "left", maxWidth: 40 },
    ],
    rows,
  );
  return rest > 0 ? [...table, ...indented([`and ${formatCount(rest)} more`])] : table;
}

/** What earlier repairs have left: nothing of it is forgotten, and none of it is damage any more. */
export function standingOf({ mailboxes, lost = [], aside = [] }: VerifyReport, verbose: boolean): string[][] {
  const recovered = mailboxes.reduce((sum, row) => sum + (row.recovered ?? 0), 0);
  const facts: string[] = [];
  const unfinished = mailboxes.reduce((sum, row) => sum + (row.unfinished ?? 0), 0);
  if (unfinished > 0) facts.push(`${plural(unfinished, "message")} of a run that stopped wait for the next one`);
  if (recovered > 0) {
    const are = recovered === 1 ? "was" : "were";
    facts.push(
      `${plural(recovered, "message")} ${are} taken in by a repair, as ${recovered === 1 ? "it" : "they"} lay there: how ${recovered === 1 ? "it" : "they"} arrived is not known`,
    );
  }
  if (aside.length > 0) {
    const shown = verbose ? aside : aside.slice(0, mostListed);
    const more = aside.length > shown.length ? ` and ${formatCount(aside.length - shown.length)} more` : "";
    facts.push(`Kept aside by repairs: ${shown.map((name) => printable(name)).join(", ")}${more}`);
  }
  const sections = facts.length > 0 ? [indented(facts)] : [];
  if (lost.length === 0) return sections;
  const head = `${plural(lost.length, "message")} ${lost.length === 1 ? "was" : "were"} lost before, and no run has brought ${lost.length === 1 ? "it" : "them"} again:`;
  return [...sections, [...indented([head]), ...listMessages(lost, verbose)]];
}
