// Commands that set up, try and explain: config, notify, explain, demo.

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
    .command("explain")
    .description(say("explain"))
    .argument("[code]", say("explain.code"))
    .action((code: string | undefined) =>
      action("explain", {}, async (invocation) => (await import("../explain.ts")).explain(code, invocation))(),
    );

  program
    .command("demo")
    .description(say("demo"))
    .action(action("demo", {}, async (invocation) => (await import("../demo.ts")).demo(invocation)));
}
