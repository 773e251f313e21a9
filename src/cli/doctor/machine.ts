// The machine: Node, the system, its clock.

import { readFile } from "node:fs/promises";
import { arch, platform, release } from "node:os";
import type { Job } from "../../jobs/job.ts";
import { runsOf } from "../../jobs/run-record.ts";
import type { Finding, Practice } from "./finding.ts";

const systems = new Map<string, string>([
  ["linux", "Linux"],
  ["darwin", "macOS"],
  ["win32", "Windows"],
  ["freebsd", "FreeBSD"],
]);

export async function examineMachine({ say }: Practice): Promise<Finding[]> {
  const wanted = await oldestNode();
  const here = process.versions.node;
  const system = `${systems.get(platform()) ?? platform()} ${release()} (${arch()})`;
  const node: Finding = isOlder(here, wanted)
    ? {
        name: "node",
        level: "error",
        text: say("node.old", { version: here, wanted }),
        remedy: say("node.old.do", { wanted }),
        exit: "usage",
      }
    : { name: "node", level: "ok", text: say("node", { version: here, wanted }) };
  const isTried = platform() === "linux" || platform() === "darwin";
  return [
    node,
    isTried
      ? { name: "system", level: "ok", text: say("system", { system }) }
      : { name: "system", level: "warning", text: say("system.untried", { system }) },
  ];
}

/** `20.19`, of package.json's `>=20.19`. */
async function oldestNode(): Promise<string> {
  const text = await readFile(new URL("../../../package.json", import.meta.url), "utf8");
  const { engines } = JSON.parse(text) as { engines: { node: string } };
  return engines.node.replace(/^>=/, "");
}

function isOlder(version: string, wanted: string): boolean {
  const [a, b] = [version, wanted].map((text) => text.split(".").map(Number));
  for (const [index, number] of (b ?? []).entries()) {
    const ours = a?.[index] ?? 0;
    if (ours !== number) return ours < number;
  }
  return false;
}

/** No clock was ever right before this program was written. */
const oldestTime = Date.parse("2026-11-01T00:00:00Z");
const toleratedMs = 5 * 60_000;

/** Nobody is called: the clock is held against what is remembered of runs. */
export async function examineClock(jobs: readonly Job[], practice: Practice): Promise<Finding[]> {
  const { say, now, state } = practice;
  const name = "clock";
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const time = `${now.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  if (now.getTime() < oldestTime)
    return [{ name, level: "warning", text: say("clock.old", { time }), remedy: say("clock.do") }];
  let newest = 0;
  for (const job of jobs) {
    for (const { startedAt } of await runsOf(job, state)) newest = Math.max(newest, Date.parse(startedAt));
  }
  if (newest > now.getTime() + toleratedMs) {
    const run = `${new Date(newest).toISOString().slice(0, 16).replace("T", " ")} UTC`;
    return [{ name, level: "warning", text: say("clock.back", { time, run }), remedy: say("clock.do") }];
  }
  const isUnknown = timeZone === undefined || timeZone === "" || timeZone === "Etc/Unknown";
  const hasSchedule = jobs.some((job) => job.schedule !== undefined && job.timeZone === undefined);
  if (isUnknown) {
    const level = hasSchedule ? "warning" : "info";
    return [{ name, level, text: say("clock.no-zone", { time }), remedy: say("clock.no-zone.do") }];
  }
  return [{ name, level: "ok", text: say("clock", { time, zone: timeZone }) }];
}
