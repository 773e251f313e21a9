// Job files with as many jobs as a test needs, each with an account of its own.

import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCli, runShell, startCli } from "./cli.ts";
import { temporaryFolder } from "./jobs.ts";

/** What differs from an account of ada on loopback without encryption, and from an archive named after the job. */
export interface JobEntry {
  readonly protocol: "imap" | "pop3";
  readonly port: number;
  readonly host?: string;
  readonly user?: string;
  readonly tls?: "implicit" | "starttls";
  readonly tlsCa?: string;
  readonly tlsFingerprint?: string;
  readonly archive?: string;
  readonly format?: "mbox" | "maildir";
}

export interface JobFileDefaults {
  readonly retry?: { readonly attempts: number; readonly maxWait: string };
  readonly timeout?: string;
}

export const password = "analytical-engine";

/** A new folder with such a job file, in which the program is run, with the password in its environment. */
export function openJobs(jobs: Readonly<Record<string, JobEntry>>, defaults?: JobFileDefaults) {
  const cwd = temporaryFolder();
  writeJobFile(cwd, jobs, defaults);
  const options = { cwd, env: { PW: password } };
  return {
    cwd,
    mailferry: (...args: string[]) => runCli(args, options),
    start: (...args: string[]) => startCli(args, options),
    shell: (script: string, { mounts = false } = {}) => runShell(script, { ...options, mounts }),
  };
}

/** Writes `jobs.yaml` (JSON is YAML). */
export function writeJobFile(
  folder: string,
  jobs: Readonly<Record<string, JobEntry>>,
  defaults: JobFileDefaults = {},
): void {
  const entries = Object.entries(jobs);
  const file = {
    version: 1,
    defaults: { retry: { attempts: 2, maxWait: "20ms" }, ...defaults },
    accounts: Object.fromEntries(
      entries.map(([name, { archive: _, format: __, ...account }]) => [
        name,
        { host: "127.0.0.1", user: "ada", tls: "none", password: { env: "PW" }, ...account },
      ]),
    ),
    jobs: entries.map(([name, { protocol, archive = `./${name}`, format }]) => ({
      name,
      from: name,
      to: { archive, format: format ?? (protocol === "imap" ? "maildir" : "mbox") },
    })),
  };
  const path = join(folder, "jobs.yaml");
  writeFileSync(path, JSON.stringify(file, null, 2));
  chmodSync(path, 0o600);
}
