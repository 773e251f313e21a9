// A run over a way that breaks at a chosen point, and what must hold after it: in the same run where it may try again, or
// after the next.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import PQueue from "p-queue";
import { expect } from "vitest";
import type { Account, Job, JobReport } from "../../src/index.ts";
import { runJobs } from "../../src/index.ts";
import { type Break, type Recording, startCuttingProxy } from "./cutting-proxy.ts";

/** Two stores and a job between them; the way to the server at `port` is the one that breaks. */
export interface Scene {
  readonly protocol: "imap" | "pop3";
  readonly port: number;
  /** With that server at this port. */
  job(port: number, account: Partial<Account>): Job;
  /** `mailbox sha256` of every message that is to be there in the end, sorted. */
  readonly expected: readonly string[];
  /** The same of what is there now. */
  there(): Promise<readonly string[]>;
  /** What is there besides, and should not be. */
  strays(): readonly string[];
  /** Octets of messages that the servers have sent and taken. */
  moved(): number;
  readonly stateDirectory?: string;
  close(): Promise<unknown>;
}

export type SetScene = () => Promise<Scene>;

export interface Limits {
  /** 1: the next run goes on; more: this one. */
  readonly attempts: number;
  /** Of the run that breaks. */
  readonly timeoutMs: number;
}

/** A folder where nothing need reach a disk: the way breaks here, not the machine. */
export function memoryFolder(): string {
  const shared = "/dev/shm";
  return mkdtempSync(join(existsSync(shared) ? shared : tmpdir(), "mailferry-test-"));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

async function run(scene: Scene, port: number, { attempts, timeoutMs }: Limits): Promise<JobReport> {
  const job = { ...scene.job(port, { timeoutMs }), retry: { attempts, maxWaitMs: 0 } };
  const { jobs } = await runJobs([job], { concurrency: 2, stateDirectory: scene.stateDirectory });
  const [report] = jobs;
  if (report === undefined) throw new Error("there is no report");
  return report;
}

/** A target's quiet is a tenth of the timeout: long enough for this machine, and no longer. */
const patient: Limits = { attempts: 3, timeoutMs: 5_000 };

/** What goes over the way in a run that nothing breaks. */
export async function record(setScene: SetScene): Promise<{ recordings: Recording[]; protocol: "imap" | "pop3" }> {
  const scene = await setScene();
  const proxy = await startCuttingProxy(scene.port);
  try {
    const report = await run(scene, proxy.port, patient);
    expect(report.verdict, JSON.stringify(report)).toBe("safe");
    expect(await scene.there()).toEqual(scene.expected);
    return { recordings: proxy.recorded(), protocol: scene.protocol };
  } finally {
    await proxy.close();
    await scene.close();
  }
}

/** Nothing hangs, however busy the machine is. */
const longestMs = 60_000;

function soon<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: it hangs`)), longestMs);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** What of `some` is not among `all`, each as often as it is there. */
function beyond(some: readonly string[], all: readonly string[]): string[] {
  const left = [...all];
  return some.filter((each) => {
    const at = left.indexOf(each);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/**
 * Breaks a run, and looks. Whatever broke: nothing is there in part, or twice; the run that may try again brings all, as
 * does the next where it may not; the run after that moves no octet. False if the point was not reached.
 */
export async function survives(setScene: SetScene, at: Break, limits: Limits): Promise<boolean> {
  const scene = await setScene();
  const proxy = await startCuttingProxy(scene.port);
  const what = `${JSON.stringify(at)}, ${limits.attempts} attempts`;
  try {
    proxy.arm(at);
    const broken = await soon(run(scene, proxy.port, limits), what);
    const isReached = proxy.arm();
    const there = await scene.there();
    expect(beyond(there, scene.expected), `${what}: what is there`).toEqual([]);
    expect(scene.strays(), `${what}: strays`).toEqual([]);
    if (broken.verdict === "safe") expect(there, `${what}: it says all is safe`).toEqual(scene.expected);
    else {
      expect(limits.attempts, `${what}: ${JSON.stringify(broken)}`).toBe(1);
      expect(broken.exit.name, `${what}: ${JSON.stringify(broken)}`).toBe("temporary");
      const next = await soon(run(scene, proxy.port, patient), `${what}: the next run`);
      expect(next.verdict, `${what}: the next run: ${JSON.stringify(next)}`).toBe("safe");
      expect(await scene.there(), `${what}: after the next run`).toEqual(scene.expected);
      expect(scene.strays(), `${what}: strays after the next run`).toEqual([]);
    }

    const before = scene.moved();
    const last = await soon(run(scene, proxy.port, patient), `${what}: the last run`);
    expect(last, `${what}: the last run`).toMatchObject({ verdict: "safe", octets: 0, messages: { copied: 0 } });
    expect(scene.moved() - before, `${what}: octets that the last run moved`).toBe(0);
    expect(await scene.there(), `${what}: after the last run`).toEqual(scene.expected);
    return isReached;
  } finally {
    await proxy.close();
    await scene.close();
  }
}

/**
 * All of these, several at a time. Returns how many were reached: at least this share, as runs are alike; but on a machine
 * with much to do a short timeout may come first.
 */
export async function survivesAll(
  setScene: SetScene,
  breaks: readonly Break[],
  limits: (point: number, at: Break) => Limits,
  least = 0.6,
): Promise<number> {
  let reached = 0;
  const queue = new PQueue({ concurrency: 6 });
  const tasks = breaks.map((at, n) => async () => {
    if (await survives(setScene, at, limits(n, at))) reached += 1;
  });
  await queue.addAll(tasks);
  expect(reached, "points that were reached").toBeGreaterThan(breaks.length * least);
  return reached;
}

/** Mail of an archive that no ledger knows: files of a Maildir, octets of an mbox. */
export function strayMail(archive: string): string[] {
  const names = readdirSync(archive, { recursive: true, encoding: "utf8" });
  const ledgers = names
    .filter((name) => /^ledger\/./.test(name))
    .map((name) => readFileSync(join(archive, name), "utf8"))
    .join("\n");
  const lengths = new Set([...ledgers.matchAll(/"checkpoint":\{"length":(\d+)/g)].map(([, length]) => Number(length)));
  return names.filter((name) => {
    const path = join(archive, name);
    if (/\/(cur|new|tmp)\/.+/.test(name)) return !ledgers.includes(`"${name.split("/").at(-1)?.split(":")[0]}"`);
    return /^mbox\/./.test(name) && statSync(path).isFile() && !lengths.has(statSync(path).size);
  });
}
