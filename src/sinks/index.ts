import { dirname, join, relative } from "node:path";
import { maildirName } from "../formats/mailbox-names.ts";
import { parseUniqueName } from "../formats/maildir.ts";
import type { Mailbox } from "../message.ts";
import type { Archive } from "../storage/archive.ts";
import { makeDirectory } from "../storage/durable.ts";
import type { Whereabouts } from "../storage/intact.ts";
import { refuseLinks } from "../storage/no-links.ts";
import { namesIn } from "../storage/read-folder.ts";
import { openStoredAt, StoredMailboxes } from "../storage/stored.ts";
import { openMaildirWriter } from "./maildir.ts";
import { type MboxOptions, openMboxWriter } from "./mbox.ts";
import type { Sink } from "./sink.ts";
import { unheardOf } from "./unheard-of.ts";

/** The sink that writes an archive's mail, in the archive's format. `fileLimit` is that of an mbox, if not the disk's. */
export function openSink(archive: Archive, { fileLimit }: Pick<MboxOptions, "fileLimit"> = {}): Sink {
  const options = { fileLimit, admitParts: () => archive.admitParts() };
  const open: Sink["open"] = async (mailbox, since) => {
    const path = archive.mailPath(mailbox);
    await refuseLinks(archive.mailRoot, relative(archive.mailRoot, path));
    if (archive.marker.mail === "mbox") return openMboxWriter(path, since, options);
    if (since === undefined) await refuseUnknown(path);
    return openMaildirWriter(path, path === archive.mailRoot, since);
  };
  return withStored(open, (mailbox) => archive.whereabouts(mailbox));
}

/** A Maildir of its own, with a Maildir++ folder for each mailbox but INBOX. */
export function openMaildirSink(directory: string): Sink {
  const pathOf = ({ path }: Mailbox) => join(directory, maildirName(path));
  return withStored(
    async (mailbox, since) => {
      await makeDirectory(directory);
      await refuseLinks(directory, maildirName(mailbox.path));
      return openMaildirWriter(pathOf(mailbox), maildirName(mailbox.path) === "", since);
    },
    (mailbox) => ({ format: "maildir", path: pathOf(mailbox) }),
  );
}

/** One mbox, by its first file; whatever mailbox is opened is written to it. */
export function openMboxSink(file: string, options: Pick<MboxOptions, "fileLimit"> = {}): Sink {
  return withStored(
    async (_mailbox, since) => {
      await makeDirectory(dirname(file));
      return openMboxWriter(file, since, options);
    },
    () => ({ format: "mbox", path: file }),
  );
}

/** A Maildir with mail of ours has had a ledger: to begin anew would leave out of it what is not at the source any more. */
async function refuseUnknown(path: string): Promise<void> {
  for (const folder of ["cur", "new"]) {
    const names = await namesIn(join(path, folder));
    if (names.some((name) => parseUniqueName(name).id !== undefined)) throw unheardOf(path, "folder");
  }
}

function withStored(open: Sink["open"], whereabouts: (mailbox: Mailbox) => Whereabouts): Sink {
  const stored = new StoredMailboxes((mailbox) => openStoredAt(whereabouts(mailbox)));
  return {
    open,
    read: (mailbox, place) => stored.read(mailbox, place),
    whereabouts,
    [Symbol.asyncDispose]: () => stored[Symbol.asyncDispose](),
  };
}
