// A real process that kills itself at a chosen step, and which steps to choose.

import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** So many of the steps, evenly, the first and the last among them. */
export function spread(steps: number, count: number): number[] {
  return Array.from({ length: count }, (_, n) => 1 + Math.floor((n * (steps - 1)) / (count - 1)));
}

/** Runs kill-child.mjs, or another script beside it, which explains the options. `begun` is called with the process. */
export function runChild(
  options: object,
  script = "kill-child.mjs",
  begun: (child: ChildProcess) => void = () => undefined,
): Promise<{ signal: NodeJS.Signals | null; output: string }> {
  const childScript = fileURLToPath(new URL(script, import.meta.url));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [childScript, JSON.stringify(options)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    begun(child);
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code !== 0 && signal === null) reject(new Error(`the child ended with ${code}`));
      else resolve({ signal, output });
    });
  });
}
