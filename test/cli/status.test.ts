// `mailferry status`, from what is remembered of runs.

import { lutimesSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { run } from "../../src/cli/run.ts";
import { status } from "../../src/cli/status.ts";
import type { Trigger } from "../../src/jobs/run-record.ts";
import { acquireLock } from "../../src/storage/lock.ts";
import { type Caller, openCaller } from "../support/in-process.ts";

let caller: Caller;
const mail = (subject: string) => `From ada@example.org Thu Nov 26 10:00:00 2026\nSubject: ${subject}\n\nhello\n\n`;

beforeEach(() => {
  caller = openCaller("");
  writeFileSync(join(caller.cwd, "mail.mbox"), mail("a") + mail("b"));
  const job = (name: string, more: object) => ({
    name,
    from: { mbox: "./mail.mbox" },
    to: { archive: `./${name}`, format: "mbox" },
    ...more,
  });
  const jobs = [job("nightly", { schedule: "30 2 * * *" }), job("hoard", { staleAfter: "8d" }), job("by-hand", {})];
  const file = { version: 1, defaults: { timezone: "Europe/Paris" }, accounts: {}, jobs };
  writeFileSync(join(caller.cwd, "jobs.yaml"), JSON.stringify(file), { mode: 0o600 });
});

function runAt(time: string, names: readonly string[], trigger: Trigger = "schedule") {
  return caller.call((invocation) => run(names, false, invocation, trigger), { clock: () => new Date(time) });
}

function statusAt(
  time: string,
  { json, staleAfter, names = [] }: { json?: true; staleAfter?: string; names?: string[] } = {},
) {
  return caller.call((invocation) => status(names, staleAfter === undefined ? {} : { staleAfter }, invocation), {
    ...(json && { json }),
    clock: () => new Date(time),
  });
}

describe("status", () => {
  test("shows every job, its last run and what is next, and exits with 0 where all is as it should be", async () => {
    await runAt("2026-11-26T01:30Z", ["nightly", "hoard"]);
    const { code, stdout, stderr } = await statusAt("2026-11-26T15:00Z");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(
      [
        "  Job        Last run     Success    Messages   New        Size   Next",
        "  nightly    SAFE 02:30   14 h ago          2     2   42 octets   in 11 h",
        "  hoard      SAFE 02:30   14 h ago          2     2   42 octets",
        "  by-hand    never        never",
        "",
        "  Next: nightly, tomorrow, Fri 27 Nov 02:30 (in 11 hours)",
        "",
        "ON TIME: 3 jobs.",
        "",
      ].join("\n"),
    );
  });

  test("exits with 10 where a job should have run and didn't, although its last run succeeded", async () => {
    await runAt("2026-11-25T01:30Z", ["nightly", "hoard"]);
    expect((await statusAt("2026-11-26T06:00Z")).code).toBe(0);
    const { code, stdout } = await statusAt("2026-11-26T07:00Z");
    expect(code).toBe(10);
    expect(stdout).toMatch(/^ {2}nightly .* OVERDUE$/m);
    expect(stdout).toContain("\n  OVERDUE: nightly: due on Thu 26 Nov 02:30, and has not run since.\n");
    expect(stdout.trimEnd().split("\n").at(-1)).toBe(
      "OVERDUE: 1 of 3 jobs (nightly). To run now: mailferry run nightly",
    );
    expect((await statusAt("2026-11-26T07:00Z", { names: ["hoard"] })).code).toBe(0);
    expect((await statusAt("2026-11-26T07:00Z", { names: ["hoard"], staleAfter: "24h" })).code).toBe(10);
  });

  test("says that a job which never ran, and that nothing runs, is overdue", async () => {
    const { code, stdout } = await statusAt("2026-11-26T07:00Z");
    expect(code).toBe(10);
    expect(stdout).toMatch(
      /OVERDUE: nightly: has never run\. To have the schedule run: mailferry\s+schedule install\./,
    );
  });

  test("with --json is one document", async () => {
    await runAt("2026-11-26T01:30Z", ["nightly"]);
    const { document } = await statusAt("2026-11-26T15:00Z", { json: true, names: ["nightly", "by-hand"] });
    expect(document).toMatchObject({ v: 1, command: "status", verdict: "safe", exit: { code: 0, name: "ok" } });
    expect(document.jobs[0]).toEqual({
      name: "nightly",
      lastRun: expect.objectContaining({ trigger: "schedule", verdict: "safe", startedAt: "2026-11-26T01:30:00.000Z" }),
      lastSuccess: "2026-11-26T01:30:00.000Z",
      ageSeconds: 13.5 * 3600,
      overdue: false,
      overdueSince: null,
      running: false,
      nextRun: "2026-11-27T01:30:00.000Z",
      messages: 2,
      new: 2,
      octets: 42,
      warnings: [],
    });
    expect(document.jobs[1]).toMatchObject({
      name: "by-hand",
      lastRun: null,
      lastSuccess: null,
      ageSeconds: null,
      octets: null,
    });
    const late = await statusAt("2026-11-27T15:00Z", { json: true });
    expect(late.document).toMatchObject({ verdict: "incomplete", exit: { code: 10, name: "overdue" } });
  });

  test("knows the size of an archive whose disk is not plugged in, once it was asked", async () => {
    await runAt("2026-11-26T01:30Z", ["nightly"]);
    const octets = async () => (await statusAt("2026-11-26T15:00Z", { json: true })).document.jobs[0].octets;
    expect(await octets()).toBe(42);
    renameSync(join(caller.cwd, "nightly"), join(caller.cwd, "unplugged"));
    expect(await octets()).toBe(42);
  });

  test("works while a run is going on, and does not call that job late", async () => {
    await runAt("2026-11-25T01:30Z", ["nightly"]);
    const path = join(caller.cwd, "nightly", "mailferry.lock");
    await using _run = await acquireLock(path);
    lutimesSync(path, new Date("2026-11-26T01:30Z"), new Date("2026-11-26T01:30Z"));
    const { code, stdout } = await statusAt("2026-11-26T12:00Z", { names: ["nightly"] });
    expect(code).toBe(0);
    expect(stdout).toContain("\n  nightly: a run is going on.\n");
  });

  test("calls a job overdue whose run has no end", async () => {
    await runAt("2026-11-25T01:30Z", ["nightly"]);
    const path = join(caller.cwd, "nightly", "mailferry.lock");
    await using _run = await acquireLock(path);
    lutimesSync(path, new Date("2026-11-26T01:30Z"), new Date("2026-11-26T01:30Z"));
    const { code, stdout } = await statusAt("2026-11-27T12:00Z", { names: ["nightly"] });
    expect(code).toBe(10);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(
      "OVERDUE: nightly: due on Fri 27 Nov 02:30, while a run was going on that still is; look whether it hangs.",
    );
  });

  test("warns of a mailbox that shrank, without another exit code", async () => {
    writeFileSync(join(caller.cwd, "mail.mbox"), Array.from({ length: 30 }, (_, n) => mail(`${n}`)).join(""));
    await runAt("2026-11-25T01:30Z", ["nightly"]);
    writeFileSync(join(caller.cwd, "mail.mbox"), mail("0"));
    await runAt("2026-11-26T01:30Z", ["nightly"]);
    const { code, stdout } = await statusAt("2026-11-26T12:00Z", { names: ["nightly"] });
    expect(code).toBe(0);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(
      "nightly: mail had 30 messages in the run before the last, and 1 in the last;",
    );
  });

  test("names a job whose last run was not safe", async () => {
    renameSync(join(caller.cwd, "mail.mbox"), join(caller.cwd, "elsewhere"));
    await runAt("2026-11-26T01:30Z", ["by-hand"], "person");
    const { code, stdout } = await statusAt("2026-11-26T15:00Z", { names: ["by-hand"] });
    expect(code).toBe(0);
    expect(stdout).toContain("ON TIME: 1 job, but not SAFE when last run: by-hand.\n");
  });

  test("refuses a duration that is none", async () => {
    await expect(statusAt("2026-11-26T15:00Z", { staleAfter: "soon" })).rejects.toThrow(/"soon" is not a duration/);
  });
});
