// Commands that set up, try and explain: config, notify, explain, demo.

import { Option } from "commander";
import type { AccountAddFlags } from "../account-add.ts";
import type { Setting } from "./command.ts";

export function addSettingUpCommands({ program, say, action, choose }: Setting): void {
  const config = program
    .command("config")
    .description(say("config.command"))
    .hook("preSubcommand", (_, chosen) => choose(`config ${chosen.name()}`));
  config
    .command("init")
    .description(say("config.init"))
    .action(
      action("config init", {}, async (invocation) => (await import("../config-init.ts")).configInit(invocation)),
    );
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
    .command("add")
    .description(say("account.add"))
    .argument("[address]", say("account.add.address"))
    .option("--server <host[:port]>", say("backup.server"))
    .option("--user <name>", say("backup.user"))
    .addOption(new Option("--protocol <protocol>", say("backup.protocol")).choices(["imap", "pop3"]))
    .option("--name <name>", say("account.add.name"))
    .option("--password-file <file>", say("password-file"))
    .option("--password-stdin", say("password-stdin"))
    .addOption(new Option("--keep <where>", say("account.add.keep")).choices(["keyring", "file", "no"]))
    .action((address: string | undefined, flags: AccountAddFlags) =>
      action("account add", {}, async (invocation) =>
        (await import("../account-add.ts")).accountAdd(address, flags, invocation),
      )(),
    );
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
