// The built program as a process of its own. `npm run build` comes first: what is tested is what is shipped.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

export interface CliOptions {
  readonly cwd: string;
  /** On top of an environment that has nothing but PATH, and a home in `cwd`. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly process: ChildProcess;
  /** What has come on stderr so far. */
  stderr(): string;
  readonly result: Promise<CliResult>;
}

export function startCli(args: readonly string[], options: CliOptions): RunningCli {
  return start([process.execPath, program, ...args], options);
}

/**
 * A shell script in which `mailferry` is the program. With `mounts` it may mount what it likes: its mounts are its own,
 * and gone when it ends.
 */
export function runShell(script: string, options: CliOptions & { readonly mounts?: boolean }): Promise<CliResult> {
  const shell = ["sh", "-c", `mailferry() { '${process.execPath}' '${program}' "$@"; }\n${script}`];
  return start(options.mounts ? [...ownMounts, ...shell] : shell, options).result;
}

/** Any program, in the same environment. */
export function spawnHere(command: readonly string[], options: CliOptions): Promise<CliResult> {
  return start(command, options).result;
}

const ownMounts = ["unshare", "--user", "--map-root-user", "--mount"];

/** Says so aloud where this system allows no mounts of one's own. */
export function mountsAllowed(): boolean {
  const probe = "mount -t tmpfs none /mnt && mount -o remount,ro /mnt && mount -o remount,rw,size=8m /mnt";
  const [command = "", ...args] = [...ownMounts, "sh", "-c", probe];
  const allowed = spawnSync(command, args).status === 0;
  if (!allowed) console.warn("NOT TESTED: full and read-only disks. The system allows no user and mount namespaces.");
  return allowed;
}

function start([command = "", ...args]: readonly string[], { cwd, env }: CliOptions): RunningCli {
  const child = spawn(command, args, {
    cwd,
    env: {
      PATH: process.env.PATH,
      HOME: cwd,
      XDG_STATE_HOME: `${cwd}/state`,
      XDG_CONFIG_HOME: `${cwd}/config`,
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const result = once(child, "close").then(([code]) => ({ code: code as number | null, stdout, stderr }));
  return { process: child, stderr: () => stderr, result };
}

export function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return startCli(args, options).result;
}
