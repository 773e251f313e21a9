// An archive on disk:
//
//   ARCHIVE/
//     mailferry.json        what this is, of which account, in which format; no secret
//     maildir/ or mbox/     the mail, in the standard layout
//     ledger/               one ledger per mailbox
//     runs/                 one report per run
//     mailferry.lock        while a run writes

import { randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, MailferryError } from "../errors.ts";
import { ledgerName, maildirName, mboxName, nameKey } from "../formats/mailbox-names.ts";
import { printable } from "../formats/printable.ts";
import type { Mailbox } from "../message.ts";
import { diskError } from "./disk-error.ts";
import { isTemporaryName, makeDirectory, removeFile, replaceFile } from "./durable.ts";
import { type Ledger, type LedgerContents, openLedger, readLedger, readLedgerMailbox } from "./ledger.ts";
import { acquireLock, type Lock } from "./lock.ts";

export type MailFormat = "mbox" | "maildir";

export interface Marker {
  readonly archive: 1;
  readonly id: string;
  readonly mail: MailFormat;
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly account: { readonly protocol: "imap" | "pop3"; readonly host: string; readonly user: string };
}

const markerName = "mailferry.json";

/** Reads the marker; undefined if the directory is missing or empty, an error if it holds something else. */
export async function readMarker(directory: string): Promise<Marker | undefined> {
  const path = join(directory, markerName);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw diskError(error, path);
    const names = await readdir(directory).catch((failure: unknown) => {
      if (codeOf(failure) === "ENOENT") return [];
      throw diskError(failure, directory);
    });
    if (names.every((name) => ownLeftover.test(name) || isTemporaryName(name))) return undefined;
    throw new MailferryError("D506", `${printable(directory)} is not a mailferry archive, and it is not empty`, {
      scope: "session",
      retry: "never",
      remedy: "Name the folder of an archive, or a new or empty one.",
    });
  }
  const marker = parseMarker(text);
  if (marker === undefined) {
    throw new MailferryError("D506", `${printable(path)} is not the marker of an archive this version can read`, {
      scope: "session",
      retry: "never",
      remedy: "Put the file back from a copy, or use the version of mailferry that wrote it.",
    });
  }
  return marker;
}

/** What a crash before the marker was written may leave in a directory that is still new, and a file system's own. */
const ownLeftover = /^(mailferry\.lock.*|lost\+found)$/;

function parseMarker(text: string): Marker | undefined {
  try {
    const marker = JSON.parse(text) as Partial<Marker>;
    const known = marker.archive === 1 && (marker.mail === "mbox" || marker.mail === "maildir");
    const { user, host, protocol } = marker.account ?? {};
    const named = typeof user === "string" && typeof host === "string" && (protocol === "imap" || protocol === "pop3");
    return known && named ? (marker as Marker) : undefined;
  } catch {
    return undefined;
  }
}

/** Opens an archive for writing, making it if the directory is missing or empty. Takes the lock; disposing gives it back. */
export async function openArchive(directory: string, wanted: Pick<Marker, "mail" | "account">): Promise<Archive> {
  let marker = await readMarker(directory);
  if (marker !== undefined) checkFits(directory, marker, wanted);
  await makeDirectory(directory);
  const lock = await acquireLock(join(directory, "mailferry.lock"));
  try {
    marker = await readMarker(directory);
    if (marker === undefined) {
      marker = { archive: 1, id: randomUUID(), created: new Date().toISOString(), ...wanted };
      await replaceFile(join(directory, markerName), `${JSON.stringify(marker, null, 2)}\n`);
    }
    checkFits(directory, marker, wanted);
    for (const name of [marker.mail, "ledger", "runs"]) await makeDirectory(join(directory, name));
    await removeLeftovers(directory);
    const index = await readIndex(directory);
    if (index.damaged[0] !== undefined) throw index.damaged[0];
    return new Archive(directory, marker, index, lock);
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

/** Opens an archive for reading only: no lock, nothing is changed. What is damaged is said in `damaged`. */
export async function readArchive(directory: string): Promise<Archive> {
  const marker = await readMarker(directory);
  if (marker === undefined) {
    throw new MailferryError("D506", `${printable(directory)} is not a mailferry archive: there is no ${markerName}`, {
      scope: "session",
      retry: "never",
      remedy: "Check the path, and that the disk is plugged in.",
    });
  }
  return new Archive(directory, marker, await readIndex(directory), undefined);
}

export class Archive implements AsyncDisposable {
  readonly directory: string;
  readonly marker: Marker;
  /** Ledger file names by mailbox: a name may be another than the plain one, where two mailboxes would share it. */
  readonly #index: Map<string, { readonly path: readonly string[]; readonly variant: number }>;
  readonly #taken: Set<string>;
  readonly #lock: Lock | undefined;
  /** Of ledgers that do not even tell of which mailbox they are. */
  readonly damaged: readonly MailferryError[];

  constructor(directory: string, marker: Marker, { entries, damaged }: Index, lock: Lock | undefined) {
    this.directory = directory;
    this.marker = marker;
    this.#index = new Map(entries.map((entry) => [keyOf(entry.path), entry]));
    this.#taken = new Set(entries.flatMap((entry) => this.#names(entry.path, entry.variant)));
    this.#lock = lock;
    this.damaged = damaged;
  }

  /** Where the mail lies. */
  get mailRoot(): string {
    return join(this.directory, this.marker.mail);
  }

  /** The mailboxes that have a ledger, INBOX first. */
  mailboxes(): Mailbox[] {
    return [...this.#index.values()]
      .map(({ path }) => ({ path }))
      .sort((a, b) => rank(a.path) - rank(b.path) || (keyOf(a.path) < keyOf(b.path) ? -1 : 1));
  }

  /**
   * Which of its possible names a mailbox has: 1, or more where names differ only in ways that a file system may not
   * tell apart (case, Unicode normalisation). The same for ever once the mailbox has a ledger.
   */
  variantOf(mailbox: Mailbox): number {
    const key = keyOf(mailbox.path);
    const known = this.#index.get(key);
    if (known !== undefined) return known.variant;
    let variant = 1;
    while (this.#names(mailbox.path, variant).some((name) => this.#taken.has(name))) variant++;
    this.#index.set(key, { path: mailbox.path, variant });
    for (const name of this.#names(mailbox.path, variant)) this.#taken.add(name);
    return variant;
  }

  openLedger(mailbox: Mailbox): Promise<Ledger> {
    return openLedger(this.#ledgerPath(mailbox), mailbox.path);
  }

  readLedger(mailbox: Mailbox): Promise<LedgerContents | undefined> {
    return readLedger(this.#ledgerPath(mailbox));
  }

  /** Keeps the report of a run, under the time at which it started. */
  async keepReport(name: string, report: unknown): Promise<void> {
    await replaceFile(join(this.directory, "runs", `${name}.json`), `${JSON.stringify(report, null, 2)}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lock?.[Symbol.asyncDispose]();
  }

  /** What no two mailboxes may share. */
  #names(path: readonly string[], variant: number): string[] {
    const mailName = this.marker.mail === "mbox" ? mboxName(path, variant) : maildirName(path, variant);
    return [`ledger ${nameKey(ledgerName(path, variant))}`, `mail ${nameKey(mailName)}`];
  }

  #ledgerPath(mailbox: Mailbox): string {
    return join(this.directory, "ledger", ledgerName(mailbox.path, this.variantOf(mailbox)));
  }
}

interface Index {
  readonly entries: readonly { readonly path: readonly string[]; readonly variant: number }[];
  readonly damaged: readonly MailferryError[];
}

const mostVariants = 1000;

/** The mailboxes by the headers of their ledgers; the variant is the one that gives the file its name. */
async function readIndex(directory: string): Promise<Index> {
  const folder = join(directory, "ledger");
  const names = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return [];
    throw diskError(error, folder);
  });
  const entries: Index["entries"][number][] = [];
  const damaged: MailferryError[] = [];
  for (const name of names.sort()) {
    if (!name.endsWith(".jsonl") || name.startsWith(".")) continue;
    try {
      const path = await readLedgerMailbox(join(folder, name));
      let variant = 1;
      while (variant < mostVariants && ledgerName(path, variant) !== name) variant++;
      if (variant === mostVariants) throw misnamed(join(folder, name), path);
      entries.push({ path, variant });
    } catch (error) {
      if (!(error instanceof MailferryError) || error.code !== "V901") throw error;
      damaged.push(error);
    }
  }
  return { entries, damaged };
}

function misnamed(path: string, mailbox: readonly string[]): MailferryError {
  return new MailferryError(
    "V901",
    `${printable(path)} is the ledger of ${printable(mailbox.join("/"))}, by another name`,
    {
      scope: "mailbox",
      retry: "never",
      remedy: `Give it back its name, ${ledgerName(mailbox)}.`,
    },
  );
}

function checkFits(directory: string, marker: Marker, wanted: Pick<Marker, "mail" | "account">): void {
  const { account } = marker;
  const same = account.protocol === wanted.account.protocol && account.user === wanted.account.user;
  if (!same || account.host.toLowerCase() !== wanted.account.host.toLowerCase()) {
    const of = printable(`${account.user} on ${account.host} (${account.protocol})`);
    throw new MailferryError("D505", `${printable(directory)} is the archive of another account: ${of}`, {
      scope: "session",
      retry: "never",
      remedy: `Give each account a folder of its own; if only the server's name has changed, change it in ${markerName}.`,
    });
  }
  if (marker.mail !== wanted.mail) {
    throw new MailferryError(
      "D506",
      `${printable(directory)} is an archive in the ${marker.mail} format, not ${wanted.mail}`,
      {
        scope: "session",
        retry: "never",
        remedy: `Set format: ${marker.mail}, or choose another folder.`,
      },
    );
  }
}

/** Temporary files of a run that died; we hold the lock, so they are nobody's. */
async function removeLeftovers(directory: string): Promise<void> {
  for (const folder of [directory, join(directory, "ledger"), join(directory, "runs")]) {
    for (const name of await readdir(folder)) {
      if (isTemporaryName(name)) await removeFile(join(folder, name));
    }
  }
}

function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}

function rank(path: readonly string[]): number {
  return path.length === 1 && path[0] === "INBOX" ? 0 : 1;
}
