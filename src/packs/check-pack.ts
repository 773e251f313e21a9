// A pack, held against what it says of itself, and against what was to go into it.

import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { MailferryError } from "../errors.ts";
import { digestOf } from "../formats/digest.ts";
import { printable } from "../formats/printable.ts";
import type { Stored } from "../message.ts";
import { diskError } from "../storage/disk-error.ts";
import { readRange } from "../storage/read-range.ts";
import { markerEntry } from "./entry-names.ts";
import { damagedPack } from "./errors.ts";
import type { PackFormat } from "./format.ts";
import { Manifest } from "./manifest.ts";
import { readPack } from "./read-pack.ts";
import { seals } from "./seal.ts";

export interface SealedFile {
  readonly octets: number;
  /** Of all of it, in hexadecimal. */
  readonly sha256: string;
  /** Every octet is as it was written. */
  readonly isWhole: boolean;
}

/** Reads the file from its first octet to its last. */
export async function checkSeal(path: string, as: PackFormat, signal?: AbortSignal): Promise<SealedFile> {
  const { length, format } = seals[as];
  try {
    await using handle = await open(path);
    const { size } = await handle.stat();
    const hash = createHash("sha256");
    for await (const chunk of readRange(handle, path, 0, Math.max(0, size - length))) {
      signal?.throwIfAborted();
      hash.update(chunk);
    }
    const seal = format(hash.copy().digest("hex"));
    const end: Buffer[] = [];
    for await (const chunk of readRange(handle, path, Math.max(0, size - length))) end.push(chunk);
    const found = Buffer.concat(end);
    return { octets: size, sha256: hash.update(found).digest("hex"), isWhole: found.equals(seal) };
  } catch (error) {
    signal?.throwIfAborted();
    throw diskError(error, path);
  }
}

export interface Expected {
  readonly as: PackFormat;
  /** Of the file and of what is in it, in hexadecimal. */
  readonly sha256: string;
  readonly manifest: string;
  readonly messages: number;
}

/**
 * Reads a pack back that was just written: the file, every entry, every message. Throws V902 where the pack is not what
 * was to be written, and V901 where it is, but a message in it is not the one that arrived: then it is so in the archive.
 */
export async function readBack(path: string, { as, ...expected }: Expected, signal: AbortSignal): Promise<void> {
  const { isWhole, sha256 } = await checkSeal(path, as, signal);
  if (!isWhole || sha256 !== expected.sha256) throw unlike(path);
  await using pack = await readPack(path);
  if (pack.damaged[0] !== undefined) throw pack.damaged[0];
  await using cursor = pack.container.cursor();
  const manifest = new Manifest();
  for (let found = await cursor.find(markerEntry); found !== undefined; found = await cursor.next()) {
    for await (const _ of manifest.take(found.name, found.octets())) signal.throwIfAborted();
  }
  if (manifest.digest() !== expected.manifest) throw unlike(path);
  let messages = 0;
  for (const mailbox of pack.mailboxes()) {
    await using ledger = await pack.readLedger(mailbox);
    await using mail = pack.openMail(mailbox);
    for (const stored of ledger?.all() ?? []) {
      signal.throwIfAborted();
      const { size, sha256 } = await digestOf(mail.read(stored.place));
      if (size !== stored.size || sha256 !== stored.sha256) throw spoiled(mailbox.path, stored);
      messages++;
    }
  }
  if (messages !== expected.messages) throw unlike(path);
}

function unlike(path: string): MailferryError {
  return damagedPack(path, "read back, it is not what was written; the disk may be failing, and no pack was made");
}

function spoiled(path: readonly string[], { key }: Stored): MailferryError {
  const what = `message ${printable(key)} of ${printable(path.join("/"))} in the archive is not the one that arrived`;
  return new MailferryError("V901", `${what}, so no pack was made`, {
    scope: "session",
    retry: "never",
    remedy: "Run mailferry verify on the archive.",
  });
}
