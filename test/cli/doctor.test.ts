// `mailferry doctor`: what it finds, and that nothing is changed by looking.

import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { doctor } from "../../src/cli/doctor.ts";
import { run } from "../../src/cli/run.ts";
import { startImapServer } from "../../src/demo/imap-server.ts";
import { createDemoStore } from "../../src/demo/messages.ts";
import { acquireDaemonLock } from "../../src/schedule/daemon-lock.ts";
import { type Call, type Caller, openCaller } from "../support/in-process.ts";

const password = "analytical-engine-canary";
let caller: Caller;
const mail = "From ada@example.org Thu Nov 26 10:00:00 2026\nSubject: a\n\nhello\n\n";

beforeEach(() => {
  caller = openCaller(password);
  writeFileSync(join(caller.cwd, "mail.mbox"), mail);
});

function writeJobs(accounts: object, ...jobs: readonly object[]) {
  writeFileSync(join(caller.cwd, "jobs.yaml"), JSON.stringify({ version: 1, accounts, jobs }), { mode: 0o600 });
}

const local = (more: object = {}) => ({
  name: "nightly",
  from: { mbox: "./mail.mbox" },
  to: { archive: "./ada", format: "mbox" },
  ...more,
});

const look = (options: Call = {}, network = false) =>
  caller.call((invocation) => doctor({ network }, invocation), options);

interface Check {
  readonly name: string;
  readonly level: string;
  readonly code?: string;
  readonly text: string;
}

async function checks(options: Call = {}, network = false) {
  const { document, code } = await look({ json: true, ...options }, network);
  return { code, checks: document.checks as Check[], verdict: document.verdict };
}

describe("doctor", () => {
  test("finds a machine that is fit, asks the server and does not log in", async () => {
    const server = await startImapServer({ store: createDemoStore("ada", password) });
    const { port } = server;
    const account = { protocol: "imap", host: "127.0.0.1", port, tls: "none", user: "ada", password: { env: "PW" } };
    writeJobs({ home: account }, { name: "nightly", from: "home", to: { archive: "./ada", format: "maildir" } });
    const before = readdirSync(caller.cwd, { recursive: true }).filter((name) => !String(name).startsWith("state"));
    const found = await look({}, true);
    await server.close();
    expect(found.code).toBe(0);
    expect(found.stdout).toMatch(/^ok +Account home: its password can be read$/m);
    expect(found.stdout).toMatch(/^info +Account home: 127\.0\.0\.1:\d+ answers; nothing is encrypted/m);
    expect(found.stdout).toMatch(/^ok +Archive \.\/ada: will be made by the first run, /m);
    expect(found.stdout.trimEnd().split("\n").at(-1)).toMatch(/^(ALL IS WELL|FIT TO RUN)/);
    expect(found.stdout + found.stderr).not.toContain(password);
    expect(server.log.join("\n")).not.toMatch(/LOGIN|AUTHENTICATE/);
    const after = readdirSync(caller.cwd, { recursive: true }).filter((name) => !String(name).startsWith("state"));
    expect(after).toEqual(before);
  });

  test("asks nobody with --no-network", async () => {
    const server = await startImapServer({ store: createDemoStore("ada", password) });
    const account = { protocol: "imap", host: "127.0.0.1", port: server.port, tls: "none", user: "ada" };
    writeJobs({ home: { ...account, password: { env: "PW" } } }, local());
    expect((await checks()).checks.map(({ name }) => name)).not.toContain("server:home");
    await server.close();
    expect(server.log).toEqual([]);
  });

  test("shows the mistakes of a job file as one error, and goes on", async () => {
    writeFileSync(join(caller.cwd, "jobs.yaml"), "version: 1\nacounts: {}\n", { mode: 0o600 });
    const { code, checks: found, verdict } = await checks();
    expect({ code, verdict }).toEqual({ code: 6, verdict: "failed" });
    expect(found.filter(({ level }) => level === "error")).toMatchObject([{ name: "job-file", code: "C701" }]);
    expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(["node", "system", "clock", "state"]));
  });

  test("works without a job file, and says what to do instead; one that is named must be there", async () => {
    const { code, checks: found } = await checks();
    expect(code).toBe(0);
    expect(found).toContainEqual(expect.objectContaining({ name: "job-file", level: "info" }));
    expect((await checks({ config: "other.yaml" })).code).toBe(6);
  });

  test("ends with the worst of its errors", async () => {
    writeFileSync(join(caller.cwd, "pw"), "secret", { mode: 0o600 });
    chmodSync(join(caller.cwd, "pw"), 0o644);
    const account = { protocol: "imap", host: "127.0.0.1", port: 1, tls: "none", user: "ada" };
    writeJobs({ home: { ...account, password: { file: "./pw" } } }, local());
    const refused = await checks({}, true);
    expect(refused.code).toBe(4);
    expect(refused.checks.filter(({ level }) => level === "error").map(({ code }) => code)).toEqual(["A206", "N302"]);
    mkdirSync(join(caller.cwd, "ada"));
    writeFileSync(join(caller.cwd, "ada", "something"), "else");
    expect((await checks()).code).toBe(9);
  });

  test("knows an archive that is gone, which no job file needs to name", async () => {
    writeJobs({}, local());
    await caller.call((invocation) => run([], false, invocation, "person"));
    expect((await checks()).code).toBe(0);
    rmSync(join(caller.cwd, "ada"), { recursive: true });
    const gone = await checks();
    expect(gone.code).toBe(9);
    expect(gone.checks).toContainEqual(expect.objectContaining({ level: "error", code: "D502" }));
    rmSync(join(caller.cwd, "jobs.yaml"));
    const { code, checks: found } = await checks();
    expect(code).toBe(0);
    expect(found).toContainEqual(expect.objectContaining({ level: "warning", code: "D502" }));
  });

  test("says that a disk which a job waits for is not there, and that a run has died", async () => {
    writeJobs(
      {},
      local(),
      local({ name: "nas", to: { archive: "./nas", format: "mbox" }, when: { pathExists: "./no" } }),
    );
    await caller.call((invocation) => run(["nightly"], false, invocation, "person"));
    const owner = { pid: 1, started: "", boot: "another", nonce: "0123456789abcdef" };
    const machine = existsSync("/etc/machine-id") ? readFileSync("/etc/machine-id", "utf8").trim() : "";
    symlinkSync(JSON.stringify({ ...owner, host: hostname(), machine }), join(caller.cwd, "ada", "mailferry.lock"));
    const { code, checks: found } = await checks();
    expect(code).toBe(0);
    const told = found.filter(({ level }) => level === "info").map(({ text }) => text);
    expect(told).toContain("Archive ./ada: a run has died there; the next one goes on where it stopped");
    expect(told).toContain("Archive ./nas: the disk is not there now (./no); until it is, runs are skipped");
  });

  test("sees that the clock went back", async () => {
    writeJobs({}, local());
    const at = (time: string) => ({ clock: () => new Date(time) });
    await caller.call((invocation) => run([], false, invocation, "person"), at("2027-03-01T10:00Z"));
    const clock = async (time: string) => (await checks(at(time))).checks.find(({ name }) => name === "clock");
    expect(await clock("2027-03-01T10:01Z")).toMatchObject({ level: "ok" });
    expect(await clock("2027-02-01T10:00Z")).toMatchObject({
      level: "warning",
      text: /newest run .* 2027-03-01 10:00/,
    });
    expect(await clock("2001-01-01T00:00Z")).toMatchObject({ level: "warning" });
  });

  test("asks what runs a schedule", async () => {
    writeJobs({}, local({ schedule: "30 2 * * *" }));
    const schedule = async () => (await checks()).checks.find(({ name }) => name === "schedule");
    expect(await schedule()).toMatchObject({
      level: "warning",
      remedy: "mailferry schedule install, or mailferry daemon",
    });
    const daemon = await acquireDaemonLock(caller.state, join(caller.cwd, "jobs.yaml"));
    expect(await schedule()).toMatchObject({ level: "ok" });
    await daemon[Symbol.asyncDispose]();
  });

  test("speaks French, and keeps its JSON English", async () => {
    writeJobs({}, local());
    expect((await look({ lang: "fr" })).stdout).toMatch(/^(TOUT VA BIEN|PRÊT)/m);
    expect((await look({ lang: "fr", json: true })).stdout).toContain("will be made");
    const quiet = await look({ quiet: true });
    expect(quiet.stdout).not.toMatch(/^ok/m);
  });
});
