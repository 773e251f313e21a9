// All there is to writing so many octets durably: files of their sizes, or one mbox for each mailbox. Nothing is converted.

import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from "node:fs";
import { mkdir, open, rename } from "node:fs/promises";
import { join } from "node:path";

export interface Sizes {
  readonly sizes: readonly number[];
}

/** As a Maildir is delivered to: created in tmp, written, synced, renamed; and the folder synced when all are there. */
export async function writeFiles(root: string, mailboxes: readonly Sizes[]): Promise<void> {
  const source = makeSource();
  const atOnce = 16;
  for (const [index, { sizes }] of mailboxes.entries()) {
    const folder = join(root, `${index}`);
    for (const part of ["tmp", "cur"]) await mkdir(join(folder, part), { recursive: true, mode: 0o700 });
    let next = 0;
    const work = async () => {
      for (let number = next++; number < sizes.length; number = next++) {
        const file = await open(join(folder, "tmp", `${number}`), "wx", 0o600);
        await file.writeFile(source.subarray(0, sizes[number]));
        await file.sync();
        await file.close();
        await rename(join(folder, "tmp", `${number}`), join(folder, "cur", `${number}`));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    const directory = await open(join(folder, "cur"));
    await directory.sync();
    await directory.close();
  }
}

/** With one fsync for every 16 MB, and one at the end. */
export function writeMboxes(root: string, mailboxes: readonly Sizes[]): void {
  const source = makeSource();
  const octetsPerSync = 16 * 1024 * 1024;
  mkdirSync(root, { recursive: true, mode: 0o700 });
  for (const [index, { sizes }] of mailboxes.entries()) {
    const file = openSync(join(root, `${index}.mbox`), "wx", 0o600);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    let sinceSync = 0;
    for (let written = 0; written < total; ) {
      const count = writeSync(file, source, 0, Math.min(1024 * 1024, total - written));
      written += count;
      sinceSync += count;
      if (sinceSync < octetsPerSync && written < total) continue;
      fsyncSync(file);
      sinceSync = 0;
    }
    closeSync(file);
  }
}

/** As large as the largest message, and none of it zero: holes and zero pages cost less than mail. */
function makeSource(): Buffer {
  return Buffer.alloc(6 * 1024 * 1024, "Subject: mail, as far as a disk can tell\n");
}
