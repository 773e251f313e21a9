// What schedule install and remove do to the system: files, and the programs that enable them.

import { execFile } from "node:child_process";
import { access } from "node:fs/promises";
import { platform, userInfo } from "node:os";
import { basename } from "node:path";
import { printable } from "../formats/printable.ts";
import { withoutBlock } from "../schedule/crontab.ts";
import {
  forgetInstalled,
  type Installed,
  installFiles,
  keepOnly,
  removeFiles,
  type Scheduler,
} from "../schedule/installed.ts";
import { UsageError } from "./errors.ts";
import type { Invocation } from "./invocation.ts";
import { commandLine } from "./names.ts";
import { type Plan, shownIn } from "./schedule-plan.ts";
import { scheduleTexts } from "./texts/schedule.ts";

/** This system's own. */
export async function detectScheduler(): Promise<Scheduler> {
  if (platform() === "darwin") return "launchd";
  // sd_booted(3)
  const hasSystemd = await access("/run/systemd/system").then(
    () => true,
    () => false,
  );
  return hasSystemd ? "systemd" : "cron";
}

/** Returns what was done, and what is left to do, in lines fit to print. */
export async function install(
  { scheduler, files }: Plan,
  jobFile: string,
  state: string,
  invocation: Invocation,
): Promise<readonly string[]> {
  const say = saying(invocation);
  if (scheduler === "cron") {
    const others = await installFiles(state, jobFile, scheduler, []);
    await drop(others, invocation);
    await changeCrontab(jobFile, files[0]?.text ?? "", invocation);
    await keepOnly(state, jobFile, scheduler, []);
    return [say("written.crontab")];
  }
  const others = await installFiles(state, jobFile, scheduler, files);
  const changed = await drop(others, invocation);
  await keepOnly(state, jobFile, scheduler, files);
  return [
    ...files.map(({ path }) => say("written", { path: printable(path) })),
    ...changed,
    ...(await enable(
      scheduler,
      files.map(({ path }) => path),
      invocation,
    )),
  ];
}

export async function uninstall(
  { jobFile, scheduler, files }: Installed,
  state: string,
  invocation: Invocation,
): Promise<readonly string[]> {
  if (scheduler === "cron") await changeCrontab(jobFile, "", invocation);
  const changed = await drop(files, invocation);
  await forgetInstalled(state, jobFile);
  return [saying(invocation)("removed"), ...changed];
}

/** Disables and removes files; says which were left, since somebody has changed them. */
async function drop(files: Installed["files"], invocation: Invocation): Promise<readonly string[]> {
  if (files.length === 0) return [];
  await disable(
    files.map(({ path }) => path),
    invocation,
  );
  const changed = await removeFiles(files);
  await call(["systemctl", "--user", "daemon-reload"], invocation).catch(() => undefined);
  return changed.map((path) => saying(invocation)("left", { path: printable(path) }));
}

async function enable(scheduler: Scheduler, paths: readonly string[], invocation: Invocation): Promise<string[]> {
  const say = saying(invocation);
  const linger = scheduler === "systemd" ? [say("linger", { command: "loginctl enable-linger" })] : [];
  const commands =
    scheduler === "systemd" ? systemdCommands(paths) : paths.map((path) => agentCommand("bootstrap", path));
  try {
    for (const command of commands) await call(command, invocation);
  } catch {
    return [say("to-enable"), ...commands.map((command) => `  ${commandLine(...command.map(printable))}`), ...linger];
  }
  const names = paths.filter(isTimer).map((path) => basename(path));
  return [say("enabled", { names: names.join(", ") }), ...linger];
}

/** What was done is in the document of `--json`, too. */
function saying(invocation: Invocation) {
  return scheduleTexts.in(shownIn(invocation));
}

function isTimer(path: string): boolean {
  return !path.endsWith(".service");
}

function systemdCommands(paths: readonly string[]): readonly string[][] {
  const timers = paths.filter(isTimer).map((path) => basename(path));
  return [
    ["systemctl", "--user", "daemon-reload"],
    ["systemctl", "--user", "enable", "--now", ...timers],
  ];
}

function agentCommand(verb: "bootstrap" | "bootout", path: string): string[] {
  const domain = `gui/${userInfo().uid}`;
  const label = basename(path).replace(/\.plist$/, "");
  return verb === "bootstrap" ? ["launchctl", verb, domain, path] : ["launchctl", verb, `${domain}/${label}`];
}

/** As far as it can be: what is not enabled, or where nothing enables, is disabled already. */
async function disable(paths: readonly string[], invocation: Invocation): Promise<void> {
  const timers = paths.filter((path) => path.endsWith(".timer")).map((path) => basename(path));
  const agents = paths.filter((path) => path.endsWith(".plist"));
  const commands = [
    ...(timers.length === 0 ? [] : [["systemctl", "--user", "disable", "--now", ...timers]]),
    ...agents.map((path) => agentCommand("bootout", path)),
  ];
  for (const command of commands) await call(command, invocation).catch(() => undefined);
}

async function changeCrontab(jobFile: string, block: string, invocation: Invocation): Promise<void> {
  let before = "";
  try {
    before = await call(["crontab", "-l"], invocation);
  } catch (error) {
    // Whoever has none yet is told so as an error. Of any other, nothing may be written over what is there.
    if (!/no crontab for/i.test(messageOf(error))) throw noCrontab(error, invocation);
  }
  const rest = withoutBlock(before, jobFile);
  const after = rest === "" || rest.endsWith("\n") ? rest + block : `${rest}\n${block}`;
  if (after === before) return;
  await call(["crontab", "-"], invocation, after).catch((error: unknown) => {
    throw noCrontab(error, invocation);
  });
}

function noCrontab(error: unknown, { language }: Invocation): UsageError {
  return new UsageError(scheduleTexts.in(language)("no-crontab", { reason: messageOf(error) }));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? printable(error.message.trim()) : String(error);
}

const longestMs = 30_000;

/** What these programs need of the environment. The rest may hold passwords, and is none of their business. */
const needed = /^(PATH|HOME|USER|LOGNAME|SHELL|TMPDIR|TZ|LANG|LC_\w+|XDG_\w+|DBUS_\w+)$/;

/** Its output; rejects where it can't be run or fails. */
export function call(
  [program = "", ...args]: readonly string[],
  invocation: Invocation,
  input?: string,
): Promise<string> {
  const env = Object.fromEntries(Object.entries(invocation.env).filter(([name]) => needed.test(name)));
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { env, timeout: longestMs }, (error, stdout) =>
      error === null ? resolve(stdout) : reject(error),
    );
    // One that never started, or has ended, does not listen; that it failed is told above.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input ?? "");
  });
}
