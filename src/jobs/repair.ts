// An archive, repaired by what lies in it, under its lock: mailbox after mailbox, each as a whole. Nothing is ever deleted.
// What is lost after that is not settled in any ledger, so that the next run brings it, from wherever it still is.

import { randomUUID } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import { formatMarker, type MailFormat, type Marker, markerName, type Owner } from "../storage/archive.ts";
import { type FoundMailbox, hasParts, takeInventory } from "../storage/archive-inventory.ts";
import { Aside } from "../storage/aside.ts";
import { diskError } from "../storage/disk-error.ts";
import { exists, isTemporaryName, listDirectory, makeDirectory, removeFile, replaceFile } from "../storage/durable.ts";
import { readLedger } from "../storage/ledger.ts";
import { compareMailboxes } from "../storage/ledger-folder.ts";
import { contentOf } from "../storage/ledger-table.ts";
import { acquireLock } from "../storage/lock.ts";
import { findMarker } from "../storage/marker-guess.ts";
import { examineMailbox } from "./examine.ts";
import { type MendedMailbox, mendMailbox } from "./mend.ts";

export interface RepairReport {
  /** Mailboxes in which something was to be done, or could not be. */
  readonly mailboxes: readonly MendedMailbox[];
  /** What was moved aside by this repair, or kept there as it was; relative to the archive. */
  readonly aside: readonly string[];
  /** The marker was written anew. */
  readonly marker: boolean;
  /** What could not be repaired, each as a sentence without its end, and how it can be. */
  readonly held: readonly string[];
}

export interface RepairOptions {
  /** Nothing is written, nothing locked: what is said is what would be done. */
  readonly dryRun: boolean;
  /** Whose mail it is, where the marker does not tell any more. */
  readonly owner?: Owner | undefined;
  /** What the archive was known as, where the marker does not tell any more. */
  readonly id?: string | undefined;
  readonly signal: AbortSignal;
  readonly progress?: ((messages: number) => void) | undefined;
}

/** Rejects with D506 where there is no archive, with L801 where a run is at work in it, and where the disk fails. */
export async function repairArchive(directory: string, options: RepairOptions): Promise<RepairReport> {
  const { dryRun } = options;
  const known = await findMarker(directory);
  await using _lock = dryRun ? undefined : await acquireLock(join(directory, "mailferry.lock"));
  const aside = dryRun ? undefined : new Aside(directory);
  if (!dryRun) await clearLeftovers(directory, known.mail);
  const held: string[] = [];
  const marker = known.fault !== undefined && (await mendMarker(directory, known.mail, options, aside, held));
  const { mailboxes, foreignLedgers, nameless } = await takeInventory(directory, known.mail);
  for (const name of foreignLedgers) await aside?.move(join("ledger", name));
  for (const name of nameless) {
    held.push(
      `${known.mail}/${printable(name)} has no ledger, and its name tells of no mailbox: a run of its job finds it`,
    );
  }
  const mended: MendedMailbox[] = [];
  let done = 0;
  const progress = () => options.progress?.(++done);
  // Those without a ledger last: by then it is known what all others have.
  const hasLedger = ({ ledger }: FoundMailbox) => (ledger === undefined ? 1 : 0);
  const inOrder = [...mailboxes].sort((a, b) => hasLedger(a) - hasLedger(b) || compareMailboxes(a.path, b.path));
  let elsewhere: ReadonlySet<number> | undefined;
  for (const found of inOrder) {
    options.signal.throwIfAborted();
    const mayBeCopy = found.ledger === undefined && found.reported === undefined;
    if (mayBeCopy) elsewhere ??= await allContents(directory, mailboxes);
    const isElsewhere = (sha256: string) => mayBeCopy && elsewhere?.has(contentOf(sha256)) === true;
    const { signal } = options;
    const examined = await examineMailbox(directory, known.mail, found, { signal, progress, isElsewhere }).catch(
      (error: unknown) => {
        if (!(error instanceof MailferryError)) throw error;
        held.push(`${printable(found.path.join("/"))} was left as it is: ${error.message}`);
        return undefined;
      },
    );
    if (examined === undefined) continue;
    await using examination = examined;
    const one = await mendMailbox(directory, known.mail, examination, aside);
    if (one.held !== undefined) held.push(`${printable(found.path.join("/"))} was left as it is: ${one.held}`);
    if (isNews(one)) mended.push(one);
  }
  mended.sort((a, b) => compareMailboxes(a.path, b.path));
  return { mailboxes: mended, aside: aside?.kept ?? [], marker, held };
}

function isNews({ mended, takenIn, putAside, lost, ledger, held }: MendedMailbox): boolean {
  return ledger || held !== undefined || mended + takenIn + putAside + lost.length > 0;
}

/** What a repair or a run that died was writing, under names that only they have. */
async function clearLeftovers(directory: string, format: MailFormat): Promise<void> {
  await makeDirectory(join(directory, "ledger"));
  const folders = [directory, join(directory, "ledger")];
  if (format === "mbox") folders.push(...(await foldersBelow(join(directory, "mbox"))));
  for (const folder of folders) {
    for (const name of await listDirectory(folder)) if (isTemporaryName(name)) await removeFile(join(folder, name));
  }
}

async function foldersBelow(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return undefined;
    throw diskError(error, root);
  });
  if (entries === undefined) return [];
  return [
    root,
    ...entries.filter((entry) => entry.isDirectory()).map(({ parentPath, name }) => join(parentPath, name)),
  ];
}

async function mendMarker(
  directory: string,
  mail: MailFormat,
  { owner, id }: RepairOptions,
  aside: Aside | undefined,
  held: string[],
): Promise<boolean> {
  if (owner === undefined) {
    held.push(
      `${markerName} can't be written anew, since nothing here tells whose mail this is: name a job file that has a job into this folder (-c FILE)`,
    );
    return false;
  }
  if (aside === undefined) return true;
  const marker: Marker = {
    archive: mail === "mbox" && (await hasParts(directory)) ? 2 : 1,
    id: id ?? randomUUID(),
    created: new Date().toISOString(),
    mail,
    account: owner,
  };
  if (await exists(join(directory, markerName))) await aside.keep(markerName);
  await replaceFile(join(directory, markerName), formatMarker(marker));
  return true;
}

/** Of all that the ledgers have, as numbers. */
async function allContents(directory: string, mailboxes: readonly FoundMailbox[]): Promise<Set<number>> {
  const contents = new Set<number>();
  for (const { ledger } of mailboxes) {
    if (ledger === undefined) continue;
    await using known = await readLedger(join(directory, "ledger", ledger)).catch(() => undefined);
    for (const { sha256 } of known?.all() ?? []) contents.add(contentOf(sha256));
  }
  return contents;
}
