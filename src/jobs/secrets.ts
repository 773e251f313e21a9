// Where a password is kept, and how it is fetched: at the moment of the log-in, and never before.

import { execFile } from "node:child_process";
import { isAbsolute, join, resolve } from "node:path";
import { promisify } from "node:util";
import { MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import type { SecretRef } from "./job.ts";
import { readKeyring } from "./keyring.ts";
import { quote } from "./mistakes.ts";
import { resolvePath } from "./places.ts";
import { describeExposure, readPrivateFile } from "./private-file.ts";

export interface ReadSecretOptions {
  /** How long a command may take; a person may have to unlock a password store. */
  readonly commandTimeoutMs?: number;
}

const longestOutput = 64 * 1024;

/**
 * The secret a reference leads to; never empty, always one line. Relative files and commands start from `baseDir`.
 * Rejects with a MailferryError (A206) that names the reference and never holds the secret.
 */
export async function readSecret(
  ref: SecretRef,
  baseDir: string,
  env: NodeJS.ProcessEnv,
  { commandTimeoutMs = 60_000 }: ReadSecretOptions = {},
): Promise<string> {
  if ("env" in ref) {
    const secret = Object.hasOwn(env, ref.env) ? env[ref.env] : undefined;
    if (secret === undefined) {
      throw notAvailable(
        `the environment variable ${quote(ref.env)} is not set`,
        "Set it for the program, or use a file.",
      );
    }
    return oneLine(secret, `the environment variable ${quote(ref.env)}`);
  }
  if ("file" in ref) {
    const path = resolve(baseDir, ref.file);
    return oneLine(await readSecretFile(path), quote(path));
  }
  if ("keyring" in ref) return readFromKeyring(ref.keyring);
  if ("credential" in ref) return readCredential(ref.credential, env);
  const output = await runCommand(ref.command, { cwd: baseDir, env, timeout: commandTimeoutMs });
  return oneLine(firstLine(output), `the command ${quote(ref.command[0])}`);
}

/** With an absolute path. */
export function resolveSecret(ref: SecretRef, baseDir: string): SecretRef {
  return "file" in ref ? { file: resolvePath(baseDir, ref.file) } : ref;
}

/** What tells the reference from another: of a command only the program, since arguments may be secret. */
export function placeOfSecret(ref: SecretRef): string {
  const [[kind, value] = ["", ""]] = Object.entries(ref);
  return `${kind} ${typeof value === "string" ? value : value[0]}`;
}

/** The environment without the variables that a reference anywhere in `written`, a part of a valid job file, names. */
export function withoutSecrets(env: NodeJS.ProcessEnv, written: unknown): NodeJS.ProcessEnv {
  const named = new Set(envNamesIn(written));
  return Object.fromEntries(Object.entries(env).filter(([name]) => !named.has(name)));
}

function envNamesIn(written: unknown): string[] {
  if (typeof written !== "object" || written === null) return [];
  const { env } = written as { readonly env?: unknown };
  return [...(typeof env === "string" ? [env] : []), ...Object.values(written).flatMap(envNamesIn)];
}

/** A password store is asked once a run, however many connections there are. A failure is asked again. */
export function once(read: () => Promise<string>): () => Promise<string> {
  let known: Promise<string> | undefined;
  return () => {
    known ??= read().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}

async function readFromKeyring(name: string): Promise<string> {
  const secret = await readKeyring(name);
  if (secret === undefined) {
    throw notAvailable(
      `the keyring of this system has no entry ${quote(name)} of mailferry`,
      "mailferry account add puts one there; a keyring belongs to one user of one machine.",
    );
  }
  return oneLine(secret, `the entry ${quote(name)} of the keyring`);
}

/** systemd.exec(5), CREDENTIALS. */
async function readCredential(name: string, env: NodeJS.ProcessEnv): Promise<string> {
  const directory = env.CREDENTIALS_DIRECTORY;
  if (directory === undefined || !isAbsolute(directory)) {
    throw notAvailable(
      `the credential ${quote(name)} is there only when systemd starts mailferry with LoadCredential=${printable(name)}:PATH`,
      "Start the service that has it (systemctl --user start), or keep the password in a file for runs by hand.",
    );
  }
  const path = join(directory, name);
  // Another user's is opened by an access list, whose mask stands where the group's rights were.
  return oneLine(await readSecretFile(path, 0o037), quote(path));
}

async function readSecretFile(path: string, forbiddenMode = 0o077): Promise<string> {
  const file = await readPrivateFile(path, { forbiddenMode, maxOctets: longestOutput });
  switch (file.outcome) {
    case "read":
      return file.octets.toString("utf8").replace(/\r?\n$/, "");
    case "too-open":
      throw notAvailable(
        `others can read or change the password file ${quote(path)} (mode ${file.mode})`,
        `chmod 600 ${path} (a container's secret: mount it with mode 0400)`,
      );
    case "in-open-folder":
    case "planted": {
      const { message, remedy } = describeExposure(file, `the password file ${quote(path)}`);
      throw notAvailable(message, remedy);
    }
    case "too-long":
      throw notAvailable(`${quote(path)} is too long for a password`, "Name the file that holds the password alone.");
    case "unreadable":
      throw notAvailable(
        `the password file ${quote(path)} can't be read (${file.reason})`,
        "Check the path and who may read it.",
      );
  }
}

async function runCommand(
  [program, ...args]: readonly [string, ...string[]],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly timeout: number },
): Promise<string> {
  try {
    const running = promisify(execFile)(program, args, { ...options, killSignal: "SIGKILL", maxBuffer: longestOutput });
    running.child.stdin?.end();
    return (await running).stdout;
  } catch (error) {
    // The error itself goes no further: it holds the arguments and all that the command printed, which may be the secret.
    const { reason, remedy } = explainFailure(error, options.timeout);
    throw notAvailable(`the command ${quote(program)} ${reason}`, remedy);
  }
}

function explainFailure(error: unknown, timeout: number): { reason: string; remedy: string } {
  const { code, killed } = error as { code?: unknown; killed?: boolean };
  const remedy = "Run the command of the job file by hand: its first line of output must be the password.";
  if (code === "ENOENT") return { reason: "was not found", remedy: "Check its name, or write its whole path." };
  if (code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return { reason: "printed too much", remedy };
  if (killed === true) return { reason: `did not end within ${Math.round(timeout / 1000)} s`, remedy };
  if (typeof code !== "number") return { reason: "could not be run", remedy };
  return { reason: `failed with exit code ${code}`, remedy };
}

function firstLine(text: string): string {
  return /^[^\r\n]*/.exec(text)?.[0] ?? "";
}

/** The secret that was piped in. Throws A206 where it can be none. */
export function secretOfInput(text: string): string {
  return oneLine(text.replace(/\r?\n$/, ""), "standard input");
}

function oneLine(secret: string, origin: string): string {
  if (secret === "") throw notAvailable(`${origin} gives an empty password`, "Put the password there.");
  // A line end or NUL in a password would end the command that carries it.
  if (/[\r\n\0]/.test(secret))
    throw notAvailable(`${origin} gives more than one line`, "Leave only the password there.");
  return secret;
}

function notAvailable(message: string, remedy: string): MailferryError {
  return new MailferryError("A206", `${message}; no log-in was tried`, { scope: "session", retry: "never", remedy });
}
