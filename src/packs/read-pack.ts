// A pack as an archive that can be read: nothing of it is unpacked to the disk. Its ledgers are kept deflated in memory, its
// mail is read as it is asked for.

import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { MailferryError } from "../errors.ts";
import { ledgerName } from "../formats/mailbox-names.ts";
import { printable } from "../formats/printable.ts";
import type { Mailbox } from "../message.ts";
import { type Marker, mailName, parseMarker } from "../storage/archive.ts";
import { diskError } from "../storage/disk-error.ts";
import { closeFile } from "../storage/durable.ts";
import { loadLedger } from "../storage/ledger.ts";
import type { LedgerContents } from "../storage/ledger-contents.ts";
import { compareMailboxes, indexLedgers, type LedgerIndex } from "../storage/ledger-folder.ts";
import { damagedLedger, parseLine } from "../storage/ledger-lines.ts";
import type { ReadableArchive } from "../storage/readable.ts";
import type { StoredMail } from "../storage/stored-mail.ts";
import type { Container, Cursor } from "./container.ts";
import { detectFormat } from "./detect-format.ts";
import { ledgerFolder } from "./entry-names.ts";
import { damagedPack } from "./errors.ts";
import type { PackFormat } from "./format.ts";
import { openPackedMaildir, openPackedMbox } from "./packed-mail.ts";
import { PackedText } from "./packed-text.ts";

const longestMarker = 64 * 1024;
/** Ledgers take far less room than the mail that they tell of, however well that is packed. */
const mostLedgers = (octets: number) => 16 * 1024 * 1024 + 50 * octets;

/** Throws D506 for a file that is no pack, V902 for one that is damaged or holds what no pack does. Changes nothing. */
export async function readPack(path: string): Promise<PackArchive> {
  const handle = await openFile(path);
  const format = await readFormat(handle, path).catch(async (error: unknown) => {
    await closeFile(handle);
    throw error;
  });
  const container =
    format === "zip"
      ? await (await import("./zip-container.ts")).openZip(handle, path)
      : await (await import("./tar-container.ts")).openTar(handle, path);
  try {
    return await load(container, path, format);
  } catch (error) {
    await container[Symbol.asyncDispose]();
    throw error;
  }
}

async function load(container: Container, path: string, format: PackFormat): Promise<PackArchive> {
  await using cursor = container.cursor();
  const marker = await readMarker(cursor, path);
  const { texts, damaged } = await readLedgers(cursor, container, path);
  const folder = `${path}/${ledgerFolder}`;
  const index = await indexLedgers(folder, [...texts.keys()], async (name) => {
    const octets = texts.get(name)?.firstLine();
    const line = octets === undefined ? undefined : parseLine(octets);
    if (line === undefined || !("ledger" in line)) throw damagedLedger(folder + name, 0);
    return line.mailbox;
  });
  const { entries } = index;
  return new PackArchive({ format, marker, container, texts, entries, damaged: [...damaged, ...index.damaged] });
}

interface Parts {
  readonly format: PackFormat;
  readonly marker: Marker;
  readonly container: Container;
  /** By their names in their folder. */
  readonly texts: ReadonlyMap<string, PackedText>;
  readonly entries: LedgerIndex["entries"];
  readonly damaged: readonly MailferryError[];
}

export class PackArchive implements ReadableArchive {
  readonly pack: PackFormat;
  readonly marker: Marker;
  readonly damaged: readonly MailferryError[];
  readonly container: Container;
  readonly #texts: ReadonlyMap<string, PackedText>;
  readonly #index: ReadonlyMap<string, LedgerIndex["entries"][number]>;

  constructor({ format, marker, container, texts, entries, damaged }: Parts) {
    this.pack = format;
    this.marker = marker;
    this.damaged = damaged;
    this.container = container;
    this.#texts = texts;
    this.#index = new Map(entries.map((entry) => [JSON.stringify(entry.path), entry]));
  }

  mailboxes(): Mailbox[] {
    return [...this.#index.values()].map(({ path }) => ({ path })).sort((a, b) => compareMailboxes(a.path, b.path));
  }

  async readLedger({ path }: Mailbox): Promise<LedgerContents | undefined> {
    const entry = this.#index.get(JSON.stringify(path));
    const text = entry === undefined ? undefined : this.#texts.get(ledgerName(path, entry.variant));
    return text === undefined ? undefined : loadLedger(text.read());
  }

  openMail({ path }: Mailbox): StoredMail {
    const name = mailName(this.marker.mail, path, this.#index.get(JSON.stringify(path))?.variant ?? 1);
    const cursor = this.container.cursor();
    if (this.marker.mail === "mbox") return openPackedMbox(cursor, `mbox/${name}`);
    return openPackedMaildir(cursor, name === "" ? "maildir/" : `maildir/${name}/`);
  }

  async lookThrough(): Promise<void> {
    await using cursor = this.container.cursor();
    for (let found = await cursor.next(); found !== undefined; ) found = await cursor.next();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.container[Symbol.asyncDispose]();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw diskError(error, path);
  }
}

async function readFormat(handle: FileHandle, path: string): Promise<PackFormat> {
  const format = await detectFormat(handle).catch((error: unknown) => {
    throw diskError(error, path);
  });
  if (format !== undefined) return format;
  throw new MailferryError("D506", `${printable(path)} is neither an archive nor a pack of one`, {
    scope: "session",
    retry: "never",
    remedy: "Name the folder of an archive, or a .zip or .tar.gz file that mailferry made of one.",
  });
}

async function readMarker(cursor: Cursor, path: string): Promise<Marker> {
  const found = await cursor.next();
  if (found === undefined) throw damagedPack(path, "it is empty");
  if (found.size > longestMarker) throw damagedPack(path, `${found.name} is too large`);
  const chunks: Buffer[] = [];
  for await (const chunk of found.octets()) chunks.push(chunk);
  const marker = parseMarker(Buffer.concat(chunks).toString());
  if (marker === undefined) throw damagedPack(path, `${found.name} is not one that this version can read`);
  return marker;
}

/** One that is damaged by itself does not keep from the others. */
async function readLedgers(cursor: Cursor, { octets }: Container, path: string) {
  const texts = new Map<string, PackedText>();
  const damaged: MailferryError[] = [];
  let left = mostLedgers(octets);
  for (let found = await cursor.next(); found?.kind === "ledger"; found = await cursor.next()) {
    left -= found.size;
    if (left < 0) throw damagedPack(path, "its ledgers are larger than those of any archive of its size");
    const text = new PackedText(`${path}/${found.name}`);
    try {
      for await (const chunk of found.octets()) text.append(chunk);
      text.end();
      texts.set(found.name.slice(ledgerFolder.length), text);
    } catch (error) {
      if (!(error instanceof MailferryError) || error.scope === "session") throw error;
      damaged.push(error);
    }
  }
  return { texts, damaged };
}
