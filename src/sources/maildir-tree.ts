// Which folders below a folder are Maildirs, and what their mailboxes are called: Maildir++ (`.Name.Sub`, in modified
// UTF-7 or in UTF-8), plain folders (Dovecot's LAYOUT=fs), and our own archives.

import { stat } from "node:fs/promises";
import { parseMaildirName } from "../formats/mailbox-names.ts";
import { decodeMutf7 } from "../formats/mutf7.ts";
import { joinRaw, type RawPath, readError, readNames, someOf, textOf } from "./local.ts";
import { deepest, FoundMailboxes, noMail, tooDeep } from "./local-tree.ts";
import type { SourceNotice } from "./source.ts";

interface Folder {
  readonly raw: RawPath;
  /** Of the mailbox; empty for the root. */
  readonly path: readonly string[];
  /** Relative to the root. */
  readonly name: string;
  readonly depth: number;
}

/** Throws S602 of scope "session" if `root` can't be read or holds no Maildir. */
export async function findMaildirs(
  root: string,
  signal: AbortSignal | undefined,
  notice: (notice: SourceNotice) => void,
): Promise<FoundMailboxes> {
  const raw = Buffer.from(root);
  const status = await stat(raw).catch((error: unknown) => {
    throw readError(error, raw, "session");
  });
  if (!status.isDirectory()) throw noMail(root, "Maildir");
  const mailboxes = new FoundMailboxes();
  const passedOver: string[] = [];
  const folders: Folder[] = [{ raw, path: [], name: "", depth: 0 }];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    signal?.throwIfAborted();
    const names = await readNames(folder.raw).catch((error: unknown) => readError(error, folder.raw, "mailbox"));
    if (names instanceof Error) {
      if (folder.depth === 0) throw readError(names.cause, raw, "session");
      add(mailboxes, folder, { error: names });
      continue;
    }
    const isMaildir = names.some((entry) => /^(?:cur|new)$/.test(textOf(entry.name)) && entry.isDirectory());
    if (isMaildir) add(mailboxes, folder, { at: folder.raw });
    else if (folder.name.split("/").at(-1)?.startsWith(".")) {
      passedOver.push(folder.name);
      continue;
    }
    // Taken from the end: in the order of the names, then.
    for (const entry of names.reverse()) {
      const name = textOf(entry.name);
      const inside = folder.name === "" ? name : `${folder.name}/${name}`;
      if (entry.isSymbolicLink()) passedOver.push(inside);
      if (!entry.isDirectory() || /^(?:cur|new|tmp)$/.test(name)) continue;
      const at = joinRaw(folder.raw, entry.name);
      const path = [...folder.path, ...(name.startsWith(".") ? maildirPath(name) : [decodeMutf7(name) ?? name])];
      const found: Folder = { raw: at, path, name: inside, depth: folder.depth + 1 };
      if (found.depth > deepest) add(mailboxes, found, { error: tooDeep(at) });
      else folders.push(found);
    }
  }
  if (mailboxes.size === 0) throw noMail(root, "Maildir");
  if (passedOver.length > 0) {
    const reason = `passed over, since they are links or no Maildirs: ${someOf(passedOver.sort())}`;
    notice({ code: "S602", mailbox: [], reason });
  }
  return mailboxes;
}

function add(mailboxes: FoundMailboxes, { path }: Folder, found: Parameters<FoundMailboxes["add"]>[2]): void {
  if (path.length === 0) mailboxes.add([], ["INBOX"], found);
  else mailboxes.add(path.slice(0, -1), [path.at(-1) ?? ""], found);
}

/** Of a Maildir++ folder's name, which begins with a dot. */
function maildirPath(name: string): readonly string[] {
  const ours = parseMaildirName(name)?.path;
  if (ours !== undefined) return ours;
  return (decodeMutf7(name) ?? name).slice(1).split(".");
}
