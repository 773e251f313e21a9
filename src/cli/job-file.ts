// Where the job file is, and which of its jobs are meant.

import { access } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import type { Job } from "../jobs/job.ts";
import type { Language } from "../language/language.ts";
import { UsageError } from "./errors.ts";
import type { Invocation } from "./invocation.ts";
import { jobFileTexts } from "./texts/job-file.ts";

/** A directory of the XDG base directory specification; a relative one counts as unset. */
function userDirectory(wanted: string | undefined, ...fallback: readonly string[]): string {
  return join(wanted?.startsWith("/") ? wanted : join(homedir(), ...fallback), "mailferry");
}

/** Where it is remembered which archives exist. */
export function stateDirectory({ env }: Invocation): string {
  return userDirectory(env.XDG_STATE_HOME, ".local", "state");
}

/** The file of `--config`, as it was typed; without it `./jobs.yaml`, then `jobs.yaml` in the user's config directory. */
export async function findJobFile({ options, cwd, env }: Invocation): Promise<string> {
  if (options.config !== undefined) return options.config;
  const candidates = ["jobs.yaml", join(userDirectory(env.XDG_CONFIG_HOME, ".config"), "jobs.yaml")];
  for (const candidate of candidates) {
    if (await isThere(resolve(cwd, candidate))) return candidate;
  }
  throw new MailferryError("C701", `there is no job file: neither ./${candidates.map(printable).join(" nor ")}`, {
    scope: "session",
    retry: "never",
    remedy: "Write one (jobs.example.yaml shows every key), or name it with --config FILE.",
  });
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** The jobs that are named, in that order; all of them with `--all`; the only one of a file that has no other. */
export function chooseJobs(
  jobs: readonly Job[],
  names: readonly string[],
  all: boolean,
  language: Language,
): readonly Job[] {
  const say = jobFileTexts.in(language);
  if (all && names.length > 0) throw new UsageError(say("all-or-names"));
  const known = jobs.map((job) => job.name).join(", ");
  if (names.length === 0) {
    if (all || jobs.length === 1) return jobs;
    throw new UsageError(say("name-one", { known }));
  }
  return [...new Set(names)].map((name) => {
    const job = jobs.find((candidate) => candidate.name === name);
    if (job === undefined) throw new UsageError(say("no-such-job", { name, known }));
    return job;
  });
}
