// What an archive gives back, for comparing: by the ledger's places, and as a multiset of digests.

import { createHash } from "node:crypto";
import { readArchive } from "../../src/storage/archive.ts";

export function sha256(octets: Uint8Array): string {
  return createHash("sha256").update(octets).digest("hex");
}

export interface ArchivedMessage {
  readonly mailbox: string;
  readonly key: string;
  readonly sha256: string;
  readonly flags: readonly string[];
  readonly internalDate: Date | undefined;
}

/** Every message of an archive, read back from the mail itself; throws if a digest differs from the ledger's. */
export async function readBack(directory: string): Promise<ArchivedMessage[]> {
  await using archive = await readArchive(directory);
  const messages: ArchivedMessage[] = [];
  for (const mailbox of archive.mailboxes()) {
    await using mail = archive.openMail(mailbox);
    await using ledger = await archive.readLedger(mailbox);
    for (const stored of ledger?.all() ?? []) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of mail.read(stored.place)) chunks.push(Buffer.from(chunk));
      const digest = sha256(Buffer.concat(chunks));
      if (digest !== stored.sha256) throw new Error(`${mailbox.path.join("/")} ${stored.key} is not what arrived`);
      const { key, flags, internalDate } = stored;
      messages.push({ mailbox: mailbox.path.join("/"), key, sha256: digest, flags, internalDate });
    }
  }
  return messages;
}

/** Digests with their mailbox, sorted: equal for equal multisets. */
export function multiset(messages: Iterable<{ readonly mailbox: string; readonly sha256: string }>): string[] {
  return [...messages].map(({ mailbox, sha256 }) => `${mailbox} ${sha256}`).sort();
}
