// mailferry ls: the mailboxes of an archive, or the messages of one mailbox, from the ledgers alone.

import { resolve } from "node:path";
import { exitCodes } from "../errors.ts";
import { jsonText } from "../formats/json-text.ts";
import { printable } from "../formats/printable.ts";
import { type ArchiveListing, listArchive, listMailbox } from "../jobs/listing.ts";
import type { Stored } from "../message.ts";
import { formatName, ownerName } from "./archive-words.ts";
import { UsageError } from "./errors.ts";
import type { Invocation } from "./invocation.ts";
import { mailboxName, placeName } from "./names.ts";
import { formatTable } from "./table.ts";
import { lsTexts } from "./texts/ls.ts";
import { wordTexts } from "./texts/words.ts";
import { type Units, unitsIn } from "./units.ts";
import { padding } from "./width.ts";

const head = { v: 1, command: "ls", verdict: "safe", exit: { code: exitCodes.ok, name: "ok" } } as const;

export async function ls(directory: string, mailbox: string | undefined, invocation: Invocation): Promise<number> {
  const { options, cwd, screen } = invocation;
  const archive = resolve(cwd, directory);
  const listing = await listArchive(archive);
  if (mailbox !== undefined) {
    const path = findMailbox(listing, mailbox, invocation);
    await (options.json ? writeDocument(archive, path, invocation) : writeMessages(archive, path, invocation));
  } else if (options.json) {
    await screen.out(`${jsonText({ ...head, ...listing })}\n`);
  } else {
    await screen.out(formatListing(listing, invocation));
  }
  return exitCodes.ok;
}

/** By the name under which it is shown: a name may itself have a `/`, so what is there decides how to read it. */
function findMailbox(
  { archive, mailboxes }: ArchiveListing,
  name: string,
  { cwd, language }: Invocation,
): readonly string[] {
  const found = mailboxes.find(({ path }) => path.join("/") === name || mailboxName(path) === name);
  if (found !== undefined) return found.path;
  const place = placeName(archive, cwd);
  const command = `mailferry ls ${place}`;
  throw new UsageError(lsTexts.in(language)("no-mailbox", { mailbox: printable(name), place, command }));
}

function formatListing(listing: ArchiveListing, { cwd, language, screen }: Invocation): string {
  const say = lsTexts.in(language);
  const words = wordTexts.in(language);
  const { count, octets, date } = unitsIn(language);
  const { mailboxes } = listing;
  const rows = mailboxes.map((mailbox) => [
    { text: mailboxName(mailbox.path) },
    { text: count(mailbox.messages) },
    { text: octets(mailbox.octets) },
    { text: date(mailbox.newest === undefined ? undefined : new Date(mailbox.newest)) },
  ]);
  const table = formatTable(
    [
      { title: words("column.mailbox"), align: "left", minWidth: 14, maxWidth: 36 },
      { title: say("column.messages"), align: "right" },
      { title: say("column.size"), align: "right" },
      { title: say("column.newest"), align: "left" },
    ],
    rows,
  );
  const title = say("title", {
    place: placeName(listing.archive, cwd),
    account: placeName(ownerName(listing.account, language), cwd),
    format: formatName(listing, language),
    date: date(new Date(listing.created)),
  });
  const foot = say("foot", {
    mailboxes: words("mailboxes", { count: mailboxes.length }),
    messages: words("messages", { count: mailboxes.reduce((sum, { messages }) => sum + messages, 0) }),
    size: octets(mailboxes.reduce((sum, mailbox) => sum + mailbox.octets, 0)),
  });
  const body = rows.length === 0 ? "" : `${table.join("\n")}\n\n`;
  return `${screen.outPaint.bold(title)}\n\n${body}${foot}\n`;
}

/** Fixed widths, so that a mailbox of a million messages is written as it is read. */
function formatMessage({ internalDate, size, flags, key, sha256, place }: Stored, { date, octets }: Units): string {
  const flagList = printable(flags.join(" "));
  const cells = [
    date(internalDate).padEnd(16),
    octets(size).padStart(10),
    printable(key).padEnd(8),
    sha256.slice(0, 12),
    flagList + padding(flagList, 20),
    printable(
      Object.entries(place)
        .map(([name, value]) => `${name}=${value}`)
        .join(" "),
    ),
  ];
  return cells.join("  ").trimEnd();
}

async function writeMessages(archive: string, path: readonly string[], invocation: Invocation): Promise<void> {
  const { screen, language } = invocation;
  const say = lsTexts.in(language);
  const words = wordTexts.in(language);
  const units = unitsIn(language);
  const titles = [
    say("column.date").padEnd(16),
    say("column.size").padStart(10),
    say("column.key").padEnd(8),
    "SHA-256".padEnd(12),
    say("column.flags").padEnd(20),
    say("column.place"),
  ];
  await screen.out(`${screen.outPaint.bold(titles.join("  "))}\n`);
  let count = 0;
  for await (const stored of listMailbox(archive, path)) {
    count += 1;
    await screen.out(`${formatMessage(stored, units)}\n`);
  }
  const foot = say("foot.mailbox", { messages: words("messages", { count }), mailbox: mailboxName(path) });
  await screen.out(`\n${foot}\n`);
}

/** One document, whole or not at all, but in pieces: all of a large mailbox may be more than one string can hold. */
async function writeDocument(archive: string, path: readonly string[], { screen }: Invocation): Promise<void> {
  const messages: string[] = [];
  for await (const stored of listMailbox(archive, path)) messages.push(jsonText(stored));
  const start = jsonText({ ...head, archive, mailbox: path });
  await screen.out(`${start.slice(0, -1)},"messages":[`);
  for (const [index, message] of messages.entries()) await screen.out(`${index === 0 ? "" : ","}${message}`);
  await screen.out("]}\n");
}
