// `mailferry run` as users and scripts call it, against servers on loopback.

import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { JobEvent, RunReport } from "../../src/jobs/events.ts";
import { runCli } from "../support/cli.ts";
import { type Desk, lastLine, openDesk, parseDocument } from "../support/desk.ts";

let desk: Desk;
let cwd: string;
const mailferry: Desk["mailferry"] = (...args) => desk.mailferry(...args);

beforeEach(async () => {
  desk = await openDesk();
  cwd = desk.cwd;
});

afterEach(() => desk[Symbol.asyncDispose]());

describe("run", () => {
  test("needs no name where the job file has one job, and ends SAFE", async () => {
    await desk.writeJobs("nightly");
    const { code, stdout } = await mailferry("run");
    expect(code).toBe(0);
    expect(stdout).toContain("  INBOX                   34           34      34         0\n");
    expect(lastLine(stdout)).toBe("SAFE: all 62 messages are in the archive.       mailferry verify ./ada");
  });

  test("asks for names where there are several jobs, and names them", async () => {
    const { code, stdout, stderr } = await mailferry("run");
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toBe(
      "mailferry run: the job file has several jobs: nightly, rescue. Name those to run, or use --all\nSee: mailferry run --help\n",
    );
  });

  test("refuses a job that is not there, and runs none", async () => {
    const { code, stderr } = await mailferry("run", "nightly", "nihgtly");
    expect(code).toBe(2);
    expect(stderr).toContain('there is no job "nihgtly"; the job file has: nightly, rescue');
    expect(desk.imap.connections()).toBe(0);
  });

  test("runs all jobs with --all, and the second time moves no octet of mail", async () => {
    const first = await mailferry("run", "--all");
    expect(lastLine(first.stdout), first.stdout).toBe("SAFE: 2 of 2 jobs.");
    const sent = [desk.imap.messageOctetsSent(), desk.pop3.messageOctetsSent()];
    const second = await mailferry("run", "--all");
    expect(second.code).toBe(0);
    expect(second.stdout.match(/Nothing new: 0 octets of mail moved/g)).toHaveLength(2);
    expect([desk.imap.messageOctetsSent(), desk.pop3.messageOctetsSent()]).toEqual(sent);
  });

  test("rehearses with --dry-run: counts, sizes, and writes nothing", async () => {
    const before = await readdir(cwd);
    const { code, stdout } = await mailferry("run", "nightly", "-n");
    expect(code).toBe(0);
    expect(stdout).toContain("\n  62 messages to copy (75.9 kB)\n");
    expect(lastLine(stdout)).toMatch(/^REHEARSAL: 62 messages would be copied; nothing was written\./);
    expect(await readdir(cwd)).toEqual(before);
    expect(desk.imap.messageOctetsSent()).toBe(0);
  });

  test("with --json writes exactly one document, whose sums hold", async () => {
    const { code, stdout } = await mailferry("run", "--all", "--json");
    const report: RunReport = parseDocument(stdout);
    expect(code).toBe(0);
    expect(report).toMatchObject({ v: 1, command: "run", verdict: "safe", exit: { code: 0, name: "ok" } });
    expect(report.jobs.map(({ name, messages }) => [name, messages.copied])).toEqual([
      ["nightly", 62],
      ["rescue", 34],
    ]);
    for (const mailbox of report.jobs.flatMap(({ mailboxes }) => mailboxes)) {
      expect(mailbox.onServer).toBe(mailbox.inArchive + mailbox.missing);
    }
  });

  test("with --json writes exactly one document when it fails, too", async () => {
    await writeFile(join(cwd, "jobs.yaml"), "version: 1\njobs: []\naccuonts: {}\n");
    const broken = await mailferry("run", "--json");
    expect(broken.code).toBe(6);
    expect(parseDocument(broken.stdout)).toMatchObject({
      v: 1,
      command: "run",
      verdict: "failed",
      exit: { code: 6, name: "job-file" },
      jobs: [],
      error: { code: "C701", mistakes: expect.arrayContaining([expect.objectContaining({ line: 3, column: 1 })]) },
    });
    await rm(join(cwd, "jobs.yaml"));
    const none = await mailferry("run", "--json");
    expect([none.code, parseDocument(none.stdout).error.code]).toEqual([6, "C701"]);
    const usage = await mailferry("run", "--json", "--nonsense");
    expect([usage.code, parseDocument(usage.stdout).exit.name]).toEqual([2, "usage"]);
  });

  test("with --events writes what happens as JSON lines; the last is the report", async () => {
    const { code, stdout, stderr } = await mailferry("run", "nightly", "--events");
    const events: (JobEvent | { type: "run-finished"; verdict: string; jobs: unknown[] })[] = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(stderr).toBe("");
    expect(events[0]).toMatchObject({ type: "job-started", job: "nightly" });
    expect(events.at(-2)).toMatchObject({ type: "job-finished" });
    expect(events.at(-1)).toMatchObject({ type: "run-finished", v: 1, verdict: "safe" });
    const stored = events.map((event) => (event.type === "batch-committed" ? event.stored : 0));
    expect(stored.reduce((sum, count) => sum + count, 0)).toBe(62);
  });

  test("with --events ends with an event also where no job could start", async () => {
    const { code, stdout } = await mailferry("run", "nope", "--events");
    expect(code).toBe(2);
    expect(parseDocument(stdout)).toMatchObject({ type: "run-finished", verdict: "failed", exit: { code: 2 } });
  });

  test("with --json and --events keeps stdout for the document and puts the events on stderr", async () => {
    const { stdout, stderr } = await mailferry("run", "nightly", "--json", "--events");
    expect(parseDocument(stdout).verdict).toBe("safe");
    const types = stderr
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).type);
    expect([types[0], types.at(-1)]).toEqual(["job-started", "run-finished"]);
  });

  test("with --quiet says nothing when all is well, and all there is to say when it isn't", async () => {
    expect(await mailferry("run", "nightly", "-q")).toEqual({ code: 0, stdout: "", stderr: "" });
    const failed = await runCli(["run", "nightly", "-q"], { cwd, env: { PW: "wrong" } });
    expect(failed.code).toBe(4);
    expect(failed.stderr).toBe("");
    expect(lastLine(failed.stdout)).toMatch(/^FAILED: /);
  });

  test("of several jobs takes the worst for its exit code", async () => {
    await using refusing = await openDesk({ popPassword: "another" });
    const { code, stdout } = await refusing.mailferry("run", "--all");
    expect(code).toBe(4);
    expect(stdout).toContain("MF-A201\n");
    expect(lastLine(stdout)).toBe("FAILED: 1 of 2 jobs safe; look above at rescue (failed).");
  });

  test("never shows a password, whatever it is asked to show", async () => {
    const outputs = await Promise.all([
      mailferry("run", "--all", "--json", "--events", "-v"),
      mailferry("config", "show"),
      mailferry("config", "show", "--json"),
      runCli(["run", "nightly", "-v", "--json"], { cwd, env: { PW: `${desk.password}-wrong` } }),
    ]);
    for (const { stdout, stderr } of outputs) expect(stdout + stderr).not.toContain(desk.password);
    expect(outputs[1]?.stdout).toContain("env: PW");
  });
});

describe("stopping a run", () => {
  /** Starts a run that waits for a server which fell silent in mid-mailbox. */
  async function stalledRun(...args: string[]) {
    let reached: () => void = () => undefined;
    const stalling = new Promise<void>((resolve) => {
      reached = resolve;
    });
    desk.imap.script = {
      onFetch: ({ body, uid, mailbox }) => {
        if (!body || mailbox.path[0] !== "INBOX" || uid !== 20) return undefined;
        reached();
        return { stallAfter: 10 };
      },
    };
    const running = desk.start("run", "nightly", ...args);
    await stalling;
    return running;
  }

  test.each([
    ["SIGINT", 130, "interrupted"],
    ["SIGTERM", 143, "terminated"],
  ] as const)("with %s ends with %i, and the next run brings the rest", async (signal, exitCode, name) => {
    const running = await stalledRun("--json");
    running.process.kill(signal);
    const { code, stdout } = await running.result;
    const report: RunReport = parseDocument(stdout);
    expect(code).toBe(exitCode);
    expect(report.exit).toEqual({ code: exitCode, name });
    expect(report.verdict).not.toBe("safe");

    desk.imap.script = {};
    const next: RunReport = parseDocument((await mailferry("run", "nightly", "--json")).stdout);
    expect(next.verdict).toBe("safe");
    const copied = [report, next].map(({ jobs }) => jobs[0]?.messages.copied ?? Number.NaN);
    expect((copied[0] ?? 0) + (copied[1] ?? 0)).toBe(62);
  });

  test("says what is safe and how to go on", async () => {
    const running = await stalledRun();
    running.process.kill("SIGINT");
    const { stdout, stderr } = await running.result;
    expect(stderr).toContain("Stopping; what has arrived whole is kept.");
    expect(lastLine(stdout)).toMatch(/stopped before .*To go on, run the same command again\.$/);
  });
});
