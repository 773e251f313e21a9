// Which jobs have packs in which folder, remembered outside of it: an empty mount point where packs were is a disk that
// isn't plugged in, not a new place for them.

import { createHash } from "node:crypto";
import { join } from "node:path";
import { MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import type { PackFolder } from "../packs/pack-folder.ts";
import { exists, makeDirectory, replaceFile } from "../storage/durable.ts";

/** Rejects with D502 if the job had packs here and nothing of them is here any more. */
export async function checkPacksStillThere(stateDirectory: string | undefined, folder: PackFolder): Promise<void> {
  const { directory, memory, packs } = folder;
  if (stateDirectory === undefined || memory !== undefined || packs.length > 0) return;
  const path = pathOf(stateDirectory, folder);
  if (!(await exists(path))) return;
  throw new MailferryError("D502", `${printable(directory)}: the packs that were here are gone`, {
    scope: "session",
    retry: "later",
    remedy: `Plug in or mount the disk; if you removed the packs on purpose, remove ${printable(path)} too.`,
  });
}

/** Called once something of the job lies in the folder. */
export async function rememberPackFolder(stateDirectory: string | undefined, folder: PackFolder): Promise<void> {
  if (stateDirectory === undefined) return;
  const path = pathOf(stateDirectory, folder);
  if (await exists(path)) return;
  await makeDirectory(join(stateDirectory, "packs"));
  const { directory, owner } = folder;
  await replaceFile(path, `${JSON.stringify({ directory, job: owner.job })}\n`);
}

function pathOf(stateDirectory: string, { directory, owner }: PackFolder): string {
  const identity = JSON.stringify([directory, owner.job, owner.archive ?? ""]);
  return join(stateDirectory, "packs", `${createHash("sha256").update(identity).digest("hex").slice(0, 32)}.json`);
}
