// Proof instead of hope: messages are read again from the disk and compared with the digests taken when they arrived.

import { setImmediate } from "node:timers/promises";
import { type ErrorCode, MailferryError } from "../errors.ts";
import { type Digest, digestOf } from "../formats/digest.ts";
import { printable } from "../formats/printable.ts";
import type { Mailbox, Place, Stored } from "../message.ts";
import { openReadable } from "../packs/open.ts";
import type { Sink } from "../sinks/sink.ts";
import { brokenEnd, describeOwner, type MailFormat } from "../storage/archive.ts";
import { openIntactMail, type Whereabouts } from "../storage/intact.ts";
import type { ReadableArchive } from "../storage/readable.ts";

export interface VerifyReport {
  readonly archive: string;
  /** The packing, where it is a pack. */
  readonly pack?: "zip" | "tar.gz";
  readonly format: MailFormat;
  readonly account: string;
  readonly messages: number;
  readonly intact: number;
  /** Of the messages as they were at the source. */
  readonly octets: number;
  readonly mailboxes: readonly {
    readonly path: readonly string[];
    readonly messages: number;
    readonly intact: number;
  }[];
  readonly problems: readonly {
    readonly mailbox: readonly string[];
    readonly key?: string | undefined;
    /** V901 if absent. */
    readonly code?: ErrorCode;
    readonly reason: string;
  }[];
}

/** Reads every message of an archive again, or of a pack, and then the pack as a whole. Rejects only if there is no archive that can be read. */
export async function verifyArchive(
  directory: string,
  options: {
    readonly signal?: AbortSignal | undefined;
    readonly progress?: ((messages: number) => void) | undefined;
  } = {},
): Promise<VerifyReport> {
  await using archive = await openReadable(directory);
  const mailboxes: { path: readonly string[]; messages: number; intact: number }[] = [];
  const problems: VerifyReport["problems"][number][] = archive.damaged.map((error) => ({
    mailbox: [],
    ...(error.code === "V901" ? {} : { code: error.code }),
    reason: error.message,
  }));
  const code = archive.pack === undefined ? {} : { code: "V902" as const };
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
    await using mail = archive.openMail(mailbox);
    const whereabouts = archive.whereabouts?.(mailbox);
    const reader = { read: (_: Mailbox, place: Place) => mail.read(place), whereabouts: () => whereabouts };
    for await (const { key, size, problem } of verifyStored(reader, mailbox, ledger.all())) {
      options.signal?.throwIfAborted();
      options.progress?.(++done);
      octets += size;
      if (problem === undefined) row.intact++;
      else problems.push({ mailbox: mailbox.path, key, ...code, reason: problem });
    }
  }
  const { account, mail } = archive.marker;
  const { pack } = archive;
  const known = new Set(problems.map(({ reason }) => reason));
  for (const reason of await damagesOfPack(directory, archive, options.signal)) {
    if (!known.has(reason)) problems.push({ mailbox: [], code: "V902", reason });
  }
  return {
    archive: directory,
    ...(pack === undefined ? {} : { pack }),
    format: mail,
    account: describeOwner(account),
    messages: mailboxes.reduce((sum, row) => sum + row.messages, 0),
    intact: mailboxes.reduce((sum, row) => sum + row.intact, 0),
    octets,
    mailboxes,
    problems,
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

/**
 * Reads these messages again; `problem` says what is wrong with one that is not intact. The fast way comes first; what it
 * can't show to be intact is read once more with care, by which what is wrong gets a name.
 */
export async function* verifyStored(
  sink: MessageReader,
  mailbox: Mailbox,
  stored: Iterable<Stored>,
): AsyncIterable<{ readonly key: string; readonly size: number; readonly problem: string | undefined }> {
  const whereabouts = sink.whereabouts?.(mailbox);
  const mail = whereabouts === undefined ? undefined : openIntactMail(whereabouts);
  try {
    let done = 0;
    for (const one of stored) {
      const problem = mail?.holds(one) ? undefined : await problemOf(sink.read(mailbox, one.place), one);
      yield { key: one.key, size: one.size, problem };
      // The fast way blocks: others get their turn, and a signal is heard.
      if (++done % blockLength === 0) await setImmediate();
    }
  } finally {
    mail?.close();
  }
}

export interface MessageReader extends Pick<Sink, "read"> {
  whereabouts?(mailbox: Mailbox): Whereabouts | undefined;
}

/** Messages that are read without a pause. */
const blockLength = 50;

async function problemOf(body: AsyncIterable<Uint8Array>, { size, sha256 }: Digest): Promise<string | undefined> {
  try {
    const found = await digestOf(body);
    if (found.size !== size) return `${found.size} octets instead of ${size}`;
    return found.sha256 === sha256 ? undefined : "its octets are not those that arrived";
  } catch (error) {
    return wordsOf(error);
  }
}

function wordsOf(error: unknown): string {
  return error instanceof MailferryError ? error.message : `unexpected: ${printable(String(error))}`;
}
