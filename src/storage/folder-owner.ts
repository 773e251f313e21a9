// Whose folder it is, where that matters.

import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";

/**
 * Where anybody may make folders, as in /tmp, others may have made this one beforehand, to read what is put into it: rejects
 * with D502. `uid` is the owner of the folder at `path`.
 */
export async function checkOwner(path: string, uid: number): Promise<void> {
  const me = process.geteuid?.();
  if (me === undefined || uid === me || uid === 0) return;
  const { mode } = await stat(dirname(path));
  const isSharedAndSticky = (mode & 0o1002) === 0o1002;
  if (!isSharedAndSticky) return;
  throw new MailferryError(
    "D502",
    `${printable(path)}: another user (${uid}) made it, where anybody may make folders`,
    { scope: "session", retry: "never", remedy: "Choose a folder of your own." },
  );
}
