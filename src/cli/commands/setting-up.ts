// Commands that set up and try: config, notify, demo.

import type { DoctorFlags } from "../doctor.ts";
import type { Setting } from "./command.ts";

export function addSettingUpCommands({ program, say, action, choose }: Setting): void {
  const config = program
    .command("config")
    .description(say("config.command"))
    .hook("preSubcommand", (_, chosen) => choose(`config ${chosen.name()}`));
  config
    .command("check")
    .description(say("config.check"))
    .action(action("config check", {}, async (invocation) => (await import("../config.ts")).check(invocation)));
  config
    .command("show")
    .description(say("config.show"))
    .action(action("config show", {}, async (invocation) => (await import("../config.ts")).show(invocation)));
  config
    .command("schema")
    .description(say("config.schema"))
    .action(action("config schema", {}, async (invocation) => (await import("../config.ts")).schema(invocation)));

  program
    .command("notify")
    .description(say("notify"))
    .hook("preSubcommand", (_, chosen) => choose(`notify ${chosen.name()}`))
    .command("test")
    .description(say("notify.test"))
    .action(action("notify test", {}, async (invocation) => (await import("../notify.ts")).notifyTest(invocation)));

  program
    .command("doctor")
    .description(say("doctor"))
    .option("--no-network", say("doctor.no-network"))
    .action((flags: DoctorFlags) =>
      action("doctor", {}, async (invocation) => (await import("../doctor.ts")).doctor(flags, invocation))(),
    );

  program
    .command("demo")
    .description(say("demo"))
    .action(action("demo", {}, async (invocation) => (await import("../demo.ts")).demo(invocation)));
}
