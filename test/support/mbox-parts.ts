// An mbox in parts, as the file system shows it.

import { existsSync, readFileSync } from "node:fs";
import { partPath } from "../../src/formats/mbox-parts.ts";

/** From_ lines at line starts. */
export function entries(path: string): number {
  return existsSync(path) ? `\n${readFileSync(path, "latin1")}`.split("\nFrom ").length - 1 : 0;
}

/** All the parts that are there, from the first on. */
export function partsOf(path: string): string[] {
  const parts = [path];
  for (let part = 2; existsSync(partPath(path, part)); part++) parts.push(partPath(path, part));
  return parts;
}

export const countIn = (path: string) => partsOf(path).reduce((sum, part) => sum + entries(part), 0);
