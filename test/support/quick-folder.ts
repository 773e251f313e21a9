// A new folder in memory, where the system has such: for tests that write much, and are not about the disk.

import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";

const folders: string[] = [];

/** Removed after the test. */
export function quickFolder(): string {
  const folder = mkdtempSync(join(inMemory() ?? tmpdir(), "mailferry-test-"));
  folders.push(folder);
  return folder;
}

function inMemory(): string | undefined {
  try {
    accessSync("/dev/shm", constants.W_OK);
    return "/dev/shm";
  } catch {
    return undefined;
  }
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
