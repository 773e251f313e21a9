// mailferry __complete: what the scripts of the shells call while a line is typed. Fast, silent and without effect: what can't
// be found out is not offered.
//
//   __complete -- bash LINE                        the line up to the cursor
//   __complete -- SHELL =CURRENT BEFORE…           words
//
// A line of output is a candidate, a tab and what it means; the last may be `:files`, for files too.

import { open } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import { exitCodes } from "../../errors.ts";
import { printable } from "../../formats/printable.ts";
import type { Invocation } from "../invocation.ts";
import { findJobFile } from "../job-file.ts";
import { type Candidate, candidatesFor } from "./candidates.ts";
import { typedLine, typedWords } from "./words.ts";

export async function complete(
  [shell = "", ...rest]: readonly string[],
  program: Command,
  invocation: Invocation,
): Promise<number> {
  const typed = shell === "bash" ? typedLine(rest[0] ?? "") : typedWords(rest);
  const names = (kind: "job" | "account", config: string | undefined) => namesIn(kind, config, invocation);
  const { list, files, prefix } = await candidatesFor(typed, program, names);
  // bash takes `=` for the end of a word.
  const before = shell === "bash" ? "" : prefix;
  const lines = list
    // In a word that is quoted already, nothing that means something to a shell.
    .filter(({ value }) => isFit(value) && (!typed.isQuoted || /^[\w@%+=:,./-]+$/.test(value)))
    .map(({ value, description }) => `${before}${value}\t${printable(description)}\n`);
  await invocation.screen.out(lines.join("") + (files ? ":files\n" : ""));
  return exitCodes.ok;
}

const longestName = 200;

/** One line, nothing that could steer a terminal, and no option. `:` at the start is this command's own. */
function isFit(value: Candidate["value"]): boolean {
  return value !== "" && value.length <= longestName && printable(value) === value && !/^:/.test(value);
}

const longestFile = 256 * 1024;

/** As the job file has them, however broken it is; those that would be taken for an option are left out. */
async function namesIn(kind: "job" | "account", config: string | undefined, invocation: Invocation): Promise<string[]> {
  try {
    const home = invocation.env.HOME ?? "~";
    const named = config?.replace(/^~(?=\/|$)/, () => home);
    const path = await findJobFile({
      ...invocation,
      options: { ...invocation.options, ...(named && { config: named }) },
    });
    const { readYaml } = await import("../../jobs/yaml.ts");
    const value = readYaml(await readStart(resolve(invocation.cwd, path))).value as {
      accounts?: unknown;
      jobs?: unknown;
    };
    const names =
      kind === "account"
        ? Object.keys(value.accounts ?? {})
        : (value.jobs as readonly { readonly name?: unknown }[]).map((job) => job?.name);
    return names.filter((name): name is string => typeof name === "string" && !name.startsWith("-"));
  } catch {
    return [];
  }
}

async function readStart(path: string): Promise<string> {
  await using file = await open(path, "r");
  const status = await file.stat();
  if (!status.isFile() || status.size > longestFile) return "";
  return (await file.readFile()).toString("utf8");
}
