// How large a file may become on the disk where it lies.

import { statfsSync } from "node:fs";
import { platform } from "node:os";
import { fileSystemOfType } from "./file-system.ts";

/** A mail program that opens a file as large as may be may want to add a line to a message. */
const margin = 1024 * 1024;

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
  const { largestFile } = fileSystemOfType(type);
  return largestFile === undefined ? Number.POSITIVE_INFINITY : largestFile - margin;
}
