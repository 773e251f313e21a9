// The built program, and how much memory it has held at most (VmHWM, Linux).

import { readFileSync } from "node:fs";
import { type CliOptions, type CliResult, startCli } from "./cli.ts";

export interface Measured extends CliResult {
  /** In MB; NaN where the system does not tell. */
  readonly peak: number;
  readonly seconds: number;
}

export async function runMeasured(args: readonly string[], options: CliOptions): Promise<Measured> {
  const started = performance.now();
  const running = startCli(args, options);
  let peak = Number.NaN;
  const look = () => {
    const now = peakOf(running.process.pid ?? 0);
    if (!Number.isNaN(now)) peak = now;
  };
  const timer = setInterval(look, 50);
  try {
    const result = await running.result;
    return { ...result, peak, seconds: (performance.now() - started) / 1000 };
  } finally {
    clearInterval(timer);
  }
}

function peakOf(pid: number): number {
  try {
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? Number.NaN : Math.round(Number(kilobytes) / 1024);
  } catch {
    return Number.NaN;
  }
}
