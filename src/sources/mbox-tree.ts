// Which files below a folder are mbox files, and what their mailboxes are called. The layouts of Dovecot and mutt (plain
// folders), Thunderbird (`Name` beside `Name.sbd/`), Apple Mail (`Name.mbox/mbox`) and of our own archives are read alike.
// Each further file of an mbox of ours is a mailbox of its own: `INBOX 2`.

import type { Dirent } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { parseMboxName } from "../formats/mailbox-names.ts";
import { parsePartPath, partPath } from "../formats/mbox-parts.ts";
import { decodeMutf7 } from "../formats/mutf7.ts";
import { partsBehind } from "../storage/mbox-end.ts";
import { joinRaw, openRegular, type RawPath, readError, readNames, someOf, textOf } from "./local.ts";
import { deepest, type Found, FoundMailboxes, noMail, tooDeep } from "./local-tree.ts";
import type { SourceNotice } from "./source.ts";

const from_ = Buffer.from("From ");

/** `root` is an mbox file or a folder. Throws S602 of scope "session" if it can't be read or holds no mail. */
export async function findMboxFiles(
  root: string,
  signal: AbortSignal | undefined,
  notice: (notice: SourceNotice) => void,
): Promise<FoundMailboxes> {
  const raw = Buffer.from(root);
  const status = await stat(raw).catch((error: unknown) => {
    throw readError(error, raw, "session");
  });
  const mailboxes = new FoundMailboxes();
  if (!status.isDirectory()) {
    const at = await realpath(root).catch((error: unknown) => {
      throw readError(error, raw, "session");
    });
    const parts = parsePartPath(at) === undefined ? await partsBehind(at, 1) : [];
    for (const part of [1, ...parts]) {
      const { parents, names } = namesOf(dirname(root), [basename(partPath(root, part))]);
      mailboxes.add(parents, names, { at: Buffer.from(partPath(at, part)) });
    }
    return mailboxes;
  }
  const passedOver = await walk(root, mailboxes, signal);
  if (mailboxes.size === 0) throw noMail(root, "mbox file");
  if (passedOver.length > 0) {
    const reason = `passed over, since they are no mbox files: ${someOf(passedOver.sort())}`;
    notice({ code: "S602", mailbox: [], reason });
  }
  return mailboxes;
}

/** Adds what it finds; returns what is no mailbox, relative to the root. */
async function walk(root: string, mailboxes: FoundMailboxes, signal: AbortSignal | undefined): Promise<string[]> {
  const passedOver: string[] = [];
  const folders: { readonly raw: RawPath; readonly segments: readonly string[] }[] = [
    { raw: Buffer.from(root), segments: [] },
  ];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const { raw, segments } = folder;
    let entries: Dirent<Buffer>[];
    try {
      entries = await readNames(raw);
    } catch (error) {
      if (segments.length === 0) throw readError(error, raw, "session");
      const { parents, names } = namesOf(root, segments);
      mailboxes.add(parents, names, { error: readError(error, raw, "mailbox") });
      continue;
    }
    const inner: typeof folders = [];
    for (const entry of entries) {
      signal?.throwIfAborted();
      const at = joinRaw(raw, entry.name);
      const inside = [...segments, textOf(entry.name)];
      const found = await lookAt(entry, at, inside.length);
      if (found === "folder") inner.push({ raw: at, segments: inside });
      else if (found === "other") passedOver.push(inside.join("/"));
      else if (found !== "nothing") {
        const { parents, names } = namesOf(root, inside);
        mailboxes.add(parents, names, found);
      }
    }
    // Taken from the end: in the order of the names, then.
    for (const each of inner.reverse()) folders.push(each);
  }
  return passedOver;
}

/** A mailbox, a folder to be looked into, something else, or nothing that is worth a word. */
async function lookAt(
  entry: Dirent<Buffer>,
  at: RawPath,
  depth: number,
): Promise<Found | "folder" | "other" | "nothing"> {
  const name = textOf(entry.name);
  if (entry.isSymbolicLink() || name.startsWith(".")) return "other";
  if (entry.isDirectory()) return depth > deepest ? { error: tooDeep(at) } : "folder";
  // Thunderbird's index of the mbox beside it.
  if (/\.msf$/i.test(name)) return "nothing";
  if (!entry.isFile() || /\.lock$/i.test(name)) return "other";
  try {
    const beginning = await readBeginning(at);
    if (beginning.length === 0) return /\.mbox$/i.test(name) ? { at } : "nothing";
    return beginning.equals(from_) ? { at } : "other";
  } catch (error) {
    return { error: readError(error, at, "mailbox") };
  }
}

async function readBeginning(at: RawPath): Promise<Buffer> {
  const handle = await openRegular(at);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(from_.length), 0, from_.length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** What the mailbox of a file may be called: its parents, and its own names, the best first. */
function namesOf(root: string, segments: readonly string[]): { parents: readonly string[]; names: readonly string[] } {
  const file = segments.at(-1) ?? basename(root);
  const ours = parseMboxName(segments.join("/"))?.path;
  if (ours !== undefined) return { parents: ours.slice(0, -1), names: [ours.at(-1) ?? "", file] };
  const further = parsePartPath(file);
  if (further !== undefined) {
    const { parents, names } = namesOf(root, [...segments.slice(0, -1), further.first]);
    return { parents, names: [`${names[0]} ${further.part}`, file] };
  }
  const folders = segments.slice(0, -1).map((folder) => decoded(folder.replace(/\.(?:sbd|mbox)$/i, "")));
  const above = segments.at(-2) ?? basename(root);
  if (file === "mbox" && /.\.mbox$/i.test(above)) {
    const name = decoded(above.replace(/\.mbox$/i, ""));
    return { parents: folders.slice(0, -1), names: [name, above] };
  }
  const name = decoded(file.replace(/(?<=.)\.mbox$/i, ""));
  if (segments.length === 1 && name === "mbox") return { parents: [], names: ["INBOX", file] };
  return { parents: folders, names: [name, file] };
}

/** Dovecot's file names are modified UTF-7. */
function decoded(name: string): string {
  return decodeMutf7(name) ?? name;
}
