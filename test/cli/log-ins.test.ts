// Nights with a password that is refused, as users meet them: cron, a schedule, status, and how they go on.

import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { daemon } from "../../src/cli/daemon.ts";
import { Stopped } from "../../src/cli/invocation.ts";
import { run } from "../../src/cli/run.ts";
import { status } from "../../src/cli/status.ts";
import { verify } from "../../src/cli/verify.ts";
import { type ImapServer, startImapServer } from "../../src/demo/imap-server.ts";
import { createMailStore } from "../../src/demo/mail-store.ts";
import type { Trigger } from "../../src/jobs/run-record.ts";
import { runCli, runShell } from "../support/cli.ts";
import { unwrapped } from "../support/hostile.ts";
import { type HttpStage, startHttp } from "../support/http.ts";
import { type Caller, openCaller } from "../support/in-process.ts";
import { simulateTime } from "../support/simulated-time.ts";

const password = "analytical-engine";
const hasScript = spawnSync("script", ["--version"]).status === 0;
if (!hasScript) console.warn("NOT TESTED: that a terminal is known by the program itself. There is no script(1).");

let server: ImapServer;
let http: HttpStage;
let caller: Caller;

beforeEach(async () => {
  [server, http] = await Promise.all([startImapServer({ store: createMailStore("ada", password) }), startHttp()]);
  caller = openCaller("wrong");
  writeJobs();
});
afterEach(() => Promise.all([server.close(), http[Symbol.asyncDispose]()]));

function writeJobs(account: object = {}): void {
  const ada = {
    protocol: "imap",
    host: "127.0.0.1",
    port: server.port,
    tls: "none",
    user: "ada",
    password: { env: "PW" },
  };
  const file = {
    version: 1,
    defaults: { timezone: "Europe/Paris", retry: { attempts: 3, maxWait: "1ms" } },
    accounts: { ada: { ...ada, ...account } },
    jobs: [{ name: "nightly", from: "ada", to: { archive: "./ada", format: "mbox" }, schedule: "30 2 * * *" }],
    notify: { ntfy: { url: http.url, topic: "nights" } },
  };
  writeFileSync(join(caller.cwd, "jobs.yaml"), JSON.stringify(file), { mode: 0o600 });
}

const tries = () => server.log.filter((line) => line.includes("AUTHENTICATE")).length;

/** A night of November 2026. */
function night(
  day: number,
  { trigger, atTerminal, pw = "wrong" }: { trigger?: Trigger; atTerminal?: true; pw?: string } = {},
) {
  return caller.call(
    (invocation) => run([], false, { ...invocation, atTerminal, env: { ...invocation.env, PW: pw } }, trigger),
    { clock: () => new Date(`2026-11-${day}T01:30Z`) },
  );
}

const statusOn = (day: number, json?: true) =>
  caller.call((invocation) => status([], {}, invocation), {
    ...(json && { json }),
    clock: () => new Date(`2026-11-${day}T12:00Z`),
  });

test("a plain cron line tries three nights, then says what to do and tries no more", async () => {
  for (const day of [20, 21, 22]) expect((await night(day)).code).toBe(4);
  const third = await night(23);
  expect(third.code).toBe(4);
  expect(tries()).toBe(3);
  const text = unwrapped(third.stdout);
  expect(text).toContain("MF-A201");
  expect(text).toContain("no log-in was tried for ada@127.0.0.1: the server has refused it in 3 runs in a row");
  expect(text).toContain(
    "Put the log-in right, then start it yourself, at a terminal or with --yes: mailferry run nightly.",
  );
});

test("whoever starts it at a terminal tries once more; a schedule never does, terminal or not", async () => {
  for (const day of [20, 21, 22]) await night(day, { trigger: "schedule" });
  await night(23, { trigger: "schedule", atTerminal: true });
  expect(tries()).toBe(3);
  expect((await night(23, { atTerminal: true })).code).toBe(4);
  expect(tries()).toBe(4);
  expect((await night(24, { atTerminal: true, pw: password })).code).toBe(0);
  expect((await night(25, { trigger: "schedule", pw: password })).code).toBe(0);
});

test("--yes is for where there is no terminal", async () => {
  for (const day of [20, 21, 22]) await night(day);
  const at = { cwd: caller.cwd, env: { PW: password } };
  const refused = await runCli(["run"], at);
  expect([refused.code, tries()]).toEqual([4, 3]);
  expect((await runCli(["run", "--yes"], at)).code).toBe(0);
  expect((await runCli(["run"], at)).code).toBe(0);
});

test.runIf(hasScript)("a terminal is known by the program itself", async () => {
  for (const day of [20, 21, 22]) await night(day);
  const program = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
  // script(1) gives it a terminal of its own.
  const inTerminal = (args: string) =>
    runShell(`script -qec "'${process.execPath}' '${program}' run --plain ${args}" /dev/null`, {
      cwd: caller.cwd,
      env: { PW: password },
    });
  expect((await inTerminal("--scheduled")).stdout).toContain("no log-in was tried");
  expect(tries()).toBe(3);
  expect((await inTerminal("")).stdout).toContain("SAFE");
});

test("another account in the job file is another log-in", async () => {
  for (const day of [20, 21, 22]) await night(day);
  writeJobs({ password: { file: "./nowhere" } });
  expect((await night(23)).stdout).toContain("MF-A206");
  writeJobs({ auth: "plain" });
  await night(24);
  expect(tries()).toBe(4);
});

test("status shows a job that is paused, why, and how it goes on", async () => {
  for (const day of [20, 21]) await night(day);
  expect((await statusOn(21)).stdout).not.toContain("PAUSED");
  await night(22);
  const { code, stdout } = await statusOn(22);
  expect(code).toBe(0);
  expect(unwrapped(stdout)).toContain(
    "nightly: PAUSED: the log-in of ada@127.0.0.1 was refused in 3 runs in a row, the last on Sun 22 Nov 02:30, and no run tries it any more. Put it right, then at a terminal: mailferry run nightly.",
  );
  expect((await statusOn(22, true)).document.jobs[0].warnings).toEqual([
    { kind: "paused", account: "ada@127.0.0.1", refusals: 3, lastRefused: "2026-11-22T01:30:00.000Z" },
  ]);
  await night(23, { atTerminal: true, pw: password });
  expect((await statusOn(23)).stdout).not.toContain("PAUSED");
});

test("it is told as any failure is: at once, then once a day, with what to do about the pause", async () => {
  for (const day of [20, 21, 22, 23]) await night(day, { trigger: "schedule" });
  expect(http.requests.map(({ headers }) => headers.priority)).toEqual(["4", "3", "3", "3"]);
  expect(http.requests.map(({ body }) => /start it yourself/.test(body))).toEqual([false, false, true, true]);
});

test("a daemon pauses alike, and goes on when a person has had the log-in granted", async () => {
  const nights = async (from: string, until: string) => {
    const time = simulateTime(from);
    const stop = new AbortController();
    time.at(until, () => stop.abort(new Stopped("terminated")));
    let ended = () => {};
    return caller.call(daemon, {
      json: true,
      signal: stop.signal,
      clock: time.clock,
      wait: time.wait,
      heard: (line) => {
        const { type } = JSON.parse(line);
        if (type === "run-due")
          void time.hold(
            new Promise<void>((resolve) => {
              ended = resolve;
            }),
          );
        if (type === "run-ended") ended();
      },
    });
  };
  await nights("2026-11-10T12:00Z", "2026-11-16T12:00Z");
  expect(tries()).toBe(3);
  await night(17, { atTerminal: true, pw: password });
  await nights("2026-11-18T12:00Z", "2026-11-20T12:00Z");
  // That of the 18th is caught up with.
  expect(tries()).toBe(7);
});

test("a comparison with the server is a log-in, too", async () => {
  await night(20, { pw: password });
  const compare = () =>
    caller.call((invocation) => verify("./ada", { server: true }, invocation)).catch((error: unknown) => error);
  for (let time = 0; time < 5; time += 1) expect(await compare()).toMatchObject({ code: "A201" });
  expect(tries()).toBe(1 + 3);
});
