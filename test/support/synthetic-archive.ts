// An archive that has ledgers and no mail: what is made from ledgers alone can be tried at any size.

import type { Stored } from "../../src/message.ts";
import { openArchive } from "../../src/storage/archive.ts";

export interface SyntheticMessage {
  readonly key: string;
  readonly size: number;
  readonly date?: Date | undefined;
}

/** Writes the messages of each mailbox (by a name with `/` between its segments), so many in each record. */
export async function writeLedgers(
  directory: string,
  mailboxes: Readonly<Record<string, Iterable<SyntheticMessage>>>,
  perRecord = 1000,
): Promise<void> {
  const account = { protocol: "imap", host: "imap.example.org", user: "ada" } as const;
  await using archive = await openArchive(directory, { mail: "mbox", account });
  for (const [name, messages] of Object.entries(mailboxes)) {
    await using ledger = await archive.openLedger({ path: name.split("/") });
    let stored: Stored[] = [];
    let length = 0;
    const record = async () => {
      await ledger.record({ checkpoint: { length }, stored, failed: [] });
      stored = [];
    };
    for (const { key, size, date } of messages) {
      stored.push({
        key,
        size,
        sha256: length.toString(16).padStart(64, "0"),
        place: { offset: length },
        flags: ["\\Seen"],
        ...(date === undefined ? {} : { internalDate: date }),
      });
      length += size;
      if (stored.length === perRecord) await record();
    }
    await record();
  }
}
