// Commands about jobs: run, daemon, status, schedule.

import { Option } from "commander";
import type { ScheduleFlags } from "../schedule.ts";
import type { StatusFlags } from "../status.ts";
import type { Setting } from "./command.ts";

export function addJobCommands({ program, say, action, choose }: Setting): void {
  program
    .command("run")
    .description(say("run"))
    .argument("[job...]", say("arg.jobs"))
    .option("--all", say("run.all"))
    .option("--scheduled", say("run.scheduled"))
    .action((names: string[], { all, scheduled }: { all?: true; scheduled?: true }) =>
      action("run", { carries: true }, async (invocation) =>
        (await import("../run.ts")).run(names, all === true, invocation, scheduled ? "schedule" : "person"),
      )(),
    );

  program
    .command("daemon")
    .description(say("daemon"))
    .action(
      action("daemon", { carries: true }, async (invocation) => (await import("../daemon.ts")).daemon(invocation)),
    );

  program
    .command("status")
    .description(say("status"))
    .argument("[job...]", say("arg.jobs.all"))
    .option("--stale-after <duration>", say("status.stale"))
    .action((names: string[], flags: StatusFlags) =>
      action("status", {}, async (invocation) => (await import("../status.ts")).status(names, flags, invocation))(),
    );

  const schedule = program
    .command("schedule")
    .description(say("schedule"))
    .hook("preSubcommand", (_, chosen) => choose(`schedule ${chosen.name()}`));
  const scheduler = () => new Option("--as <scheduler>", say("schedule.as"));
  schedule
    .command("install")
    .description(say("schedule.install"))
    .argument("[job...]", say("arg.jobs.scheduled"))
    .addOption(scheduler())
    .action((names: string[], flags: ScheduleFlags) =>
      action("schedule install", {}, async (invocation) =>
        (await import("../schedule.ts")).install(names, flags, invocation),
      )(),
    );
  schedule
    .command("show")
    .description(say("schedule.show"))
    .argument("[job...]", say("arg.jobs.scheduled"))
    .addOption(scheduler())
    .action((names: string[], flags: ScheduleFlags) =>
      action("schedule show", {}, async (invocation) =>
        (await import("../schedule.ts")).show(names, flags, invocation),
      )(),
    );
  schedule
    .command("remove")
    .description(say("schedule.remove"))
    .action(action("schedule remove", {}, async (invocation) => (await import("../schedule.ts")).remove(invocation)));
}
