// How large a file may become on the disk where it lies.

import { statfsSync } from "node:fs";
import { platform } from "node:os";

/** MSDOS_SUPER_MAGIC of linux/magic.h: FAT of any width. exFAT is another, and knows no such limit. */
const fat = 0x4d44;
/** FAT32 holds files of up to 4 GiB less one octet. A mail program that opens one may want to add a line to a message. */
const largestOnFat = 2 ** 32 - 1 - 1024 * 1024;

/** Octets. Infinity where the system does not tell of a limit: then the write that goes beyond it does (EFBIG). */
export function largestFile(directory: string): number {
  // Elsewhere these numbers mean other file systems, or none.
  if (platform() !== "linux") return Number.POSITIVE_INFINITY;
  try {
    return limitOf(statfsSync(directory).type);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** By its number in statfs(2) of Linux. */
export function limitOf(type: number): number {
  return type === fat ? largestOnFat : Number.POSITIVE_INFINITY;
}
