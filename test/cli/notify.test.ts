// Who is told of runs, from the job file to the wire; and that no secret of it is seen on the way.

import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { show } from "../../src/cli/config.ts";
import { daemon } from "../../src/cli/daemon.ts";
import { Stopped } from "../../src/cli/invocation.ts";
import { chooseJobs } from "../../src/cli/job-file.ts";
import { notifyTest } from "../../src/cli/notify.ts";
import { performRun } from "../../src/cli/perform.ts";
import { loadJobFile } from "../../src/jobs/load.ts";
import type { Trigger } from "../../src/jobs/run-record.ts";
import { type HttpStage, startHttp } from "../support/http.ts";
import { type Caller, type Caught, openCaller } from "../support/in-process.ts";
import { readMail, type SmtpStage, startSmtp } from "../support/smtp.ts";
import { at } from "../support/telling.ts";

const canary = "cAn4ry-5ecret";
let caller: Caller;
let http: HttpStage;
let smtp: SmtpStage;
let caught: Caught[];
beforeEach(async () => {
  caught = [];
  [http, smtp] = await Promise.all([startHttp(), startSmtp({ authOptional: false })]);
  caller = openCaller(`${canary}-right`);
  mkdirSync(join(caller.cwd, "out"));
  writeFileSync(join(caller.cwd, "good.mbox"), "From a@b Thu Jan  1 00:00:00 2026\nSubject: one\n\nHello\n");
});
afterEach(async () => {
  await Promise.all([http[Symbol.asyncDispose](), smtp[Symbol.asyncDispose]()]);
});

/** `good` works; `bad` does when `bad.mbox` is there; nobody runs `weekly`. */
function writeJobs(notify: object | undefined, weekly = {}): void {
  const job = (name: string, more = {}) => ({
    name,
    from: { mbox: `./${name}.mbox` },
    to: { archive: `./out/${name}`, format: "maildir" },
    ...more,
  });
  const jobs = [
    job("good"),
    job("bad"),
    job("weekly", { schedule: "30 2 * * 1", from: { mbox: "./good.mbox" }, ...weekly }),
  ];
  const file = {
    version: 1,
    accounts: {},
    defaults: { timezone: "UTC", retry: { attempts: 1, maxWait: "1ms" } },
    jobs,
    notify,
  };
  writeFileSync(join(caller.cwd, "jobs.yaml"), JSON.stringify(file), { mode: 0o600 });
}

const everyone = (password = { env: "PW" }, path = canary) => ({
  email: { to: ["it@example.org"], smtp: { host: "127.0.0.1", port: smtp.port, tls: "none", user: "ada", password } },
  ntfy: { url: http.url, topic: `${canary}-topic`, token: { env: "PW" } },
  ping: { url: `${http.url}/${path}-ping` },
  webhook: [{ url: `${http.url}/${path}-hook` }],
});

async function call(command: Parameters<Caller["call"]>[0], options?: Parameters<Caller["call"]>[1]): Promise<Caught> {
  const result = await caller.call(command, options);
  caught.push(result);
  return result;
}

function run(
  names: readonly string[],
  time: string,
  trigger: Trigger = "schedule",
  signal = new AbortController().signal,
): Promise<Caught> {
  return call(
    async (invocation) => {
      const file = await loadJobFile("jobs.yaml", invocation.env);
      const jobs = chooseJobs(file.jobs, names, false, "en");
      return performRun({ command: "run", jobs, concurrency: 2, following: { trigger, file } }, invocation);
    },
    { clock: () => at(time), json: true, quiet: true, signal },
  );
}

const subjects = () => smtp.mails.map(({ raw }) => readMail(raw).headers.get("subject"));
const paths = () => http.requests.map(({ path }) => path.slice(1).replace(`${canary}-`, ""));

function expectNoTrace(): void {
  expect(readFileSync(join(caller.cwd, "jobs.yaml"), "utf8")).toContain(canary);
  const files = readdirSync(caller.cwd, { recursive: true, encoding: "utf8" })
    .filter((name) => name !== "jobs.yaml" && statSync(join(caller.cwd, name)).isFile())
    .map((name) => readFileSync(join(caller.cwd, name), "latin1"));
  const sent = [...smtp.mails.map(({ raw }) => raw), ...http.requests.map(({ body }) => body)];
  const traces = [
    canary,
    Buffer.from(`\0ada\0${canary}-right`).toString("base64"),
    Buffer.from(canary).toString("base64").slice(0, 16),
  ];
  for (const text of [...files, ...sent, ...caught.flatMap(({ stdout, stderr }) => [stdout, stderr])]) {
    for (const trace of traces) expect(text).not.toContain(trace);
  }
}

test("nights of a scheduled run: told over every channel, reminded a day later, and told that it is over", async () => {
  writeJobs(everyone());
  const first = await run(["good", "bad"], "2026-11-22T02:30");
  expect(first.code).not.toBe(0);
  expect(first.stderr).toBe("");
  expect(subjects()).toEqual([expect.stringMatching(/^mailferry: bad FAILED, /)]);
  expect(paths().sort()).toEqual(["hook", "ping/fail", "ping/start", "topic"]);
  expect(paths()[0]).toBe("ping/start");
  expect(http.requests.find(({ path }) => path.endsWith("/fail"))?.body).toMatch(
    /^good: SAFE, 1 on the server = 1 stored \+ 0 missing, 1 new\nbad: FAILED, MF-\w+, 0 on/,
  );
  await run(["good", "bad"], "2026-11-22T14:30");
  expect(smtp.mails.length).toBe(1);
  await run(["good", "bad"], "2026-11-23T02:30");
  writeFileSync(join(caller.cwd, "bad.mbox"), "From a@b Thu Jan  1 00:00:00 2026\nSubject: two\n\nHello\n");
  http.requests.splice(0);
  const last = await run(["good", "bad"], "2026-11-24T02:30");
  expect([last.code, last.stderr]).toEqual([0, ""]);
  expect(subjects().slice(1)).toEqual([
    expect.stringMatching(/^mailferry: bad still FAILED, /),
    "mailferry: bad SAFE again, 1 new message",
  ]);
  expect(paths().sort()).toEqual(["hook", "ping", "ping/start", "topic"]);
  await run(["good", "bad"], "2026-11-25T02:30");
  expect(smtp.mails.length).toBe(3);
  expectNoTrace();
});

test("of a run that a person started nobody hears, unless asked for; a monitor hears of scheduled runs alone", async () => {
  writeJobs(everyone());
  await run(["bad"], "2026-11-22T02:30", "person");
  expect([smtp.mails.length, http.requests.length]).toEqual([0, 0]);
  writeJobs({ ...everyone(), onlyScheduled: false });
  await run(["bad"], "2026-11-22T03:30", "person");
  expect([smtp.mails.length, paths().sort()]).toEqual([1, ["hook", "topic"]]);
});

test("a channel that fails is said, stops no other, and does no harm to the run", async () => {
  writeFileSync(join(caller.cwd, "wrong"), `${canary}-wrong\n`, { mode: 0o600 });
  writeJobs({ ...everyone({ file: "./wrong" } as never), when: ["success"] });
  http.answer = ({ path }, response) => response.writeHead(path.endsWith("-hook") ? 404 : 200).end(canary);
  const { code, stderr, document } = await run(["good"], "2026-11-22T02:30");
  expect([code, document.verdict]).toEqual([0, "safe"]);
  expect(stderr.trim().split("\n").sort()).toEqual([
    'mailferry could not notify by email (127.0.0.1): the log-in was refused: "535 not ***"',
    `mailferry could not notify by webhook (${http.url}): it answered 404`,
  ]);
  expect(paths().sort()).toEqual(["hook", "ping", "ping/start", "topic"]);
  writeFileSync(join(caller.cwd, "wrong"), "x", { mode: 0o600 });
  expectNoTrace();
});

test("a job that nobody has run is told of by the run of another", async () => {
  writeJobs({ webhook: [{ url: http.url }] });
  await run(["good"], "2026-11-22T02:30");
  expect(http.requests).toEqual([]);
  await run(["weekly"], "2026-11-23T02:30");
  await run(["good"], "2026-11-30T02:50");
  expect(http.requests).toEqual([]);
  await run(["good"], "2026-12-02T02:30");
  await run(["good"], "2026-12-02T03:30");
  expect(http.requests.map(({ body }) => JSON.parse(body))).toMatchObject([
    {
      event: "overdue",
      job: "weekly",
      verdict: "overdue",
      text: "mailferry: weekly OVERDUE, last success 23 Nov 2026, 02:30",
    },
  ]);
  await run(["weekly"], "2026-12-02T09:00");
  expect(JSON.parse(http.requests[1]?.body ?? "")).toMatchObject({ event: "recovered", job: "weekly" });
});

test("a run that was stopped is neither well nor failed: nobody is told, and the monitor waits", async () => {
  writeJobs(everyone());
  const signal = AbortSignal.abort(new Stopped("terminated"));
  expect((await run(["good", "bad"], "2026-11-22T02:30", "schedule", signal)).code).toBe(143);
  expect([smtp.mails.length, paths()]).toEqual([0, ["ping/start"]]);
});

test("a daemon tells of a job that is overdue while nothing runs", async () => {
  writeJobs({ webhook: [{ url: http.url }] }, { staleAfter: "36h" });
  await run(["weekly"], "2026-11-23T02:30");
  let now = at("2026-11-24T02:30").getTime();
  const stop = new AbortController();
  await call(daemon, {
    clock: () => new Date(now),
    signal: stop.signal,
    quiet: true,
    wait: async (ms) => {
      now += ms;
      // Time does not wait for what is on its way; it ends when that has arrived.
      if (http.requests.length > 0) stop.abort(new Stopped("terminated"));
      await setImmediate();
    },
  });
  const told = http.requests.map(({ body }) => JSON.parse(body));
  expect(told[0]).toMatchObject({ event: "overdue", job: "weekly", lastSuccess: "2026-11-23T02:30:00.000Z" });
});

test("notify test tries everything and says what happened", async () => {
  writeJobs(everyone());
  const { code, stdout } = await call(notifyTest);
  expect(code).toBe(0);
  expect(stdout.split("\n")).toEqual([
    "email       sent        127.0.0.1",
    `ntfy        sent        ${http.url}`,
    `webhook     sent        ${http.url}`,
    `ping        sent        ${http.url}: the monitor counts it as a success`,
    "",
  ]);
  expect(subjects()).toEqual(["mailferry: this is a test"]);
  http.answer = ({ path }, response) => response.writeHead(path.endsWith("-topic") ? 403 : 200).end();
  const refused = await call(notifyTest, { json: true });
  expect(refused.code).toBe(5);
  expect(refused.document).toMatchObject({
    command: "notify test",
    verdict: "failed",
    exit: { code: 5, name: "temporary" },
    channels: [
      { channel: "email", delivered: true },
      { channel: "ntfy", delivered: false, remark: "it answered 403" },
      { channel: "webhook", delivered: true },
      { channel: "ping", delivered: true },
    ],
  });
  await call(show, { json: true });
  await call(show);
  expectNoTrace();
});

test("notify test says so where nobody is to be told", async () => {
  for (const notify of [undefined, { when: ["failure"] }]) {
    writeJobs(notify);
    await expect(caller.call(notifyTest)).rejects.toMatchObject({
      code: "C701",
      message: "jobs.yaml names nobody to notify",
    });
  }
});
