// What a file operation that failed means, in plain words.

import { constants } from "node:os";
import { codeOf, type ErrorCode, MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import { describeFree } from "./free-space.ts";

const makeRoom = "Make room and run the same command again.";
const fewerFiles = "Raise the limit of open files (ulimit -n), or lower concurrency and connections in the job file.";
const otherFolder = "Change the folder's permissions, or choose another folder.";

const rows: readonly (readonly [name: string, code: ErrorCode, words: string, remedy: string])[] = [
  ["ENOSPC", "D501", "the disk is full", makeRoom],
  ["EDQUOT", "D501", "the disk quota is used up", makeRoom],
  [
    "EFBIG",
    "D503",
    "the file system can't hold a file this large",
    "Choose a disk whose file system can, such as exFAT, NTFS or ext4 (FAT32 ends at 4 GiB).",
  ],
  ["EROFS", "D502", "the file system is read-only", "Mount it for writing, or choose another folder."],
  ["EACCES", "D502", "permission denied", otherFolder],
  ["EPERM", "D502", "operation not permitted", otherFolder],
  ["ENOENT", "D502", "it is not there", "Check the path, and that the disk is plugged in."],
  ["ENOTDIR", "D502", "a part of the path is not a folder", "Choose another folder."],
  ["EIO", "D502", "the disk reported an input/output error", "Check the disk before anything else."],
  ["ENAMETOOLONG", "D504", "the name is too long for the file system", "Choose a shorter path."],
  ["EMFILE", "D502", "this program has too many files open", fewerFiles],
  ["ENFILE", "D502", "the system has too many files open", fewerFiles],
  [
    "ESTALE",
    "D502",
    "the network file system does not know it any more",
    "Mount it anew and run the same command again.",
  ],
  ["ENODEV", "D502", "the disk is gone", "Check that the disk is plugged in."],
  ["ENXIO", "D502", "the disk is gone", "Check that the disk is plugged in."],
  ["ELOOP", "D502", "it is a symbolic link", "Archives are never written through links: remove it."],
];

/** What is asked of a name. */
const naming: ReadonlySet<unknown> = new Set(["open", "rename", "mkdir", "link", "symlink"]);
const noSuchNames = {
  code: "D504",
  words: "the file system takes no such name",
  remedy:
    "FAT and exFAT take no ':', which the files of a Maildir have in their names: choose format mbox, or a disk with another file system, such as ext4 or NTFS.",
} as const;

const causes = new Map(rows.map(([name, code, words, remedy]) => [name, { code, words, remedy }]));

/**
 * The error of a file operation, with the path, and the octet where it was one of reading; scope "session", since the whole
 * destination is in doubt. Of a full disk it tells how much is free.
 */
export function diskError(error: unknown, path: string, offset?: number): MailferryError {
  if (error instanceof MailferryError) return error;
  const name = nameOf(error) ?? "unknown error";
  const isOfName = name === "EINVAL" && naming.has((error as { readonly syscall?: unknown }).syscall);
  const { code, words, remedy } = (isOfName ? noSuchNames : causes.get(name)) ?? {
    code: "D502",
    words: "the operation failed",
    remedy: "Check the disk and the path.",
  };
  const where = offset === undefined ? printable(path) : `${printable(path)}, octet ${offset}`;
  const message = `${where}: ${words} (${name})${code === "D501" ? describeFree(path) : ""}`;
  return new MailferryError(code, message, { scope: "session", retry: "never", remedy, cause: error });
}

/** Node has no names for some errors of the system, EDQUOT and ESTALE among them: it gives the number in place of one. */
function nameOf(error: unknown): string | undefined {
  const code = codeOf(error);
  const [, number] = /^Unknown system error -(\d+)$/.exec(code ?? "") ?? [];
  if (number === undefined) return code;
  return Object.entries(constants.errno).find(([, errno]) => errno === Number(number))?.[0] ?? `error ${number}`;
}
