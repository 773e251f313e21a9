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

  const account = program
    .command("account")
    .description(say("account.command"))
    .hook("preSubcommand", (_, chosen) => choose(`account ${chosen.name()}`));
  account
    .command("list")
    .description(say("account.list"))
    .action(
      action("account list", {}, async (invocation) => (await import("../account-list.ts")).accountList(invocation)),
    );
  account
    .command("test")
    .description(say("account.test"))
    .argument("[account...]", say("account.test.names"))
    .action((names: string[]) =>
      action("account test", {}, async (invocation) =>
        (await import("../account-test.ts")).accountTest(names, invocation),
      )(),
    );

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
    .option("--stay", say("demo.stay"))
    .action((flags: { readonly stay?: true }) =>
      action("demo", {}, async (invocation) =>
        flags.stay ? (await import("../demo-stay.ts")).stay(invocation) : (await import("../demo.ts")).demo(invocation),
      )(),
    );
}
