// Runs a command and takes its time, the CPU time of it and its children, and the most memory one of them held.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";

export interface Command {
  readonly words: readonly string[];
  readonly cwd: string;
  /** On top of PATH, a home in `cwd` and a UTF-8 locale. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Measurement {
  readonly seconds: number;
  /** User and system time. */
  readonly cpuSeconds: number;
  /** Octets; undefined where the system has no /proc. */
  readonly peakRss: number | undefined;
  /** Its end, if there was very much. */
  readonly stdout: string;
}

const longestMs = 30 * 60_000;
const pollMs = 10;

/** Bash's own `time` is wait4's figures for the command alone; the shell around it is in none of them. */
const timed = `TIMEFORMAT='%R %U %S'; exec 4>&2; { time "$@" 2>&4 4>&- 3>&-; } 2>&3`;

/** Rejects, with the last lines that were printed, if the command fails or takes half an hour. */
export async function measure({ words, cwd, env }: Command, signal: AbortSignal): Promise<Measurement> {
  signal.throwIfAborted();
  const child = spawn("bash", ["-c", timed, "bash", ...words], {
    cwd,
    env: { PATH: process.env.PATH, HOME: cwd, LANG: "C.UTF-8", ...env },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    // A group of its own: whatever it has started ends with it.
    detached: true,
  });
  const [stdout, stderr, times] = [1, 2, 3].map((fd) => collect(child, fd));
  let peakRss: number | undefined;
  const poll = setInterval(() => {
    for (const rss of peaksBelow(child.pid ?? 0)) peakRss = Math.max(peakRss ?? 0, rss);
  }, pollMs);
  let isTooLong = false;
  const kill = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has just ended by itself.
    }
  };
  const limit = setTimeout(() => {
    isTooLong = true;
    kill();
  }, longestMs);
  signal.addEventListener("abort", kill);
  try {
    const [code] = await once(child, "close");
    signal.throwIfAborted();
    if (isTooLong) throw new Error("took over 30 minutes");
    if (code !== 0) throw new Error(`exit ${code}: ${lastLines(`${stdout?.()}\n${stderr?.()}`)}`);
  } finally {
    clearInterval(poll);
    clearTimeout(limit);
    signal.removeEventListener("abort", kill);
  }
  const [seconds = 0, user = 0, system = 0] = (times?.() ?? "").trim().split(" ").map(parseSeconds);
  return { seconds, cpuSeconds: user + system, peakRss, stdout: stdout?.() ?? "" };
}

/** Bash writes the decimal point of the locale. */
function parseSeconds(text: string): number {
  return Number(text.replace(",", "."));
}

function collect(child: ChildProcess, fd: number): () => string {
  const longest = 64 * 1024;
  let text = "";
  const stream = child.stdio[fd];
  if (stream && "setEncoding" in stream) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text = (text + chunk).slice(-longest);
    });
  }
  return () => text;
}

/** The highest resident set that each process below this one has had so far. */
function peaksBelow(pid: number): number[] {
  return readProc(`${pid}/task/${pid}/children`)
    .split(" ")
    .filter(Boolean)
    .flatMap((child) => {
      const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readProc(`${child}/status`))?.[1];
      return [...(kilobytes === undefined ? [] : [Number(kilobytes) * 1024]), ...peaksBelow(Number(child))];
    });
}

/** Empty if the process has ended meanwhile. */
function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, "latin1");
  } catch {
    return "";
  }
}

function lastLines(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(-4).join(" | ").slice(-600);
}
