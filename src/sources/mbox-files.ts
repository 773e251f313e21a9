// mbox files that mailferry did not write, as a source: one file, or all that lie in a folder. Read alone: no lock is
// taken and nothing is marked.
//
// What a file can't tell: whether its last lines are of the message or were added by the program that wrote it (the last
// line end is kept, one empty line before the next From_ line is not); whether a message with LF came with LF (where all
// its lines end so it is given CRLF, as it had on its way); what mboxo quoting was (a notice says where); the time zone of
// a From_ line without one (taken for UTC).

import type { LocalSourceOptions } from "./local.ts";
import { openLocalSource } from "./local-tree.ts";
import { openMboxReader } from "./mbox-reader.ts";
import { findMboxFiles } from "./mbox-tree.ts";
import type { Source } from "./source.ts";

/**
 * The mbox file at `path`, or the mbox files below that folder. Throws S602, of scope "session" if there is no mail at
 * all, of scope "mailbox" for a file that can't be read: the others go on.
 */
export function openMboxFiles(path: string, options: LocalSourceOptions = {}): Source {
  return openLocalSource(path, { find: findMboxFiles, open: openMboxReader }, options);
}
