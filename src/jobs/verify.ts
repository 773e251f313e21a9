// Proof instead of hope: messages are read again from the disk and compared with the digests taken when they arrived.

import { MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import { openReadable } from "../packs/open.ts";
import { brokenEnd, describeOwner } from "../storage/archive.ts";
import { isFolder } from "../storage/read-folder.ts";
import type { ReadableArchive } from "../storage/readable.ts";
import { verifyFolder } from "./verify-folder.ts";
import { type LostMessage, lostMessage, type VerifyProblem, type VerifyReport } from "./verify-report.ts";
import { verifyStored, wordsOf } from "./verify-stored.ts";

export type { VerifyReport } from "./verify-report.ts";

export interface VerifyArchiveOptions {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((messages: number) => void) | undefined;
}

/** Reads every message of an archive again, or of a pack, and then the pack as a whole. Rejects only if there is no archive that can be read. */
export async function verifyArchive(directory: string, options: VerifyArchiveOptions = {}): Promise<VerifyReport> {
  return (await isFolder(directory)) ? verifyFolder(directory, options) : verifyPack(directory, options);
}

async function verifyPack(path: string, { signal, progress }: VerifyArchiveOptions): Promise<VerifyReport> {
  await using archive = await openReadable(path);
  const mailboxes: { path: readonly string[]; messages: number; intact: number }[] = [];
  const problems: VerifyProblem[] = archive.damaged.map((error) => ({
    mailbox: [],
    ...(error.code === "V901" ? {} : { code: error.code }),
    reason: error.message,
  }));
  const lost: LostMessage[] = [];
  let octets = 0;
  let done = 0;
  for (const mailbox of archive.mailboxes()) {
    const row = { path: mailbox.path, messages: 0, intact: 0 };
    mailboxes.push(row);
    await using ledger = await archive.readLedger(mailbox).catch((error: unknown) => {
      problems.push({ mailbox: mailbox.path, reason: wordsOf(error) });
      return undefined;
    });
    if (ledger === undefined) continue;
    if (ledger.hasBrokenEnd) problems.push({ mailbox: mailbox.path, reason: brokenEnd });
    row.messages = ledger.size;
    for (const { key, size, internalDate } of ledger.losses())
      lost.push(lostMessage(mailbox.path, key, size, internalDate));
    await using mail = archive.openMail(mailbox);
    for await (const { stored, problem } of verifyStored(
      { read: (_, place) => mail.read(place) },
      mailbox,
      ledger.all(),
    )) {
      signal?.throwIfAborted();
      progress?.(++done);
      octets += stored.size;
      if (problem === undefined) row.intact++;
      else problems.push({ mailbox: mailbox.path, key: stored.key, code: "V902", reason: problem });
    }
  }
  const { account, mail } = archive.marker;
  const { pack } = archive;
  const known = new Set(problems.map(({ reason }) => reason));
  for (const reason of await damagesOfPack(path, archive, signal)) {
    if (!known.has(reason)) problems.push({ mailbox: [], code: "V902", reason });
  }
  return {
    archive: path,
    ...(pack === undefined ? {} : { pack }),
    format: mail,
    account: describeOwner(account),
    messages: mailboxes.reduce((sum, row) => sum + row.messages, 0),
    intact: mailboxes.reduce((sum, row) => sum + row.intact, 0),
    octets,
    mailboxes,
    problems,
    ...(lost.length === 0 ? {} : { lost }),
  };
}

/** Also what is around the messages of a pack is as it was written, to the last octet. */
async function damagesOfPack(
  path: string,
  archive: ReadableArchive,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const { pack } = archive;
  if (pack === undefined) return [];
  const damages: string[] = [];
  await archive.lookThrough?.().catch((error: unknown) => {
    if (!(error instanceof MailferryError)) throw error;
    damages.push(error.message);
  });
  const { checkSeal } = await import("../packs/check-pack.ts");
  const { isWhole } = await checkSeal(path, pack, signal);
  const changed = `${printable(path)} is not as it was written; a message that is not named here is intact`;
  return isWhole ? damages : [...damages, changed];
}
