// Puts a corpus into an account of Dovecot's as files: no tool under test has a part in it, and it takes seconds.

import { chownSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CorpusMailbox } from "./corpus.ts";
import type { CorpusMessage } from "./message.ts";

export interface Mail {
  readonly mailboxes: readonly { readonly name: string; readonly sizes: readonly number[] }[];
  readonly messages: number;
  /** As they travel, with CRLF. */
  readonly octets: number;
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** The Maildir must not be there yet. `sizes` in what is returned are those of the files, with LF. */
export function fill(maildir: string, owner: Owner, mailboxes: readonly CorpusMailbox[]): Mail {
  let octets = 0;
  const makeFolder = (path: string) => {
    mkdirSync(path, { mode: 0o700 });
    chownSync(path, owner.uid, owner.gid);
  };
  makeFolder(maildir);
  const filled = mailboxes.map(({ name, messages }) => {
    const folder = name === "INBOX" ? maildir : join(maildir, `.${name.replaceAll("/", ".")}`);
    if (folder !== maildir) makeFolder(folder);
    for (const part of ["cur", "new", "tmp"]) makeFolder(join(folder, part));
    const sizes: number[] = [];
    for (const message of messages) {
      const wireSize = message.bytes.length + countLineFeeds(message.bytes);
      const path = join(folder, "cur", fileName(message, sizes.length, wireSize));
      writeFileSync(path, message.bytes, { mode: 0o600 });
      chownSync(path, owner.uid, owner.gid);
      utimesSync(path, message.internalDate, message.internalDate);
      octets += wireSize;
      sizes.push(message.bytes.length);
    }
    return { name, sizes };
  });
  return { mailboxes: filled, messages: filled.reduce((sum, { sizes }) => sum + sizes.length, 0), octets };
}

/** Dovecot believes S= (octets of the file) and W= (with CRLF), and need not read the file to tell its size. */
function fileName(message: CorpusMessage, index: number, wireSize: number): string {
  const seconds = Math.floor(message.internalDate.getTime() / 1000);
  return `${seconds}.M${index}.bench,S=${message.bytes.length},W=${wireSize}:2,${message.flags}`;
}

function countLineFeeds(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) count += 1;
  return count;
}
