// A user service and its timer for each order (systemd.service(5), systemd.timer(5)).

import { join } from "node:path";
import { toCalendar } from "./calendar.ts";
import type { Order, Written } from "./order.ts";

/** `directory` is where the user's units are; `now` is when they are written. */
export function writeUnits(orders: readonly Order[], directory: string, now: Date): Written {
  const files = [];
  for (const order of orders) {
    if (/["'\\]/.test(order.command[0] ?? ""))
      return { order, refused: "systemd runs no program whose path has quotes or a backslash in it" };
    const calendar = toCalendar(order, now);
    if (calendar === undefined) return { order, refused: "a systemd timer can't say L, W, # and + in a cron line" };
    files.push(
      { path: join(directory, `${order.name}.service`), text: serviceOf(order) },
      { path: join(directory, `${order.name}.timer`), text: timerOf(order, calendar) },
    );
  }
  return { files };
}

const head = "# Written by mailferry schedule install; mailferry schedule remove takes it away.\n";

function serviceOf({ jobs, command, environment }: Order): string {
  const [program = "", ...args] = command;
  const variables = Object.entries(environment).map(([name, value]) => `Environment=${quote(`${name}=${value}`)}\n`);
  return `${head}[Unit]
Description=${escapeSpecifiers(jobs.join(", "))} (mailferry)

[Service]
Type=oneshot
ExecStart=${[quote(program), ...args.map((arg) => quote(arg).replaceAll("$", "$$$$"))].join(" ")}
${variables.join("")}# A run that has nothing to do here and now, because its disk is not plugged in, is no failure.
SuccessExitStatus=75
KillMode=mixed
Nice=10
IOSchedulingClass=idle
`;
}

function timerOf({ jobs, schedule }: Order, calendar: readonly string[]): string {
  return `${head}# ${schedule}
[Unit]
Description=When to run ${escapeSpecifiers(jobs.join(", "))} (mailferry)

[Timer]
${calendar.map((value) => `OnCalendar=${value}\n`).join("")}# What was missed while the machine was off is run once when it is on again.
Persistent=true

[Install]
WantedBy=timers.target
`;
}

/** As one word, in double quotes. */
function quote(word: string): string {
  return `"${escapeSpecifiers(word).replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function escapeSpecifiers(text: string): string {
  return text.replaceAll("%", "%%");
}
