// What an archive holds, from its ledgers alone.

import { MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import type { Stored } from "../message.ts";
import { openReadable } from "../packs/open.ts";
import { describeOwner, type MailFormat } from "../storage/archive.ts";

export interface ArchiveListing {
  readonly archive: string;
  /** The packing, where it is a pack. */
  readonly pack?: "zip" | "tar.gz";
  readonly format: MailFormat;
  readonly account: string;
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly mailboxes: readonly {
    readonly path: readonly string[];
    readonly messages: number;
    /** Of the messages as they were at the source. */
    readonly octets: number;
    /** The latest INTERNALDATE, ISO 8601, UTC; absent where the server told none. */
    readonly newest?: string;
  }[];
}

export async function listArchive(directory: string): Promise<ArchiveListing> {
  await using archive = await openReadable(directory);
  const mailboxes = [];
  for (const mailbox of archive.mailboxes()) {
    let messages = 0;
    let octets = 0;
    let newest: Date | undefined;
    await using ledger = await archive.readLedger(mailbox);
    for (const stored of ledger?.all() ?? []) {
      messages++;
      octets += stored.size;
      if (stored.internalDate !== undefined && !(newest !== undefined && newest >= stored.internalDate)) {
        newest = stored.internalDate;
      }
    }
    const row = { path: mailbox.path, messages, octets };
    mailboxes.push(newest === undefined ? row : { ...row, newest: newest.toISOString() });
  }
  const { account, created, mail } = archive.marker;
  const packing = archive.pack === undefined ? {} : { pack: archive.pack };
  return { archive: directory, ...packing, format: mail, account: describeOwner(account), created, mailboxes };
}

/** The messages of one mailbox, in the order in which they came. */
export async function* listMailbox(directory: string, path: readonly string[]): AsyncIterable<Stored> {
  await using archive = await openReadable(directory);
  const wanted = JSON.stringify(path);
  const mailbox = archive.mailboxes().find((one) => JSON.stringify(one.path) === wanted);
  if (mailbox === undefined) {
    throw new MailferryError("D506", `${printable(directory)} has no mailbox ${printable(path.join("/"))}`, {
      scope: "mailbox",
      retry: "never",
      remedy: `mailferry ls ${printable(directory)} lists them.`,
    });
  }
  await using ledger = await archive.readLedger(mailbox);
  yield* ledger?.all() ?? [];
}
