// A program that a job names, run to its end: no shell, bounded in time and in what is kept of its words, and gone with all
// that it has started when its time is up.

import { type ChildProcess, spawn } from "node:child_process";
import { codeOf } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import type { Command } from "./job.ts";

export interface CommandOptions {
  readonly cwd: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  /** Aborting ends the program. */
  readonly signal: AbortSignal | undefined;
}

export interface CommandOutcome {
  /** Undefined if it did what it should; else a clause without the program's arguments, one line, safe to print. */
  readonly failure: string | undefined;
}

/** Of each of its two streams so much is kept, from the end. */
const keptOctets = 32 * 1024;
/** From SIGTERM to SIGKILL. */
const graceMs = 5_000;
/** What a program has left running may hold its streams open for ever. */
const drainMs = 1_000;
const longestWords = 200;

/** Never rejects: a program that can't be started has failed, too. */
export async function runCommand([program, ...args]: Command, options: CommandOptions): Promise<CommandOutcome> {
  const { cwd, env, signal } = options;
  let child: ChildProcess;
  try {
    // Its own process group, so that what it starts can be ended with it.
    child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  } catch {
    // The error names arguments, such as one with a NUL.
    return { failure: "could not be started" };
  }
  const stdout = keepTail(child, "stdout");
  const stderr = keepTail(child, "stderr");
  const ended = endOf(child);
  // Its end and that of its streams may come in the same turn.
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const stopped = stopOn(child, ended, options);
  const end = await ended;
  const why = stopped();
  if (end.exit !== undefined) await within(drainMs, closed);
  child.stdout?.destroy();
  child.stderr?.destroy();
  const failure = why ?? (signal?.aborted && end.signal !== null ? "was stopped" : failureOf(end));
  if (failure === undefined) return { failure: undefined };
  const words = lastLine(stderr()) ?? lastLine(stdout());
  return { failure: words === undefined ? failure : `${failure}; it said "${showWords(words, args)}"` };
}

interface End {
  /** Undefined if it was never started or ended by a signal. */
  readonly exit: number | undefined;
  readonly signal: NodeJS.Signals | null;
  readonly error?: unknown;
}

function endOf(child: ChildProcess): Promise<End> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ exit: undefined, signal: null, error }));
    child.once("exit", (exit, signal) => resolve({ exit: exit ?? undefined, signal }));
  });
}

function failureOf({ exit, signal, error }: End): string | undefined {
  if (exit === 0) return undefined;
  if (exit !== undefined) return `failed with exit code ${exit}`;
  if (signal !== null) return `was ended by ${signal}`;
  const code = codeOf(error);
  if (code === "ENOENT") return "was not found";
  return code === "EACCES" ? "may not be run (EACCES)" : `could not be started (${printable(code ?? "unknown error")})`;
}

/** Ends the child's group when its time is up or the signal says so. What it returns tells why, and stops watching. */
function stopOn(child: ChildProcess, ended: Promise<unknown>, { timeoutMs, signal }: CommandOptions) {
  let why: string | undefined;
  let last: NodeJS.Timeout | undefined;
  const stop = (reason: string) => {
    if (why !== undefined) return;
    why = reason;
    killGroup(child, "SIGTERM");
    last = setTimeout(() => killGroup(child, "SIGKILL"), graceMs);
    // What the program itself leaves behind has had its hint, too.
    ended.then(() => killGroup(child, "SIGKILL"));
  };
  const onAbort = () => stop("was stopped");
  const timer = setTimeout(() => stop(`did not end within ${Math.ceil(timeoutMs / 1000)} s`), timeoutMs);
  signal?.addEventListener("abort", onAbort, { once: true });
  if (signal?.aborted) onAbort();
  return () => {
    clearTimeout(timer);
    clearTimeout(last);
    signal?.removeEventListener("abort", onAbort);
    return why;
  };
}

function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // None of it is left.
  }
}

/** Resolves when the promise does, or when the time is up. */
function within(ms: number, promise: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    promise.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Reads all there is and keeps the end of it. */
function keepTail(child: ChildProcess, name: "stdout" | "stderr"): () => string {
  const chunks: Buffer[] = [];
  let octets = 0;
  const stream = child[name];
  stream?.on("error", () => undefined);
  stream?.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    octets += chunk.length;
    for (let first = chunks[0]; first !== undefined && octets - first.length >= keptOctets; first = chunks[0]) {
      octets -= first.length;
      chunks.shift();
    }
  });
  return () => Buffer.concat(chunks).subarray(-keptOctets).toString("utf8");
}

function lastLine(text: string): string | undefined {
  return text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .findLast((line) => line !== "");
}

/** Arguments may be secret, and programs like to repeat them; paths are none. */
function showWords(words: string, args: readonly string[]): string {
  const secret = args.flatMap((arg) => [arg, arg.slice(arg.indexOf("=") + 1)]).filter((arg) => !isHarmless(arg));
  const hidden = secret.sort((a, b) => b.length - a.length).reduce((text, arg) => text.replaceAll(arg, "***"), words);
  return printable(hidden.length > longestWords ? `${hidden.slice(0, longestWords)}…` : hidden);
}

function isHarmless(arg: string): boolean {
  return arg.length < 4 || /^--?[A-Za-z-]+$/.test(arg) || /^[.~]?\.?\/[\w./ -]*$/.test(arg);
}
