// `backup` as a program: what it asks at a terminal, and that it asks nothing where there is none.

import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ImapServer, startImapServer } from "../../src/demo/imap-server.ts";
import { createDemoStore } from "../../src/demo/messages.ts";
import { canary, expectNoTrace, filesWithTraces } from "../support/canary.ts";
import { runShell } from "../support/cli.ts";
import { lastLine } from "../support/desk.ts";
import { temporaryFolder } from "../support/jobs.ts";

const program = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const hasScript = spawnSync("script", ["--version"]).status === 0;
if (!hasScript) console.warn("NOT TESTED: backup at a terminal of its own. There is no script(1).");

let server: ImapServer;
beforeEach(async () => {
  server = await startImapServer({ store: createDemoStore("ada", canary) });
});
afterEach(() => server.close());

test("without a terminal nothing is asked: the missing value is named with the flag that gives it", async () => {
  const cwd = temporaryFolder();
  const { code, stdout, stderr } = await runShell("echo | mailferry backup a@b", { cwd });
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toBe(
    "mailferry backup: there is no terminal to ask for the password; --password-file FILE or --password-stdin gives it\nSee: mailferry backup --help\n",
  );
});

test("a password that is piped in is enough, and no escape byte goes into a pipe", async () => {
  const cwd = temporaryFolder();
  const command = `mailferry backup ada@example.org --server 127.0.0.1:${server.port} --to ./mail --password-stdin`;
  const result = await runShell(`printf '%s' "$PW" | ${command}`, { cwd, env: { PW: canary } });
  expect(result.code, result.stderr).toBe(0);
  expect(lastLine(result.stdout)).toBe("SAFE: all 62 messages are in the archive.");
  expect(result.stdout + result.stderr).not.toContain("\x1b");
  expectNoTrace(result);
  expect(filesWithTraces(cwd, [])).toEqual([]);
});

test.runIf(hasScript)("at a terminal what is missing is asked for, and no password is shown", async () => {
  const cwd = temporaryFolder();
  const command = `'${process.execPath}' '${program}' --plain backup --server 127.0.0.1:${server.port}`;
  // script(1) gives it a terminal of its own.
  const child = spawn("script", ["-qec", command, "/dev/null"], {
    cwd,
    env: { PATH: process.env.PATH, HOME: cwd, XDG_STATE_HOME: `${cwd}/state`, XDG_CONFIG_HOME: `${cwd}/config` },
    stdio: ["pipe", "pipe", "ignore"],
  });
  let shown = "";
  const until = (text: string) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (shown.includes(text)) resolve();
        else child.stdout.once("data", look);
      };
      look();
    });
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    shown += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  await until("Your mail address: ");
  child.stdin.write("ada@example.org\r");
  await until("not kept): ");
  child.stdin.write(`${canary}\r`);
  await until("Enter starts): ");
  child.stdin.write("\r");
  await until("Write it?");
  child.stdin.write("\r");
  expect(await ended).toBe(0);
  expect(shown).toContain("Your 62 messages are safe");
  expect(shown).not.toContain(canary);
});
