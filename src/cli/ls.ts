// mailferry ls: the mailboxes of an archive, or the messages of one mailbox, from the ledgers alone.

import { resolve } from "node:path";
import { exitCodes } from "../errors.ts";
import { jsonText } from "../formats/json-text.ts";
import { printable } from "../formats/printable.ts";
import { type ArchiveListing, listArchive, listMailbox } from "../jobs/listing.ts";
import type { Stored } from "../message.ts";
import { UsageError } from "./errors.ts";
import type { Invocation } from "./invocation.ts";
import { mailboxName, placeName } from "./names.ts";
import type { Paint } from "./screen.ts";
import { formatTable } from "./table.ts";
import { formatCount, formatDate, formatOctets, plural } from "./units.ts";
import { padding } from "./width.ts";

const head = { v: 1, command: "ls", verdict: "safe", exit: { code: exitCodes.ok, name: "ok" } } as const;

export async function ls(directory: string, mailbox: string | undefined, invocation: Invocation): Promise<number> {
  const { options, screen, cwd } = invocation;
  const archive = resolve(cwd, directory);
  const listing = await listArchive(archive);
  if (mailbox !== undefined) {
    const path = findMailbox(listing, mailbox, placeName(archive, cwd));
    await (options.json ? writeDocument(archive, path, invocation) : writeMessages(archive, path, invocation));
  } else if (options.json) {
    await screen.out(`${jsonText({ ...head, ...listing })}\n`);
  } else {
    await screen.out(formatListing(listing, cwd, screen.outPaint));
  }
  return exitCodes.ok;
}

/** By the name under which it is shown: a name may itself have a `/`, so what is there decides how to read it. */
function findMailbox({ mailboxes }: ArchiveListing, name: string, place: string): readonly string[] {
  const found = mailboxes.find(({ path }) => path.join("/") === name || mailboxName(path) === name);
  if (found !== undefined) return found.path;
  throw new UsageError(
    `there is no mailbox ${printable(name)} in ${place}; to see those there are: mailferry ls ${place}`,
  );
}

function formatListing(listing: ArchiveListing, cwd: string, paint: Paint): string {
  const messages = listing.mailboxes.reduce((sum, mailbox) => sum + mailbox.messages, 0);
  const octets = listing.mailboxes.reduce((sum, mailbox) => sum + mailbox.octets, 0);
  const rows = listing.mailboxes.map((mailbox) => [
    { text: mailboxName(mailbox.path) },
    { text: formatCount(mailbox.messages) },
    { text: formatOctets(mailbox.octets) },
    { text: formatDate(mailbox.newest === undefined ? undefined : new Date(mailbox.newest)) },
  ]);
  const table = formatTable(
    [
      { title: "Mailbox", align: "left", minWidth: 14, maxWidth: 36 },
      { title: "Messages", align: "right" },
      { title: "Size", align: "right" },
      { title: "Newest", align: "left" },
    ],
    rows,
  );
  const made = formatDate(new Date(listing.created));
  const title = `${placeName(listing.archive, cwd)}: ${placeName(listing.account, cwd)}, ${formatOf(listing)}, since ${made}`;
  const foot = `${plural(listing.mailboxes.length, "mailbox", "mailboxes")}, ${plural(messages, "message")}, ${formatOctets(octets)}`;
  return `${paint.bold(title)}\n\n${rows.length === 0 ? "" : `${table.join("\n")}\n\n`}${foot}\n`;
}

/** `mbox`, or `mbox in a zip` */
function formatOf({ format, pack }: ArchiveListing): string {
  return pack === undefined ? format : `${format} in a ${pack}`;
}

/** Fixed widths, so that a mailbox of a million messages is written as it is read. */
function formatMessage({ internalDate, size, flags, key, sha256, place }: Stored): string {
  const flagList = printable(flags.join(" "));
  const cells = [
    formatDate(internalDate).padEnd(16),
    formatOctets(size).padStart(10),
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

async function writeMessages(archive: string, path: readonly string[], { screen }: Invocation): Promise<void> {
  const titles = [
    "Date".padEnd(16),
    "Size".padStart(10),
    "Key".padEnd(8),
    "SHA-256".padEnd(12),
    "Flags".padEnd(20),
    "Place",
  ];
  await screen.out(`${screen.outPaint.bold(titles.join("  "))}\n`);
  let count = 0;
  for await (const stored of listMailbox(archive, path)) {
    count += 1;
    await screen.out(`${formatMessage(stored)}\n`);
  }
  await screen.out(`\n${plural(count, "message")} in ${mailboxName(path)}\n`);
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
