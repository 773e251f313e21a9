// What a file operation that failed means, in plain words.

import { codeOf, type ErrorCode, MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";

const makeRoom = "Make room and run the same command again.";
const otherFolder = "Change the folder's permissions, or choose another folder.";

const rows: readonly (readonly [name: string, code: ErrorCode, words: string, remedy: string])[] = [
  ["ENOSPC", "D501", "the disk is full", makeRoom],
  ["EDQUOT", "D501", "the disk quota is used up", makeRoom],
  ["EFBIG", "D503", "the file system can't hold a file this large", "Use the maildir format."],
  ["EROFS", "D502", "the file system is read-only", "Mount it for writing, or choose another folder."],
  ["EACCES", "D502", "permission denied", otherFolder],
  ["EPERM", "D502", "operation not permitted", otherFolder],
  ["ENOENT", "D502", "it is not there", "Check the path, and that the disk is plugged in."],
  ["ENOTDIR", "D502", "a part of the path is not a folder", "Choose another folder."],
  ["EIO", "D502", "the disk reported an input/output error", "Check the disk before anything else."],
  ["ENAMETOOLONG", "D504", "the name is too long for the file system", "Choose a shorter path."],
  ["ELOOP", "D502", "it is a symbolic link", "Archives are never written through links: remove it."],
];

const causes = new Map(rows.map(([name, code, words, remedy]) => [name, { code, words, remedy }]));

/** The error of a file operation, with the path; scope "session", since the whole destination is in doubt. */
export function diskError(error: unknown, path: string): MailferryError {
  if (error instanceof MailferryError) return error;
  const name = codeOf(error) ?? "unknown error";
  const { code, words, remedy } = causes.get(name) ?? {
    code: "D502",
    words: "the operation failed",
    remedy: "Check the disk and the path.",
  };
  const message = `${printable(path)}: ${words} (${name})`;
  return new MailferryError(code, message, { scope: "session", retry: "never", remedy, cause: error });
}
