// An archive on disk:
//
//   ARCHIVE/
//     mailferry.json        what this is, of which account, in which format; no secret
//     maildir/ or mbox/     the mail, in the standard layout
//     ledger/               one ledger per mailbox
//     runs/                 one report per run
//     aside/                what a repair has taken out
//     mailferry.lock        while a run writes

import { randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { codeOf, MailferryError } from "../errors.ts";
import { maildirName, mboxName } from "../formats/mailbox-names.ts";
import { printable } from "../formats/printable.ts";
import type { Mailbox } from "../message.ts";
import { diskError } from "./disk-error.ts";
import { isTemporaryName, makeDirectory, removeFile, replaceFile } from "./durable.ts";
import type { Whereabouts } from "./intact.ts";
import { LedgerFolder, type LedgerIndex, prepareLedgers, readIndex } from "./ledger-folder.ts";
import { acquireLock, type Lock } from "./lock.ts";
import { refuseLinks } from "./no-links.ts";
import { namesIn } from "./read-folder.ts";
import type { ReadableArchive } from "./readable.ts";
import { openStoredAt } from "./stored.ts";
import type { StoredMail } from "./stored-mail.ts";

export type MailFormat = "mbox" | "maildir";

export interface Marker {
  /** 2 if an mbox of it may go on in further files: a version that knows of none must not take those for something else. */
  readonly archive: 1 | 2;
  readonly id: string;
  readonly mail: MailFormat;
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly account: Owner;
}

/** An account, or the mail on this machine that was brought in: then `user` is its path, and `host` empty. */
export interface Owner {
  readonly protocol: "imap" | "pop3" | "archive" | "mbox" | "maildir";
  readonly host: string;
  readonly user: string;
}

export const markerName = "mailferry.json";

/** What is said of a mailbox whose ledger has a broken end. */
export const brokenEnd =
  "the last record of its ledger is broken, so some messages may be missing here; run the job that writes it, and look again";

/** Reads the marker; undefined if the directory is missing or empty, an error if it holds something else. */
export async function readMarker(directory: string): Promise<Marker | undefined> {
  const path = join(directory, markerName);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw diskError(error, path);
    const names = await namesIn(directory);
    if (names.every((name) => ownLeftover.test(name) || isTemporaryName(name))) return undefined;
    const isArchive = names.includes("ledger") && (names.includes("mbox") || names.includes("maildir"));
    throw new MailferryError("D506", `${printable(directory)} is not a mailferry archive, and it is not empty`, {
      scope: "session",
      retry: "never",
      remedy: isArchive
        ? `If only its ${markerName} is gone, mailferry verify ARCHIVE --repair writes it anew.`
        : "Name the folder of an archive, or a new or empty one.",
    });
  }
  const marker = parseMarker(text);
  if (marker === undefined) {
    throw new MailferryError("D506", `${printable(path)} is not the marker of an archive this version can read`, {
      scope: "session",
      retry: "never",
      remedy:
        "Put the file back from a copy, or use the version of mailferry that wrote it. If it was damaged, mailferry verify ARCHIVE --repair writes it anew.",
    });
  }
  return marker;
}

/** What a crash before the marker was written may leave in a directory that is still new, and a file system's own. */
const ownLeftover = /^(mailferry\.lock.*|lost\+found)$/;

const protocols: ReadonlySet<string> = new Set(["imap", "pop3", "archive", "mbox", "maildir"]);

/** Undefined if it is not the marker of an archive that this version can read. */
export function parseMarker(text: string): Marker | undefined {
  try {
    const marker = JSON.parse(text) as Partial<Marker>;
    const known =
      (marker.archive === 1 || marker.archive === 2) && (marker.mail === "mbox" || marker.mail === "maildir");
    const { user, host, protocol } = marker.account ?? {};
    const named = typeof user === "string" && typeof host === "string" && protocols.has(protocol ?? "");
    return known && named && typeof marker.id === "string" ? (marker as Marker) : undefined;
  } catch {
    return undefined;
  }
}

export function formatMarker(marker: Marker): string {
  return `${JSON.stringify(marker, null, 2)}\n`;
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
      await replaceFile(join(directory, markerName), formatMarker(marker));
    }
    checkFits(directory, marker, wanted);
    await refuseLinks(directory, markerName, marker.mail);
    await makeDirectory(join(directory, marker.mail));
    if (lock.isInherited && marker.mail === "mbox") await removeLeftovers(join(directory, marker.mail));
    return new Archive(directory, marker, await prepareLedgers(directory), lock);
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

/** Bodies too large for memory wait in a file beside the mbox, which has a name only until it is opened: or until a run dies. */
async function removeLeftovers(folder: string): Promise<void> {
  const names = await readdir(folder, { recursive: true }).catch((error: unknown) => {
    throw diskError(error, folder);
  });
  for (const name of names) if (isTemporaryName(basename(name))) await removeFile(join(folder, name));
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

export class Archive extends LedgerFolder implements ReadableArchive {
  #marker: Marker;

  constructor(directory: string, marker: Marker, index: LedgerIndex, lock: Lock | undefined) {
    super(directory, index, lock, (path, variant) => mailName(marker.mail, path, variant));
    this.#marker = marker;
  }

  get marker(): Marker {
    return this.#marker;
  }

  /** From now on there may be an mbox in several files. Durable when it resolves. */
  async admitParts(): Promise<void> {
    if (this.#marker.archive === 2) return;
    const marker: Marker = { ...this.#marker, archive: 2 };
    await replaceFile(join(this.directory, markerName), formatMarker(marker));
    this.#marker = marker;
  }

  /** Where the mail lies. */
  get mailRoot(): string {
    return join(this.directory, this.marker.mail);
  }

  /** The file or folder that holds the mailbox. */
  mailPath(mailbox: Mailbox): string {
    return join(this.mailRoot, mailName(this.marker.mail, mailbox.path, this.variantOf(mailbox)));
  }

  whereabouts(mailbox: Mailbox): Whereabouts {
    return { format: this.marker.mail, path: this.mailPath(mailbox) };
  }

  openMail(mailbox: Mailbox): StoredMail {
    return openStoredAt(this.whereabouts(mailbox));
  }
}

/** The file or folder of a mailbox, relative to where the mail lies. */
export function mailName(mail: MailFormat, path: readonly string[], variant: number): string {
  return mail === "mbox" ? mboxName(path, variant) : maildirName(path, variant);
}

/** Whose mail it is, for people. */
export function describeOwner({ user, host }: Marker["account"]): string {
  return host === "" ? user : `${user} on ${host}`;
}

function checkFits(directory: string, marker: Marker, wanted: Pick<Marker, "mail" | "account">): void {
  const { account } = marker;
  const same = account.protocol === wanted.account.protocol && account.user === wanted.account.user;
  if (!same || account.host.toLowerCase() !== wanted.account.host.toLowerCase()) {
    const of = printable(`${describeOwner(account)} (${account.protocol})`);
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
