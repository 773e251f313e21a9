// A password that nobody else would ever use, and a search for it, in all its forms, everywhere it must not be.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { CliResult } from "./cli.ts";

export const canary = "cAn4ry-9f3c1e77-ö";

/** The password itself, and as it travels. */
export const traces: readonly Buffer[] = [
  Buffer.from(canary),
  Buffer.from(encodeURIComponent(canary)),
  Buffer.from(Buffer.from(`\0ada\0${canary}`).toString("base64")),
  Buffer.from(Buffer.from(`\0ada\0${canary}-wrong`).toString("base64")),
  Buffer.from(Buffer.from(canary).toString("base64")),
  Buffer.from(Buffer.from(`${canary}-wrong`).toString("base64")),
  Buffer.from(createHash("md5").update(canary).digest("hex")),
  Buffer.from(createHash("sha256").update(canary).digest("hex")),
];

export function expectNoTrace({ stdout, stderr }: Pick<CliResult, "stdout" | "stderr">): void {
  for (const trace of traces) {
    expect(stdout).not.toContain(trace.toString());
    expect(stderr).not.toContain(trace.toString());
  }
}

/** Files below the folder, by their names in it, that hold a trace. */
export function filesWithTraces(root: string, except: readonly string[]): string[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => !except.includes(name) && isFile(join(root, name)))
    .filter((name) => {
      const octets = readFileSync(join(root, name));
      return traces.some((trace) => octets.includes(trace));
    });
}

/** Locks are links that lead nowhere. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** Command lines of processes of this machine that hold the text; none where the system does not tell. */
export function processesWith(text: string): string[] {
  return ofProcesses("cmdline").filter((line) => line.includes(text));
}

/** Programs that were started with a trace in their environment, by their command lines. */
export function environmentsWithTraces(): string[] {
  return ofProcesses("environ", (pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim());
}

function ofProcesses(what: "cmdline" | "environ", name?: (pid: string) => string): string[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid))
    .flatMap((pid) => {
      try {
        const octets = readFileSync(`/proc/${pid}/${what}`);
        if (name === undefined) return [octets.toString("utf8")];
        return traces.some((trace) => octets.includes(trace)) ? [name(pid)] : [];
      } catch {
        // It has ended meanwhile, or is another user's.
        return [];
      }
    });
}
