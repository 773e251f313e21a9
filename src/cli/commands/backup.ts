// The command for a start without a job file.

import { Option } from "commander";
import type { BackupFlags } from "../backup/flags.ts";
import type { Setting } from "./command.ts";

export function addBackupCommand({ program, say, action }: Setting): void {
  program
    .command("backup")
    .description(say("backup"))
    .argument("[address|job...]", say("backup.what"))
    .option("--to <dir>", say("backup.to"))
    .addOption(new Option("--protocol <protocol>", say("backup.protocol")).choices(["imap", "pop3"]))
    .addOption(new Option("--format <format>", say("backup.format")).choices(["mbox", "maildir"]))
    .option("--server <host[:port]>", say("backup.server"))
    .option("--user <name>", say("backup.user"))
    .option("--password-file <file>", say("password-file"))
    .option("--password-stdin", say("password-stdin"))
    .action((names: string[], flags: BackupFlags) =>
      action("backup", { carries: true }, async (invocation) =>
        (await import("../backup.ts")).backup(names, flags, invocation),
      )(),
    );
}
