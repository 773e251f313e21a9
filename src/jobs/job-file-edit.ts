// Adds to a job file on disk: first the whole text as it will be, checked, for a person to look at; then the writing.

import { realpath, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { printable } from "../formats/printable.ts";
import type { Language } from "../language/language.ts";
import { texts } from "../language/texts.ts";
import { exists, makeDirectory, replaceFile } from "../storage/durable.ts";
import { readText } from "../storage/read-text.ts";
import type { LoadedJobFile } from "./job.ts";
import { type Addition, addToText, newJobFileText } from "./job-file-text.ts";
import { loadJobFile, parseJobFile } from "./load.ts";
import { JobFileError } from "./mistakes.ts";
import { jobFileJsonSchema } from "./schema.ts";

export interface JobFilePlan {
  /** As it was given. */
  readonly path: string;
  readonly isNew: boolean;
  /** The whole of it. */
  readonly text: string;
  /** The lines that are new: of a new file all. */
  readonly added: readonly string[];
  /** What the text comes to. */
  readonly loaded: LoadedJobFile;
  /** As it was read; undefined if there was none. */
  readonly before: string | undefined;
}

/**
 * What a job file would be with this added; nothing is written. Rejects with a JobFileError if what is there can't be used,
 * or has the names already (`freeName` finds others). A new file must get a job, too: without one it is none.
 */
export async function planJobFile(path: string, addition: Addition, language: Language): Promise<JobFilePlan> {
  const before = await readText(path);
  // With its permissions, too.
  if (before !== undefined) await loadJobFile(path, {});
  const say = headingTexts.in(language);
  const text =
    before === undefined ? newJobFileText(addition, [say("first"), say("second")]) : addToText(before, addition);
  const loaded = await parseJobFile(text, path, {});
  return { path, isNew: before === undefined, text, added: addedLines(before, text), loaded, before };
}

/** Writes what was planned, durably, with the schema for editors beside a new file. Rejects where the file is no longer as it was read. */
export async function writeJobFile({ path, text, before }: JobFilePlan): Promise<void> {
  if ((await readText(path)) !== before) {
    throw new JobFileError(path, [], {
      message: `${printable(path)} has changed meanwhile, and was left as it is`,
      remedy: "Run the same command again.",
    });
  }
  if (before !== undefined) {
    // A link stays one, and a file that others may read stays so.
    const file = await realpath(path);
    const { mode } = await stat(file);
    await replaceFile(file, text, mode & 0o777);
    return;
  }
  await makeDirectory(dirname(path));
  await writeSchemaBeside(path);
  await replaceFile(path, text);
}

/** Writes a whole new job file, and the schema beside it unless there is one already. The text must be valid. */
export async function writeNewJobFile(path: string, text: string): Promise<{ readonly hasSchema: boolean }> {
  await parseJobFile(text, path, {});
  await makeDirectory(dirname(path));
  const hasSchema = !(await writeSchemaBeside(path));
  await replaceFile(path, text);
  return { hasSchema };
}

/** Writes the job file's schema beside it, for editors. False if there is one already. */
export async function writeSchemaBeside(jobFile: string): Promise<boolean> {
  const path = schemaBeside(jobFile);
  if (await exists(path)) return false;
  await replaceFile(path, `${JSON.stringify(jobFileJsonSchema(), null, 2)}\n`, 0o644);
  return true;
}

export function schemaBeside(jobFile: string): string {
  return join(dirname(jobFile), "mailferry.schema.json");
}

/** The name itself, or with the first number behind it that nobody has. */
export function freeName(wanted: string, taken: Iterable<string>): string {
  const known = new Set(taken);
  for (let number = 2, name = wanted; ; number++) {
    if (!known.has(name)) return name;
    name = `${wanted}-${number}`;
  }
}

/** A name for an account or a job: the local part of the address, or the first part of the server's name. */
export function suggestName(user: string, host: string): string {
  const [local = ""] = user.split("@");
  const plain = local.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^-+|-+$/g, "");
  return plain === "" ? (host.split(".").at(-2) ?? "mail") : plain.slice(0, 60);
}

/** Lines of `after` that are not in `before` at their place; a file that was written anew as a whole gives all that differ. */
function addedLines(before: string | undefined, after: string): readonly string[] {
  const lines = after.trimEnd().split(/\r?\n/);
  if (before === undefined) return lines;
  const old = new Map<string, number>();
  for (const line of before.split(/\r?\n/)) old.set(line, (old.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const left = old.get(line) ?? 0;
    if (left > 0) old.set(line, left - 1);
    return left === 0;
  });
}

const headingTexts = texts(
  {
    first: "Which mail is backed up, and where to. Passwords never stand in this file.",
    second: "jobs.example.yaml shows every key, mailferry config check every mistake.",
  },
  {
    first: "Quel courrier est sauvegardé, et où. Jamais de mot de passe dans ce fichier.",
    second: "jobs.example.yaml montre chaque clé, mailferry config check chaque erreur.",
  },
);
