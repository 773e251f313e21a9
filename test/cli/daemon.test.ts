// `mailferry daemon` with a job file, local mail and simulated time; and as a process that is told to stop.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { daemon } from "../../src/cli/daemon.ts";
import { Stopped } from "../../src/cli/invocation.ts";
import { status } from "../../src/cli/status.ts";
import { type ImapServer, startImapServer } from "../../src/demo/imap-server.ts";
import { createMailStore } from "../../src/demo/mail-store.ts";
import type { JobEvent } from "../../src/jobs/events.ts";
import type { DaemonEvent } from "../../src/schedule/daemon.ts";
import { startCli } from "../support/cli.ts";
import { type Caller, openCaller } from "../support/in-process.ts";
import { temporaryFolder } from "../support/jobs.ts";
import { deliver } from "../support/moves.ts";
import { simulateTime } from "../support/simulated-time.ts";

const closing: ImapServer[] = [];
afterEach(() => Promise.all(closing.splice(0).map((server) => server.close())));

const mail = "From ada@example.org Thu Nov 26 10:00:00 2026\nSubject: a\n\nhello\n\n";

/** Writes a mailbox of one message, and a job for each name, that brings it into an archive of its own. */
function writeJobs(cwd: string, schedules: Readonly<Record<string, string>>, concurrency = 4): void {
  writeFileSync(join(cwd, "mail.mbox"), mail);
  const jobs = Object.entries(schedules).map(([name, schedule]) => ({
    name,
    from: { mbox: "./mail.mbox" },
    to: { archive: `./archives/${name}`, format: "mbox" },
    schedule,
  }));
  const file = { version: 1, defaults: { timezone: "Europe/Paris", concurrency }, accounts: {}, jobs };
  writeFileSync(join(cwd, "jobs.yaml"), JSON.stringify(file), { mode: 0o600 });
}

interface Days {
  readonly from: string;
  readonly until: string;
  readonly options?: { readonly events?: true; readonly json?: true };
  readonly meanwhile?: (event: DaemonEvent | JobEvent) => void;
}

/** The daemon for some days. Time stands still while anything runs. */
async function days({ call }: Caller, { from, until, options = { json: true }, meanwhile }: Days) {
  const time = simulateTime(from);
  const stop = new AbortController();
  time.at(until, () => stop.abort(new Stopped("terminated")));
  const ends = new Map<string, () => void>();
  const events: (DaemonEvent | JobEvent)[] = [];
  const result = await call(daemon, {
    ...options,
    signal: stop.signal,
    clock: time.clock,
    wait: time.wait,
    heard: (text) => {
      const event = JSON.parse(text) as DaemonEvent | JobEvent;
      events.push(event);
      meanwhile?.(event);
      if (event.type === "run-due") void time.hold(new Promise<void>((resolve) => ends.set(event.job, resolve)));
      if (event.type === "run-ended") ends.get(event.job)?.();
    },
  });
  const ended = events.flatMap((event) => (event.type === "run-ended" ? [event] : []));
  return { ...result, events, ended };
}

describe("daemon", () => {
  test("brings what is new each night, and remembers who started the runs", async () => {
    const caller = openCaller("");
    writeJobs(caller.cwd, { nightly: "30 2 * * *" });
    const first = await days(caller, { from: "2026-03-27T12:00Z", until: "2026-03-31T12:00Z" });
    expect(first.code).toBe(0);
    expect(first.ended.map(({ report }) => [report.startedAt, report.verdict, report.messages.copied])).toEqual([
      ["2026-03-28T01:30:00.000Z", "safe", 1],
      ["2026-03-29T01:00:00.000Z", "safe", 0],
      ["2026-03-30T00:30:00.000Z", "safe", 0],
      ["2026-03-31T00:30:00.000Z", "safe", 0],
    ]);
    expect(first.events.at(-1)).toEqual({ type: "daemon-stopped" });

    // Off for two nights.
    const second = await days(caller, { from: "2026-04-02T06:00Z", until: "2026-04-03T12:00Z" });
    expect(second.events.filter(({ type }) => type === "run-due")).toMatchObject([
      { due: "2026-04-01T00:30:00.000Z", missed: true },
      { due: "2026-04-03T00:30:00.000Z", missed: false },
    ]);
    const stands = await caller.call((invocation) => status([], {}, invocation), {
      json: true,
      clock: () => new Date("2026-04-03T12:00Z"),
    });
    expect(stands.document.jobs[0]).toMatchObject({ lastRun: { trigger: "schedule" }, overdue: false, messages: 1 });
  });

  test("catches up after a night that it was not there for, even if it never ran the job", async () => {
    const caller = openCaller("");
    writeJobs(caller.cwd, { nightly: "30 2 * * *" });
    const first = await days(caller, { from: "2026-11-20T12:00Z", until: "2026-11-20T20:00Z" });
    expect(first.ended).toEqual([]);
    const second = await days(caller, { from: "2026-11-21T08:00Z", until: "2026-11-21T09:00Z" });
    expect(second.ended).toHaveLength(1);
    const third = await days(caller, { from: "2026-11-21T10:00Z", until: "2026-11-21T12:00Z" });
    expect(third.ended).toEqual([]);
  });

  test("says in a line each what started, how it ended and what comes next", async () => {
    const caller = openCaller("");
    writeJobs(caller.cwd, { nightly: "30 2 * * *", broken: "30 3 * * *" });
    writeFileSync(
      join(caller.cwd, "jobs.yaml"),
      readFileSync(join(caller.cwd, "jobs.yaml"), "utf8").replace(
        '"name":"broken","from":{"mbox":"./mail.mbox"}',
        '"name":"broken","from":{"mbox":"./gone"}',
      ),
      { mode: 0o600 },
    );
    const time = simulateTime("2026-11-26T15:00Z");
    const stop = new AbortController();
    time.at("2026-11-27T12:00Z", () => stop.abort(new Stopped("terminated")));
    let ended: () => void = () => {};
    for (const due of ["2026-11-27T01:30Z", "2026-11-27T02:30Z"])
      time.at(due, () => void time.hold(new Promise<void>((resolve) => (ended = resolve))));
    const { stdout, stderr } = await caller.call(daemon, {
      signal: stop.signal,
      clock: time.clock,
      wait: time.wait,
      heard: (text) => {
        if (text.includes("; next: ")) ended();
      },
    });
    expect(stderr).toBe("");
    const root = caller.cwd;
    expect(stdout.split("\n")).toEqual([
      "2026-11-26 16:00  2 jobs on schedule",
      "  nightly   next: tomorrow, Fri 27 Nov 02:30 (in 11 hours)",
      "  broken    next: tomorrow, Fri 27 Nov 03:30 (in 12 hours)",
      "2026-11-27 02:30  nightly: started",
      "2026-11-27 02:30  nightly: SAFE, 1 new message, under 0.1 s; next: tomorrow, Sat 28 Nov 02:30 (in 24 hours)",
      "2026-11-27 03:30  broken: started",
      `2026-11-27 03:30  broken: FAILED, 0 new messages, under 0.1 s: ${root}/gone: it is not there (ENOENT) (MF-S602); next: tomorrow, Sat 28 Nov 03:30 (in 24 hours)`,
      "2026-11-27 13:00  stopping",
      "2026-11-27 13:00  stopped",
      "",
    ]);
  });

  test("has at most so many mailboxes at work at once as the job file says, whatever is due", async () => {
    const caller = openCaller("");
    const names = Array.from({ length: 60 }, (_, index) => `job${index}`);
    writeJobs(caller.cwd, Object.fromEntries(names.map((name) => [name, "30 2 * * *"])), 3);
    const atWork = new Set<string>();
    let most = 0;
    const { ended } = await days(caller, {
      from: "2026-11-26T15:00Z",
      until: "2026-11-27T12:00Z",
      options: { events: true },
      meanwhile: (event) => {
        if (event.type === "mailbox-listed") atWork.add(event.job);
        if (event.type === "mailbox-finished") atWork.delete(event.job);
        most = Math.max(most, atWork.size);
      },
    });
    expect(ended.map(({ job }) => job).sort()).toEqual(names.sort());
    expect(ended.filter(({ report }) => report.verdict !== "safe")).toEqual([]);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(3);
  });

  test("tries a log-in that was refused again the next night, with the password that is there then", async () => {
    const store = createMailStore("ada", "right");
    deliver(store, ["INBOX"], "a");
    const server = await startImapServer({ store });
    closing.push(server);
    const caller = openCaller("");
    writeFileSync(join(caller.cwd, "secret"), "wrong", { mode: 0o600 });
    const account = {
      protocol: "imap",
      host: "127.0.0.1",
      port: server.port,
      tls: "none",
      user: "ada",
      password: { file: "./secret" },
    };
    const job = (name: string) => ({
      name,
      from: "ada",
      to: { archive: `./${name}`, format: "mbox" },
      schedule: "30 2 * * *",
    });
    const file = { version: 1, accounts: { ada: account }, jobs: [job("one"), job("two")] };
    writeFileSync(join(caller.cwd, "jobs.yaml"), JSON.stringify(file), { mode: 0o600 });
    const nights: number[] = [];
    const { ended } = await days(caller, {
      from: "2026-11-26T15:00Z",
      until: "2026-11-28T12:00Z",
      meanwhile: (event) => {
        if (event.type !== "run-ended") return;
        nights.push(server.connections());
        // Somebody puts it right after the first night.
        if (nights.length === 2) writeFileSync(join(caller.cwd, "secret"), "right", { mode: 0o600 });
      },
    });
    expect(ended.map(({ report }) => report.exit.name)).toEqual(["log-in", "log-in", "ok", "ok"]);
    // The first night, only one of the two has tried.
    expect(nights[1]).toBe(1);
  });

  test("goes on with what it knows where the job file is broken meanwhile, and says so", async () => {
    const caller = openCaller("");
    writeJobs(caller.cwd, { nightly: "30 2 * * *" });
    const { ended, stderr } = await days(caller, {
      from: "2026-11-26T15:00Z",
      until: "2026-11-28T12:00Z",
      meanwhile: ({ type }) => {
        if (type === "run-ended") writeFileSync(join(caller.cwd, "jobs.yaml"), "version: 1\njo", { mode: 0o600 });
      },
    });
    expect(ended.map(({ report }) => report.verdict)).toEqual(["safe", "safe"]);
    expect(stderr).toMatch(/^jobs\.yaml can't be read again \(.+\); its jobs run as they were when it could\n$/);
  });

  test("is needed once: a second one for the same job file is refused", async () => {
    const caller = openCaller("");
    writeJobs(caller.cwd, { nightly: "30 2 * * *" });
    const stop = new AbortController();
    let second: Promise<unknown> = Promise.resolve();
    await caller.call(daemon, {
      json: true,
      signal: stop.signal,
      heard: (text) => {
        if (!text.includes("daemon-started")) return;
        second = caller.call(daemon).catch((error: unknown) => error);
        void second.then(() => stop.abort());
      },
    });
    expect(await second).toMatchObject({ code: "L801" });
  });

  test("without a job that has a schedule says so", async () => {
    const caller = openCaller("");
    const file = {
      version: 1,
      accounts: {},
      jobs: [{ name: "a", from: { mbox: "./m" }, to: { archive: "./a", format: "mbox" } }],
    };
    writeFileSync(join(caller.cwd, "jobs.yaml"), JSON.stringify(file), { mode: 0o600 });
    await expect(caller.call(daemon)).rejects.toMatchObject({ code: "C701" });
  });
});

test.each(["SIGTERM", "SIGINT"] as const)("on %s a daemon ends with 0, and leaves nothing behind", async (signal) => {
  const cwd = temporaryFolder();
  writeJobs(cwd, { nightly: "30 2 * * *" });
  const running = startCli(["daemon", "--json"], { cwd });
  await new Promise((resolve) => running.process.stdout?.once("data", resolve));
  running.process.kill(signal);
  const { code, stdout, stderr } = await running.result;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(
    stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).type),
  ).toEqual(["daemon-started", "daemon-stopping", "daemon-stopped"]);
  expect(existsSync(join(cwd, "archives"))).toBe(false);
});
