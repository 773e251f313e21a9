// Which log-ins of an account were refused since the last one that was not.
//
//   STATE/accounts/DIGEST/
//     refused-0123456789abcdef.json     what one run was refused with
//
// A file for each, so that runs at the same time, in processes of their own, all count.

import { randomBytes } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { accountFolder } from "./account-folder.ts";
import { makeDirectory, removeFile, replaceFile } from "./durable.ts";
import { namesIn } from "./read-folder.ts";
import { readText } from "./read-text.ts";

const fileName = /^refused-[0-9a-f]{16}\.json$/;
/** Whoever tries by hand, again and again, leaves no more than this. */
const mostKept = 20;
const longest = 4096;

export interface KeptRefusal {
  /** JSON that was read; undefined if the file holds none. */
  readonly record: unknown;
  readonly path: string;
}

/** In no order. */
export async function readRefusals(stateDirectory: string, identity: string): Promise<KeptRefusal[]> {
  const kept: KeptRefusal[] = [];
  for (const path of await refusalFiles(stateDirectory, identity)) {
    const text = await readSmall(path);
    // Another process has had a log-in granted meanwhile.
    if (text !== undefined) kept.push({ record: parse(text), path });
  }
  return kept;
}

/** Durable when it resolves. `record` must be JSON-ready, and short. */
export async function addRefusal(stateDirectory: string, identity: string, record: unknown): Promise<void> {
  const directory = accountFolder(stateDirectory, identity);
  await makeDirectory(directory);
  const before = await refusalFiles(stateDirectory, identity);
  if (before.length >= mostKept) return;
  await replaceFile(join(directory, `refused-${randomBytes(8).toString("hex")}.json`), `${JSON.stringify(record)}\n`);
}

/** Removes these, or all of them. */
export async function forgetRefusals(
  stateDirectory: string,
  identity: string,
  which?: readonly KeptRefusal[],
): Promise<void> {
  const paths = which?.map(({ path }) => path) ?? (await refusalFiles(stateDirectory, identity));
  for (const path of paths) await removeFile(path);
}

async function refusalFiles(stateDirectory: string, identity: string): Promise<string[]> {
  const directory = accountFolder(stateDirectory, identity);
  const names = await namesIn(directory);
  return names.filter((name) => fileName.test(name)).map((name) => join(directory, name));
}

async function readSmall(path: string): Promise<string | undefined> {
  const size = await stat(path).then(
    (status) => (status.isFile() ? status.size : Number.POSITIVE_INFINITY),
    () => 0,
  );
  return size > longest ? "" : readText(path);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
