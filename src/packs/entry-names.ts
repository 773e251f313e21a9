// The names that a pack may hold, and no others: what a pack is unpacked to lies where an archive has it, and nowhere else.

import { parseUniqueName } from "../formats/maildir.ts";

export type EntryKind = "marker" | "ledger" | "folder" | "message" | "mbox" | "other";

export interface EntryName {
  readonly kind: EntryKind;
  /** The same for all names under which a message may lie: a mail reader changes the rest of its name. */
  readonly key: string;
}

export const markerEntry = "mailferry.json";
export const ledgerFolder = "ledger/";

/** Octets, more than an archive ever needs. */
const longestName = 4096;

const ledger = /^ledger\/(?!\.)[^/]+\.jsonl$/;
const mbox = /^mbox\/(?:(?!\.{1,2}\/)[^/]+\/)*[^/]+\.mbox$/;
/** `maildir/`, or a Maildir++ folder in it. */
const maildir = String.raw`^maildir\/(?:(?!\.{1,2}\/)\.[^/]+\/)?`;
const folder = new RegExp(`${maildir}(?:cur|new|tmp)/$`);
const message = new RegExp(`(${maildir})(?:cur|new)/([^/]+)$`);
const other = new RegExp(`${maildir}(?:dovecot-keywords|maildirfolder|subscriptions)$`);

/** Undefined for a name that no pack may hold. */
export function parseEntryName(name: string): EntryName | undefined {
  // Packing programs take a backslash for a slash.
  if (/[\u0000-\u001f\u007f\\\ufffd]/.test(name) || Buffer.byteLength(name) > longestName) return undefined;
  if (name === markerEntry) return { kind: "marker", key: name };
  if (ledger.test(name)) return { kind: "ledger", key: name };
  const [, path = "", file] = message.exec(name) ?? [];
  if (file !== undefined) {
    const isName = file !== "." && file !== "..";
    return isName ? { kind: "message", key: messageKey(path, parseUniqueName(file).unique) } : undefined;
  }
  if (mbox.test(name)) return { kind: "mbox", key: name };
  if (folder.test(name)) return { kind: "folder", key: name };
  return other.test(name) ? { kind: "other", key: name } : undefined;
}

/** `folder` is that of the Maildir in the pack, with its slash. */
export function messageKey(folder: string, unique: string): string {
  return `${folder}*/${unique}`;
}
