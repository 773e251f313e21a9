// Whether anything runs the jobs that have a schedule.

import { access } from "node:fs/promises";
import { platform, userInfo } from "node:os";
import { join, resolve } from "node:path";
import { printable } from "../../formats/printable.ts";
import type { LoadedJobFile } from "../../jobs/job.ts";
import { withoutBlock } from "../../schedule/crontab.ts";
import { daemonSince } from "../../schedule/daemon-lock.ts";
import { type Installed, readInstalled } from "../../schedule/installed.ts";
import { sameJobFile } from "../names.ts";
import { call } from "../schedule-system.ts";
import type { Finding, Practice } from "./finding.ts";

const name = "schedule";

export async function examineSchedule(file: LoadedJobFile, practice: Practice): Promise<Finding[]> {
  const { say, state, invocation } = practice;
  const scheduled = file.jobs.filter(({ schedule }) => schedule !== undefined);
  if (scheduled.length === 0) return [{ name, level: "info", text: say("schedule.none") }];
  const jobFile = resolve(invocation.cwd, file.file);
  if ((await daemonSince(state, jobFile)) !== undefined)
    return [{ name, level: "ok", text: say("schedule.daemon", { count: scheduled.length }) }];
  const installed = await readInstalled(state, jobFile);
  if (installed === undefined) {
    const remedy = say("schedule.nothing.do", {
      install: [...sameJobFile(invocation.options), "schedule", "install"].join(" "),
      daemon: [...sameJobFile(invocation.options), "daemon"].join(" "),
    });
    return [{ name, level: "warning", text: say("schedule.nothing", { count: scheduled.length }), remedy }];
  }
  return (
    (await examineInstalled(installed, jobFile, practice)) ?? [
      {
        name,
        level: "ok",
        text: say("schedule.installed", { count: scheduled.length, scheduler: installed.scheduler }),
      },
      ...(await examineLinger(installed, practice)),
      ...unreadableSecrets(file, practice),
    ]
  );
}

/** Undefined where nothing is wrong with it. */
async function examineInstalled(
  { scheduler, files }: Installed,
  jobFile: string,
  { say, invocation }: Practice,
): Promise<Finding[] | undefined> {
  const remedy = say("schedule.again", {
    install: [...sameJobFile(invocation.options), "schedule", "install"].join(" "),
  });
  for (const { path } of files) {
    if (await isThere(path)) continue;
    return [{ name, level: "warning", text: say("schedule.gone", { path: printable(path) }), remedy }];
  }
  if (scheduler === "cron") {
    const crontab = await call(["crontab", "-l"], invocation).catch(() => "");
    if (withoutBlock(crontab, jobFile) !== crontab) return undefined;
    return [{ name, level: "warning", text: say("schedule.not-in-crontab"), remedy }];
  }
  if (scheduler !== "systemd") return undefined;
  for (const { path } of files) {
    if (!path.endsWith(".timer")) continue;
    const timer = path.slice(path.lastIndexOf("/") + 1);
    const isEnabled = await call(["systemctl", "--user", "is-enabled", "--quiet", timer], invocation).then(
      () => true,
      () => false,
    );
    if (isEnabled) continue;
    return [{ name, level: "warning", text: say("schedule.not-enabled", { timer: printable(timer) }), remedy }];
  }
  return undefined;
}

/** A user's timers rest while the user is not logged in, unless linger is on (loginctl(1)). */
async function examineLinger({ scheduler }: Installed, { say }: Practice): Promise<Finding[]> {
  if (scheduler !== "systemd" || platform() !== "linux") return [];
  if (await isThere(join("/var/lib/systemd/linger", userInfo().username))) return [];
  return [{ name, level: "warning", text: say("schedule.no-linger"), remedy: "loginctl enable-linger" }];
}

/** A timer has none of the variables of a shell. */
function unreadableSecrets({ jobs, accounts }: LoadedJobFile, { say }: Practice): Finding[] {
  const used = new Set(
    jobs.flatMap(({ schedule, from, to }) => (schedule === undefined ? [] : [from, "account" in to ? to.account : to])),
  );
  return [...accounts].flatMap(([entry, { account, password }]): Finding[] =>
    "env" in password && used.has(account)
      ? [
          {
            name,
            level: "warning",
            text: say("schedule.variable", { name: printable(entry), variable: printable(password.env) }),
            remedy: say("schedule.variable.do"),
          },
        ]
      : [],
  );
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
