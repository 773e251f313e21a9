// mailferry config: the job file itself, without running anything.

import { stringify } from "yaml";
import { exitCodes } from "../errors.ts";
import { jsonText } from "../formats/json-text.ts";
import { printable } from "../formats/printable.ts";
import { describeJobFile } from "../jobs/describe.ts";
import { loadJobFile } from "../jobs/load.ts";
import { JobFileError } from "../jobs/mistakes.ts";
import { jobFileJsonSchema } from "../jobs/schema.ts";
import { mistakeLines } from "./failure-block.ts";
import type { Invocation } from "./invocation.ts";
import { findJobFile } from "./job-file.ts";
import { configTexts } from "./texts/config.ts";
import { wordTexts } from "./texts/words.ts";

/** Every mistake of the job file on a line of its own; the list is the result. */
export async function check(invocation: Invocation): Promise<number> {
  const { options, screen, env, language } = invocation;
  const path = await findJobFile(invocation);
  try {
    const file = await loadJobFile(path, env);
    if (options.json) {
      const exit = { code: exitCodes.ok, name: "ok" };
      const jobs = file.jobs.map((job) => job.name);
      await screen.out(
        `${jsonText({ v: 1, command: "config check", verdict: "safe", exit, file: path, jobs, mistakes: [] })}\n`,
      );
    } else if (!options.quiet) {
      const say = configTexts.in(language);
      const jobs = wordTexts.in(language)("jobs", { count: file.jobs.length });
      const accounts = say("accounts", { count: file.accounts.size });
      await screen.out(`${say("no-mistakes", { path: printable(path), jobs, accounts })}\n`);
    }
    return exitCodes.ok;
  } catch (error) {
    // A file that can't be read at all has no mistakes to list: it is an error like any other.
    if (!(error instanceof JobFileError) || error.mistakes.length === 0) throw error;
    const { mistakes } = error;
    if (options.json) {
      const exit = { code: exitCodes["job-file"], name: "job-file" };
      await screen.out(
        `${jsonText({ v: 1, command: "config check", verdict: "failed", exit, file: path, mistakes })}\n`,
      );
    } else {
      await screen.out(
        mistakeLines(path, mistakes, language)
          .map((line) => `${line}\n`)
          .join(""),
      );
    }
    return exitCodes["job-file"];
  }
}

/** What the job file comes to, defaults and all; passwords only as references. */
export async function show(invocation: Invocation): Promise<number> {
  const { options, screen, env } = invocation;
  const described = describeJobFile(await loadJobFile(await findJobFile(invocation), env));
  if (options.json) {
    const exit = { code: exitCodes.ok, name: "ok" };
    await screen.out(`${jsonText({ v: 1, command: "config show", verdict: "safe", exit, config: described })}\n`);
  } else {
    await screen.out(stringify(described, { aliasDuplicateObjects: false }));
  }
  return exitCodes.ok;
}

/** The JSON Schema of job files, for editors. */
export async function schema({ screen }: Invocation): Promise<number> {
  await screen.out(`${JSON.stringify(jobFileJsonSchema(), null, 2)}\n`);
  return exitCodes.ok;
}
