// What was found and answered for an address, for the next time: STATE/backups/DIGEST.json

import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { jsonText } from "../formats/json-text.ts";
import { makeDirectory, replaceFile } from "./durable.ts";
import { readText } from "./read-text.ts";

const longest = 16 * 1024;

/** JSON that was read; undefined if there is none, or none that can be read. */
export async function readAnswers(stateDirectory: string, address: string): Promise<unknown> {
  const path = pathOf(stateDirectory, address);
  const size = await stat(path).then(
    (status) => (status.isFile() ? status.size : 0),
    () => 0,
  );
  if (size === 0 || size > longest) return undefined;
  try {
    return JSON.parse((await readText(path)) ?? "");
  } catch {
    return undefined;
  }
}

/** In place of what there is; durable when it resolves. `answers` must be JSON-ready, and hold no secret. */
export async function writeAnswers(stateDirectory: string, address: string, answers: unknown): Promise<void> {
  await makeDirectory(join(stateDirectory, "backups"));
  await replaceFile(pathOf(stateDirectory, address), `${jsonText(answers, 2)}\n`);
}

function pathOf(stateDirectory: string, address: string): string {
  const digest = createHash("sha256").update(address).digest("hex").slice(0, 32);
  return join(stateDirectory, "backups", `${digest}.json`);
}
