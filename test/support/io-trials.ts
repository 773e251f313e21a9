// The runs of which every operation on the disk fails in turn.

import { cpSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { type Job, type JobReport, runJobs } from "../../src/index.ts";
import { multiset, readBack } from "./archives.ts";
import type { Trial } from "./io-errors.ts";
import { makeArchive, makeMaildir } from "./packs.ts";
import { countMail, expectStored, memoryFolder } from "./power-loss.ts";
import { aNight, type Life, openLife, openMove, openVault } from "./power-scenarios.ts";
import { tortureMessages } from "./torture.ts";

export interface OpenTrial extends Trial, AsyncDisposable {
  /** How often somebody has logged in to an account of the trial. */
  logIns(): number;
}

type Opened = Trial & { close(): Promise<void>; logIns?(): number };

/** Exit codes: the destination; and where what was written is read again, what can't be read counts as damaged. */
const destination = 9;
const damaged = 7;
const incomplete = 3;

async function ofLife(life: Life): Promise<Opened> {
  const scenario = await openLife(life);
  const { stored } = scenario.see();
  return {
    ...scenario,
    check: () => scenario.check({ stored, runs: 0 }),
    mayEnd: (exit, operation) =>
      [0, destination].includes(exit) ||
      (exit === damaged && life.verify === "after" && /^(open|read|stat|lstat)/.test(operation)),
  };
}

/** Mail on this machine, brought into an archive. */
async function ofLocal(kind: "archive" | "mbox" | "maildir"): Promise<Opened> {
  const root = memoryFolder();
  const mail = {
    "": tortureMessages()
      .filter(({ bytes }) => bytes.length < 5_000)
      .slice(9, 20),
    ".Sent": tortureMessages().slice(24, 27),
  };
  const source = join(root, "source");
  if (kind === "maildir") makeMaildir(source, mail);
  else {
    const made = await makeArchive(memoryFolder(), kind === "mbox" ? "mbox" : "maildir", mail);
    cpSync(kind === "mbox" ? join(made, "mbox") : made, source, { recursive: true });
  }
  const archive = join(root, "copy");
  const from = { [kind]: source } as Job["from"];
  const job: Job = {
    name: "local",
    from,
    to: { archive, format: "mbox" },
    mailboxes: { include: ["*"], exclude: [], map: [] },
    filter: {},
    verify: "never",
    retry: { attempts: 1, maxWaitMs: 0 },
  };
  const run = async (): Promise<JobReport> => {
    const { jobs } = await runJobs([job], { concurrency: 2 });
    return jobs[0] ?? expect.fail("no report");
  };
  const whole = await expectedOf(run, archive, root);
  return {
    root,
    run,
    check: () => expectStored(archive, 0),
    async goOn() {
      const report = await run();
      expect(report, JSON.stringify(report)).toMatchObject({ verdict: "safe" });
      expect(multiset(await readBack(archive))).toEqual(whole);
      expect(countMail(archive)).toBe(whole.length);
      expect(await run()).toMatchObject({ verdict: "safe", messages: { copied: 0 } });
    },
    // What can't be read at the source is missing: of an archive it may be damage.
    mayEnd: (exit) => [0, incomplete, destination, ...(kind === "archive" ? [damaged] : [])].includes(exit),
    async close() {},
  };
}

/** What a run brings if nothing fails; leaves the folder as it was. */
async function expectedOf(run: () => Promise<JobReport>, archive: string, root: string): Promise<string[]> {
  const { photograph, putImage } = await import("./crash-images.ts");
  const before = photograph(root);
  expect(await run()).toMatchObject({ verdict: "safe" });
  const whole = multiset(await readBack(archive));
  putImage(before, root);
  return whole;
}

const trials: readonly { readonly what: string; open(): Promise<Opened> }[] = [
  {
    what: "a first run from POP3 into mbox",
    open: () => ofLife({ protocol: "pop3", format: "mbox", isRemembered: true }),
  },
  { what: "a first run from IMAP into a Maildir", open: () => ofLife({ protocol: "imap", format: "maildir" }) },
  {
    what: "a night of an mbox archive, read again after",
    open: () => ofLife({ protocol: "imap", format: "mbox", nights: [aNight], verify: "after" }),
  },
  {
    what: "a night of a Maildir, read again after",
    open: () => ofLife({ protocol: "imap", format: "maildir", nights: [aNight], isRemembered: true, verify: "after" }),
  },
  {
    what: "a night of a move",
    async open() {
      const scenario = await openMove(1);
      const seen = scenario.see();
      const run = () => {
        scenario.rewind?.(seen);
        return scenario.run();
      };
      return { ...scenario, run, check: () => scenario.check(seen), mayEnd: (exit) => [0, destination].includes(exit) };
    },
  },
  {
    what: "a night on which packs are made and pruned",
    async open() {
      const scenario = await openVault();
      const mayEnd = (exit: number, operation: string) =>
        [0, destination].includes(exit) || (exit === incomplete && operation.endsWith("inbox.mbox"));
      return { ...scenario, check: () => scenario.check(undefined), mayEnd };
    },
  },
  { what: "an archive as the source", open: () => ofLocal("archive") },
  { what: "an mbox folder as the source", open: () => ofLocal("mbox") },
  { what: "a Maildir as the source", open: () => ofLocal("maildir") },
];

export const trialNames = trials.map(({ what }) => what);

/** One of `trialNames`. */
export async function openTrial(name: string): Promise<OpenTrial> {
  const trial = await (trials.find(({ what }) => what === name) ?? expect.fail(`there is no trial ${name}`)).open();
  return { ...trial, logIns: trial.logIns ?? (() => 0), [Symbol.asyncDispose]: () => trial.close() };
}
