// The commands that go with a run: real processes, and what becomes of the job.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { formatJobSummary } from "../../src/cli/summary.ts";
import { type JobEvent, type JobReport, parseJobFile, runJobs } from "../../src/index.ts";
import type { Command, Hooks, Job } from "../../src/jobs/job.ts";
import { runCommand } from "../../src/jobs/run-command.ts";
import { runsOf } from "../../src/jobs/run-record.ts";
import { temporaryFolder } from "../support/jobs.ts";

const message = "From ada@example.org Sat Jan  2 03:04:05 2021\nSubject: one\n\ntext\n";

/** A job from an mbox file of one message, in a folder of its own. */
function setUp(hooks: Hooks, changes: Partial<Job> = {}) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "mail"), message);
  const job: Job = {
    name: "nightly",
    from: { mbox: join(folder, "mail") },
    to: { archive: join(folder, "archive"), format: "mbox" },
    mailboxes: { include: ["*"], exclude: [], map: [] },
    filter: {},
    verify: "after",
    retry: { attempts: 1, maxWaitMs: 0 },
    hooks,
    baseDir: folder,
    hookEnv: () => ({ PATH: process.env.PATH }),
    ...changes,
  };
  return { folder, job, state: join(folder, "state"), log: () => readLog(folder) };
}

const readLog = (folder: string) => {
  const path = join(folder, "log");
  // Made, and perhaps not written to yet.
  return existsSync(path) ? (readFileSync(path, "utf8").match(/.+(?=\n)/g) ?? []) : [];
};

/** Writes its name and what it is told to the file `log` of the folder it starts in. */
const logging = (name: string, exit = 0): Command => [
  "sh",
  "-c",
  `echo "${name} $MAILFERRY_JOB $MAILFERRY_VERDICT $MAILFERRY_EXIT $MAILFERRY_NEW $MAILFERRY_MISSING" >> log; exit ${exit}`,
];

async function runOne(job: Job, options: Partial<Parameters<typeof runJobs>[1]> = {}): Promise<JobReport> {
  const report = await runJobs([job], { concurrency: 1, ...options });
  const [only] = report.jobs;
  if (only === undefined) throw new Error("no report");
  expect(report.exit).toEqual(only.exit);
  return only;
}

const lines = (job: JobReport) =>
  formatJobSummary(job, { language: "en", cwd: "/", paint: noPaint, verbose: false, reportWith: ["mailferry"] });
const plain = (text: string) => text;
const noPaint = { bold: plain, dim: plain, red: plain, green: plain, yellow: plain, cyan: plain } as never;

describe("the commands of a job", () => {
  test("run before and after it, in the folder of the job file, and are told what became of it", async () => {
    const { job, log } = setUp({ before: logging("before"), after: logging("after"), onFailure: logging("failed") });
    const events: JobEvent[] = [];
    const report = await runOne(job, { report: (event) => events.push(event) });
    expect(report).toMatchObject({ verdict: "safe", exit: { code: 0 }, messages: { copied: 1 } });
    expect(report.notices).toBeUndefined();
    expect(log()).toEqual(["before nightly    ", "after nightly safe 0 1 0"]);
    expect(events.flatMap((event) => (event.type === "hook-started" ? [[event.hook, event.program]] : []))).toEqual([
      ["before", "sh"],
      ["after", "sh"],
    ]);
  });

  test("keep the job from running where before fails, which is a failure that is over when the disk is back", async () => {
    const before: Command = ["sh", "-c", "echo ignored; echo 'no such disk' >&2; exit 32"];
    const { job, log, folder, state } = setUp({ before, after: logging("after"), onFailure: logging("failed") });
    const report = await runOne(job, { stateDirectory: state, trigger: "schedule" });
    expect(report).toMatchObject({
      verdict: "failed",
      exit: { code: 5, name: "temporary" },
      error: {
        code: "C702",
        message: 'before: "sh" failed with exit code 32; it said "no such disk"; the job was not run',
      },
      mailboxes: [],
    });
    expect(existsSync(join(folder, "archive"))).toBe(false);
    // The last one tidies up.
    expect(log()).toEqual(["failed nightly failed 5 0 0", "after nightly failed 5 0 0"]);
    expect(await runsOf(job, state)).toMatchObject([{ verdict: "failed", code: "C702", exit: { code: 5 } }]);
  });

  test("run on failure where the verdict is not safe", async () => {
    const { job, log } = setUp({ after: logging("after"), onFailure: logging("failed") }, { from: { mbox: "/none" } });
    expect(await runOne(job)).toMatchObject({ verdict: "failed" });
    expect(log().map((line) => line.split(" ")[0])).toEqual(["failed", "after"]);
  });

  test("make the mail no less safe where after fails, but the exit code is not 0 and the report says why", async () => {
    const { job, state } = setUp({ after: ["sh", "-c", "echo offsite is away; exit 3"] });
    const report = await runOne(job, { stateDirectory: state, trigger: "schedule" });
    expect(report).toMatchObject({
      verdict: "safe",
      exit: { code: 5, name: "temporary" },
      notices: [{ code: "C702", reason: 'after: "sh" failed with exit code 3; it said "offsite is away"' }],
    });
    expect(lines(report).join("\n")).toContain("MF-C702  after: ");
    expect(await runsOf(job, state)).toMatchObject([{ verdict: "safe", exit: { code: 5 } }]);
  });

  test("are not run in a rehearsal, which says so", async () => {
    const { job, log } = setUp({ before: logging("before"), after: logging("after") });
    const report = await runOne(job, { dryRun: true });
    expect(report).toMatchObject({ verdict: "rehearsal", hooksLeftOut: ["before", "after"] });
    expect(log()).toEqual([]);
    expect(lines(report)).toContain("  The job's own commands are not run in a rehearsal: before, after");
  });

  test("end with the run when it is interrupted, and after tidies up", async () => {
    const { job, log, folder } = setUp({
      before: ["sh", "-c", "echo started >> log; sleep 600 & wait"],
      after: logging("after"),
      onFailure: logging("failed"),
    });
    const stop = new AbortController();
    const report = runOne(job, {
      signal: stop.signal,
      report: (event) => {
        if (event.type === "hook-started" && event.hook === "before") stopWhen(() => log().length > 0, stop);
      },
    });
    expect(await report).toMatchObject({ verdict: "failed", exit: { name: "interrupted" } });
    expect(log()).toEqual(["started", "after nightly failed 130 0 0"]);
    expect(existsSync(join(folder, "archive"))).toBe(false);
  });
});

test("an interrupt ends what tidies up, too, and the mail is as safe as it was", async () => {
  const { job, log } = setUp({ after: ["sh", "-c", "echo started >> log; sleep 600 & wait"] });
  const stop = new AbortController();
  const report = await runOne(job, {
    signal: stop.signal,
    report: (event) => {
      if (event.type === "hook-started") stopWhen(() => log().length > 0, stop);
    },
  });
  expect(report).toMatchObject({
    verdict: "safe",
    exit: { code: 130, name: "interrupted" },
    notices: [{ code: "C702", reason: 'after: "sh" was stopped' }],
  });
});

function stopWhen(ready: () => boolean, stop: AbortController): void {
  if (ready()) stop.abort(new Error("stopped"));
  else setImmediate(() => stopWhen(ready, stop));
}

describe("a command", () => {
  const options = { cwd: undefined, env: { PATH: process.env.PATH }, timeoutMs: 60_000, signal: undefined };

  test("that hangs is ended", async () => {
    expect(await runCommand(["sleep", "600"], { ...options, timeoutMs: 300 })).toEqual({
      failure: "did not end within 1 s",
    });
  });

  test("is ended with all it has started, however deaf that is", async () => {
    const folder = temporaryFolder();
    const deaf = "trap '' TERM; sleep 600 & echo $! > child; echo $$ > self; wait";
    const stop = new AbortController();
    const command: Command = ["sh", "-c", `trap 'exit 9' TERM; sh -c "$0" & wait`, deaf];
    const running = runCommand(command, { ...options, cwd: folder, signal: stop.signal });
    stopWhen(() => existsSync(join(folder, "self")) && readFileSync(join(folder, "self")).includes("\n"), stop);
    expect(await running).toEqual({ failure: "was stopped" });
    for (const name of ["child", "self"]) {
      const pid = Number(readFileSync(join(folder, name), "utf8"));
      expect(pid).toBeGreaterThan(1);
      await expect.poll(() => isGone(pid), { timeout: 20_000 }).toBe(true);
    }
  });

  test("is shown by the end of its last line, in which nothing steers a terminal", async () => {
    const words = `\\033]0;owned\\007\\033[2J${"x".repeat(300)}`;
    const { failure } = await runCommand(["sh", "-c", `printf '%b\\n\\n' '${words}' >&2; exit 1`], options);
    expect(failure).toMatch(/^failed with exit code 1; it said "\\x1b]0;owned\\x07\\x1b\[2Jx+…"$/);
    expect(failure?.length).toBeLessThan(300);
  });

  test("may print without end, and little of it is kept", async () => {
    const script =
      "const line = 'y'.repeat(1023) + '\\n'; process.stdout.write(line.repeat(20_000)); process.exitCode = 4";
    const { failure } = await runCommand([process.execPath, "-e", script], options);
    expect(failure).toMatch(/^failed with exit code 4; it said "y{200}…"$/);
  });

  test("does not give its arguments away, even if it repeats them", async () => {
    const secret = "https://hc.example/9f3c1e77";
    const script = 'echo "can\'t reach $0 with $1" >&2; exit 6';
    const { failure } = await runCommand(["sh", "-c", script, secret, "--token=s3cr3t-token"], options);
    expect(failure).toBe('failed with exit code 6; it said "can\'t reach *** with ***"');
    expect(await runCommand(["/bin/true", "a\0secret"], options)).toEqual({ failure: "could not be started" });
    expect(await runCommand(["/no/such/program", secret], options)).toEqual({ failure: "was not found" });
  });

  test("may leave something running, which is not waited for", async () => {
    const folder = temporaryFolder();
    const outcome = await runCommand(["sh", "-c", "sleep 600 & echo $! > child"], { ...options, cwd: folder });
    expect(outcome).toEqual({ failure: undefined });
    const pid = Number(readFileSync(join(folder, "child"), "utf8"));
    expect(isGone(pid)).toBe(false);
    process.kill(pid, "SIGKILL");
  });
});

/** Gone, or dead and not collected yet. */
function isGone(pid: number): boolean {
  try {
    return /^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return true;
  }
}

test("a command's environment is the program's, without what holds a secret of the job file", async () => {
  const text = `version: 1
accounts:
  used: { protocol: imap, host: imap.example.org, user: ada, password: { env: PW_USED } }
  other: { protocol: imap, host: imap.example.org, user: bob, password: { env: PW_OTHER } }
jobs:
  - name: nightly
    from: used
    to: { archive: ./a, format: mbox }
    hooks: { before: [env] }
notify:
  email: { to: [it@example.org], smtp: { host: smtp.example.org, user: it, password: { env: PW_SMTP } } }
  ntfy: { topic: mail, token: { env: PW_NTFY } }
`;
  const env = { PATH: "/bin", PW_USED: "1", PW_OTHER: "2", PW_SMTP: "3", PW_NTFY: "4", HOME: "/home/ada" };
  const { jobs } = await parseJobFile(text, "/etc/mail/jobs.yaml", env);
  expect(jobs[0]?.hookEnv?.()).toEqual({ PATH: "/bin", HOME: "/home/ada" });
});

describe("a job that waits for a path", () => {
  test("is skipped where it is not there, before anything else, and that is a run", async () => {
    const pathExists = "/no/such\u001b[2J/disk";
    const { job, log, folder, state } = setUp(
      { before: logging("before"), after: logging("after") },
      { when: { pathExists } },
    );
    const report = await runOne(job, { stateDirectory: state, trigger: "schedule" });
    expect(report).toMatchObject({ verdict: "skipped", exit: { code: 75, name: "skipped" }, mailboxes: [] });
    expect(lines(report).at(-1)).toBe("SKIPPED: /no/such\\x1b[2J/disk is not there; nothing was done.");
    expect(log()).toEqual([]);
    expect(existsSync(join(folder, "archive"))).toBe(false);
    expect(await runsOf(job, state)).toMatchObject([{ verdict: "skipped", exit: { code: 75 } }]);
    expect(await runOne(job, { dryRun: true })).toMatchObject({ verdict: "skipped" });
  });

  test("runs where it is there, be it a file or a folder", async () => {
    const { job, folder } = setUp({});
    for (const pathExists of [folder, join(folder, "mail")]) {
      expect(await runOne({ ...job, when: { pathExists } })).toMatchObject({ verdict: "safe" });
    }
  });

  test("leaves the exit code to jobs that fare worse", async () => {
    const { job } = setUp({}, { when: { pathExists: "/no/such/disk" } });
    const sound = setUp({}).job;
    const broken = setUp({}, { from: { mbox: "/no/such/mail" } }).job;
    const exitOf = async (...jobs: Job[]) =>
      (
        await runJobs(
          jobs.map((each, index) => ({ ...each, name: `${index}` })),
          { concurrency: 1 },
        )
      ).exit.code;
    expect(await exitOf(sound, job)).toBe(75);
    expect(await exitOf(job, broken)).not.toBe(75);
    expect(await exitOf(job, broken)).not.toBe(0);
  });
});
