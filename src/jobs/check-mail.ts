// Before a run writes to a mailbox of an archive: whether ledger and mail are of one age. A ledger that has lost its end
// looks as after a crash, and mail of which a part is gone looks like none.

import { opendir, stat } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, MailferryError } from "../errors.ts";
import { parseUniqueName } from "../formats/maildir.ts";
import { partPath } from "../formats/mbox-parts.ts";
import { printable } from "../formats/printable.ts";
import type { Mailbox } from "../message.ts";
import { Archive } from "../storage/archive.ts";
import { diskError } from "../storage/disk-error.ts";
import type { Ledger } from "../storage/ledger.ts";
import type { LedgerFolder } from "../storage/ledger-folder.ts";
import { readEnd } from "../storage/mbox-end.ts";
import { listReported } from "../storage/reported-paths.ts";

/** Looks once, and says what is missing; the run brings what is new all the same. */
export function mailCheck(book: LedgerFolder, mailbox: Mailbox, say: (reason: string) => void) {
  let isDone = false;
  return async (ledger: Ledger): Promise<void> => {
    const missing = isDone ? 0 : await checkMail(book, mailbox, ledger);
    isDone = true;
    if (missing > 0)
      say(`${missing} of its messages are not in its folder any more; verify --repair brings them again`);
  };
}

/**
 * Throws V901 of scope "mailbox" where the ledger tells of less than an earlier run had, and the mail of the rest is there:
 * to go on would move it aside, or bring it under new names. Resolves to how many messages of the ledger can't be there.
 */
export async function checkMail(book: LedgerFolder, mailbox: Mailbox, ledger: Ledger): Promise<number> {
  if (!(book instanceof Archive)) return 0;
  const { format, path } = book.whereabouts(mailbox);
  // What a repair found lost is not missed once more.
  const reported = (await reportedSize(book, mailbox)) - ledger.losses().length;
  if (format === "mbox") {
    if (ledger.size >= reported) return 0;
    const { part, length } = readEnd(ledger.checkpoint ?? {}) ?? { part: 1, length: 0 };
    const sizes = await Promise.all([part, part + 1].map((each) => sizeOf(partPath(path, each))));
    const [last = 0, next = 0] = sizes;
    if (last > length || next > 0) throw behind(book, mailbox, ledger.size, reported);
    return 0;
  }
  let files = 0;
  for await (const name of namesIn(path)) {
    files++;
    if (ledger.size >= reported) continue;
    const { unique, id } = parseUniqueName(name);
    if (id !== undefined && !ledger.holds({ file: unique })) throw behind(book, mailbox, ledger.size, reported);
  }
  return Math.max(0, ledger.size - files);
}

const known = new WeakMap<Archive, ReturnType<typeof listReported>>();

/** How many messages an earlier run had in it; 0 if no report tells of it. */
async function reportedSize(archive: Archive, { path }: Mailbox): Promise<number> {
  const reports = known.get(archive) ?? listReported(archive.directory);
  known.set(archive, reports);
  return (await reports).get(JSON.stringify(path))?.stored ?? 0;
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** A million names are not held at once. */
async function* namesIn(maildir: string): AsyncGenerator<string, void, undefined> {
  for (const folder of ["cur", "new"]) {
    const path = join(maildir, folder);
    try {
      for await (const { name } of await opendir(path)) if (!name.startsWith(".")) yield name;
    } catch (error) {
      if (error instanceof MailferryError) throw error;
      if (codeOf(error) !== "ENOENT") throw diskError(error, path);
    }
  }
}

function behind({ directory }: Archive, { path }: Mailbox, now: number, before: number): MailferryError {
  const name = printable(path.join("/"));
  return new MailferryError(
    "V901",
    `the ledger of ${name} tells of ${now} messages where an earlier run had ${before}, and the mail of the others is there`,
    {
      scope: "mailbox",
      retry: "never",
      remedy: `mailferry verify ${printable(directory)} --repair takes them in again.`,
    },
  );
}
