// Maildirs that mailferry did not write, as a source. Nothing in them is touched: messages in `new` stay there.
//
// What a file can't tell: whether a message with LF came with LF. Where all its lines end so it is given CRLF, as it had
// on its way; any other is taken as it is.

import type { LocalSourceOptions } from "./local.ts";
import { openLocalSource } from "./local-tree.ts";
import { openMaildirReader } from "./maildir-reader.ts";
import { findMaildirs } from "./maildir-tree.ts";
import type { Source } from "./source.ts";

/**
 * The Maildir at `path` with its Maildir++ folders, and the Maildirs in folders below it. Throws S602, of scope "session"
 * if there is none, of scope "mailbox" for a folder that can't be read: the others go on.
 */
export function openMaildirFolders(path: string, options: LocalSourceOptions = {}): Source {
  return openLocalSource(path, { find: findMaildirs, open: openMaildirReader }, options);
}
