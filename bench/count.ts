// Counts the messages on disk, whoever wrote them.

import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";

/** In all Maildirs at or below a folder. */
export async function countMaildir(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && ["cur", "new"].includes(basename(entry.parentPath))).length;
}

/** In all files below a folder whose name ends in `.mbox`; every writer here quotes From_ lines in bodies. */
export async function countMboxes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  let messages = 0;
  for (const entry of entries) {
    if (entry.isFile() && entry.name.endsWith(".mbox")) messages += await countMbox(join(entry.parentPath, entry.name));
  }
  return messages;
}

async function countMbox(path: string): Promise<number> {
  const fromLine = "\nFrom ";
  let messages = 0;
  // A line end before the first line, so that it counts like the others.
  let rest: Buffer = Buffer.from("\n");
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    const data: Buffer = Buffer.concat([rest, chunk]);
    for (let at = data.indexOf(fromLine); at !== -1; at = data.indexOf(fromLine, at + 1)) messages += 1;
    rest = data.subarray(Math.max(0, data.length - fromLine.length + 1));
  }
  return messages;
}
