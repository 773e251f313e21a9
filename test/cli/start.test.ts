// What a command loads: help comes at once, and no run waits for a protocol that it does not speak.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { type Desk, openDesk } from "../support/desk.ts";

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk[Symbol.asyncDispose]());

/** The packages of which the command runs any file. V8 tells of every script, however it was loaded. */
async function packagesOf(...args: readonly string[]): Promise<ReadonlySet<string>> {
  const folder = join(desk.cwd, "coverage");
  const env = { PW: desk.password, NODE_V8_COVERAGE: folder };
  const { code, stderr } = await runCli(args, { cwd: desk.cwd, env });
  expect(code, stderr).toBe(0);
  const [name = ""] = readdirSync(folder);
  const { result } = JSON.parse(readFileSync(join(folder, name), "utf8")) as { result: { url: string }[] };
  const packages = result.flatMap(({ url }) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []);
  expect(result.length).toBeGreaterThan(1);
  return new Set(packages);
}

test("help needs no more than what reads the arguments", async () => {
  expect([...(await packagesOf("--help"))]).toEqual(["commander"]);
});

test("completion needs no more either", async () => {
  expect([...(await packagesOf("__complete", "--", "zsh", "=ru"))]).toEqual(["commander"]);
});

test("names of jobs are completed without checking the job file", async () => {
  const packages = await packagesOf("__complete", "--", "zsh", "=", "run");
  expect([...packages].sort()).toEqual(["commander", "yaml"]);
});

test("a job file is checked without a protocol", async () => {
  const packages = await packagesOf("config", "check");
  expect([...packages].sort()).toEqual(["commander", "croner", "yaml", "zod"]);
});

test("how jobs stand is told without a protocol", async () => {
  const packages = await packagesOf("status");
  expect([...packages].sort()).toEqual(["commander", "croner", "yaml", "zod"]);
});

test.each([
  ["nightly", "imapflow", "node-pop3"],
  ["rescue", "node-pop3", "imapflow"],
])("the job %s loads %s and not %s", async (job, spoken, other) => {
  const packages = await packagesOf("run", job, "-q");
  expect(packages).toContain(spoken);
  expect(packages).not.toContain(other);
  expect(packages).not.toContain("nodemailer");
});

test("an archive is listed and verified without job files and protocols", async () => {
  await desk.mailferry("run", "nightly", "-q");
  for (const command of ["ls", "verify"]) {
    const packages = await packagesOf(command, "ada");
    for (const heavy of ["imapflow", "node-pop3", "zod", "yaml", "archiver", "yauzl", "tar-stream"])
      expect(packages, command).not.toContain(heavy);
  }
});
