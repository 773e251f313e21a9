// What schedule install writes, and what there is to say about it beforehand.

import { homedir } from "node:os";
import { join } from "node:path";
import { MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import { isAccount } from "../jobs/identity.ts";
import type { Job, LoadedJobFile } from "../jobs/job.ts";
import type { Language } from "../language/language.ts";
import { cronBlock } from "../schedule/crontab.ts";
import type { Scheduler } from "../schedule/installed.ts";
import { writeAgents } from "../schedule/launchd.ts";
import { type Order, ordersOf, type ScheduleFile, type Written } from "../schedule/order.ts";
import { writeUnits } from "../schedule/systemd.ts";
import type { Invocation } from "./invocation.ts";
import { scheduleTexts } from "./texts/schedule.ts";

export interface Plan {
  readonly scheduler: Scheduler;
  readonly orders: readonly Order[];
  /** For cron, what is added to the crontab, under that name. */
  readonly files: readonly ScheduleFile[];
  /** Fit to print. */
  readonly warnings: readonly string[];
}

export const crontabName = "crontab";

export function planInstall(
  jobs: readonly Job[],
  scheduler: Scheduler,
  jobFile: string,
  { accounts, invocation }: Pick<LoadedJobFile, "accounts"> & { readonly invocation: Invocation },
): Plan {
  const { env, clock, executable = invocation.program } = invocation;
  const say = scheduleTexts.in(shownIn(invocation));
  // Where it is remembered what ran: status, called from here, looks there.
  const environment = env.XDG_STATE_HOME?.startsWith("/") ? { XDG_STATE_HOME: env.XDG_STATE_HOME } : {};
  for (const text of [jobFile, ...executable, ...Object.values(environment)]) checkPath(text);
  const orders = ordersOf(jobs, { jobFile, executable, environment });
  const written = write(scheduler, orders, jobFile, unitDirectory(env), clock());
  if ("refused" in written) throw refusalOf(written);
  return {
    scheduler,
    orders,
    files: written.files,
    warnings: [...warningsOf(jobs, accounts, say), ...npxWarning(executable, say)],
  };
}

function write(scheduler: Scheduler, orders: readonly Order[], jobFile: string, directory: string, now: Date): Written {
  if (scheduler === "systemd") return writeUnits(orders, directory, now);
  if (scheduler === "launchd") return writeAgents(orders, homedir());
  const block = cronBlock(orders, jobFile);
  return "refused" in block ? block : { files: [{ path: crontabName, text: block.text }] };
}

/** Where systemd looks for the user's units (systemd.unit(5)). */
export function unitDirectory({ XDG_CONFIG_HOME: config }: Invocation["env"]): string {
  return join(config?.startsWith("/") ? config : join(homedir(), ".config"), "systemd", "user");
}

/** No scheduler has a way to write these. */
function checkPath(path: string): void {
  if (printable(path) === path) return;
  throw new MailferryError("C701", `${printable(path)} has characters that no scheduler can be told`, {
    scope: "session",
    retry: "never",
    remedy: "Rename the file or folder.",
  });
}

function refusalOf({ order, refused }: { readonly order: Order; readonly refused: string }): MailferryError {
  const jobs = order.jobs.map(printable).join(", ");
  return new MailferryError("C701", `${jobs} with schedule "${printable(order.schedule)}": ${refused}`, {
    scope: "session",
    retry: "never",
    remedy: "Write the schedule in another way, or let mailferry daemon run the jobs: it knows every schedule.",
  });
}

type ScheduleSay = ReturnType<(typeof scheduleTexts)["in"]>;

/** What the document of `--json` holds, too, is English there. */
export function shownIn({ options, language }: Invocation): Language {
  return options.json ? "en" : language;
}

/** A variable of this shell is not there when a scheduler runs the job. */
function warningsOf(jobs: readonly Job[], accounts: LoadedJobFile["accounts"], say: ScheduleSay): readonly string[] {
  const instead = { file: "{ file: PATH }", command: "{ command: [PROGRAM] }" };
  return jobs.flatMap((job) => {
    const used = [isAccount(job.from) ? job.from : undefined, "account" in job.to ? job.to.account : undefined];
    const variables = [...accounts.values()].flatMap(({ account, password }) =>
      used.includes(account) && "env" in password ? [password.env] : [],
    );
    return variables.map((variable) =>
      say("no-variable", { job: printable(job.name), variable: printable(variable), ...instead }),
    );
  });
}

function npxWarning(executable: readonly string[], say: ScheduleSay): readonly string[] {
  if (!executable.some((word) => word.includes("/_npx/"))) return [];
  return [say("npx", { command: "npm install --global mailferry" })];
}
