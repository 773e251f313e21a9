// Commands about archives: verify, restore, report, ls.

import type { RestoreOptions } from "../restore.ts";
import type { VerifyOptions } from "../verify.ts";
import type { Setting } from "./command.ts";

export function addArchiveCommands({ program, say, action }: Setting): void {
  program
    .command("verify")
    .description(say("verify"))
    .argument("<archive>", say("verify.archive"))
    .option("--server", say("verify.server"))
    .option("--repair", say("verify.repair"))
    .action((archive: string, flags: VerifyOptions) =>
      action("verify", { rehearses: flags.repair === true }, async (invocation) =>
        (await import("../verify.ts")).verify(archive, flags, invocation),
      )(),
    );

  program
    .command("restore")
    .description(say("restore"))
    .argument("<archive>", say("restore.archive"))
    .requiredOption("--to <account|dir|file.mbox>", say("restore.to"))
    .option("--mailbox <name...>", say("restore.mailbox"))
    .option("--since <date>", say("restore.since"))
    .option("--into", say("restore.into"))
    .action((archive: string, flags: RestoreOptions) =>
      action("restore", { carries: true }, async (invocation) =>
        (await import("../restore.ts")).restore(archive, flags, invocation),
      )(),
    );

  program
    .command("report")
    .description(say("report"))
    .argument("[job|archive]", say("report.target"))
    .option("--html <file.html>", say("report.html"))
    .action((target: string | undefined, flags: { readonly html?: string }) =>
      action("report", {}, async (invocation) => (await import("../report.ts")).report(target, flags, invocation))(),
    );

  program
    .command("ls")
    .description(say("ls"))
    .argument("<archive>", say("verify.archive"))
    .argument("[mailbox]", say("ls.mailbox"))
    .action((archive: string, mailbox: string | undefined) =>
      action("ls", {}, async (invocation) => (await import("../ls.ts")).ls(archive, mailbox, invocation))(),
    );
}
