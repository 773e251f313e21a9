// The commands and their options. Each command's code is loaded when it is called, so that help comes at once.

import { Command, Option } from "commander";
import { UsageError } from "./errors.ts";
import type { GlobalOptions, Invocation } from "./invocation.ts";
import type { RestoreOptions } from "./restore.ts";
import type { ScheduleFlags } from "./schedule.ts";
import type { StatusFlags } from "./status.ts";
import type { VerifyOptions } from "./verify.ts";

export interface ProgramOptions {
  readonly version: string;
  /** Called with the name of the command, before its arguments are looked at. */
  choose(command: string): void;
  /** Called before the command starts. */
  open(options: GlobalOptions): Invocation;
  write(text: string): void;
  /** Called with the exit code when the command has ended. */
  done(exitCode: number): void;
}

const footer = `
Exit codes: 0 ok, also if nothing is new; 2 usage; 3 incomplete; 4 log-in refused; 5 temporary, run again;
6 job file; 7 archive damaged; 8 locked by another run; 9 destination or quota; 10 overdue (status);
75 skipped; 130, 143 stopped, can be resumed.
`;

/** Parsing throws a CommanderError for what can't be understood; its message is not printed here. */
export function createProgram({ version, choose, open, write, done }: ProgramOptions): Command {
  const program = new Command("mailferry")
    .description("Backs up and moves mail: POP3, IMAP, mbox and Maildir. No message is lost, doubled or altered.")
    .version(version)
    .option(
      "-c, --config <file>",
      "the job file (default: ./jobs.yaml, then mailferry/jobs.yaml in your config directory)",
    )
    .option("-n, --dry-run", "run, restore, verify --repair: say what would be done, but write nothing")
    .option("--json", "the result as one JSON document on stdout")
    .option("--events", "run, restore: what happens, as JSON lines on stdout")
    .option("-q, --quiet", "say nothing unless something is wrong")
    .option("-v, --verbose", "every mailbox and every failure")
    .addOption(new Option("--color <when>", "colours").choices(["auto", "always", "never"]).default("auto"))
    .option("--plain", "no colours, no bars")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: write, outputError: () => undefined })
    .addHelpText("after", footer)
    .hook("preSubcommand", (_, chosen) => choose(chosen.name()))
    .exitOverride();

  /** What a command does, with only those of the global options that mean something to it. */
  const action =
    (
      name: string,
      only: { readonly carries?: true; readonly rehearses?: boolean },
      work: (invocation: Invocation) => Promise<number>,
    ) =>
    async () => {
      const options = program.opts<GlobalOptions>();
      const invocation = open(options);
      if (!only.carries && options.events) throw new UsageError(`${name} has no --events`);
      if (!only.carries && !only.rehearses && options.dryRun) throw new UsageError(`${name} has no --dry-run`);
      done(await work(invocation));
    };

  const runCommand = program
    .command("run")
    .description("run jobs of the job file; a file with one job needs no name")
    .argument("[job...]", "names of jobs")
    .option("--all", "all jobs")
    .option("--scheduled", "a schedule has started this run, not a person")
    .option("-y, --yes", "try a log-in once more that was refused in three runs; at a terminal that is done anyway");
  runCommand.action((names: string[], { all, scheduled, yes }: { all?: true; scheduled?: true; yes?: true }) =>
    action("run", { carries: true }, async (invocation) =>
      (await import("./run.ts")).run(names, all === true, invocation, scheduled ? "schedule" : "person", yes === true),
    )(),
  );

  program
    .command("daemon")
    .description("stay and run each job when its schedule says so; --json and --events give JSON lines")
    .action(
      action("daemon", { carries: true }, async (invocation) => (await import("./daemon.ts")).daemon(invocation)),
    );

  program
    .command("verify")
    .description("read every message of an archive again and compare it with what arrived")
    .argument("<archive>", "its folder, or a pack of it")
    .option("--server", "compare it with the account, too")
    .option("--repair", "mend what is damaged, and fetch it again; nothing is deleted. -n says what it would do")
    .action((archive: string, flags: VerifyOptions) =>
      action("verify", { rehearses: flags.repair === true }, async (invocation) =>
        (await import("./verify.ts")).verify(archive, flags, invocation),
      )(),
    );

  program
    .command("restore")
    .description("put the mail of an archive back: into an account, a Maildir or an mbox file")
    .argument("<archive>", "its folder, or a pack of it; a Maildir or an mbox file, too")
    .requiredOption("--to <account|dir|file.mbox>", "an account of the job file, or where to write")
    .option("--mailbox <name...>", "only these, such as INBOX or Projets/2026")
    .option("--since <date>", "only what arrived on that day or later: 2015-01-31")
    .option("--into", "into the mailboxes as they were, not into new ones")
    .action((archive: string, flags: RestoreOptions) =>
      action("restore", { carries: true }, async (invocation) =>
        (await import("./restore.ts")).restore(archive, flags, invocation),
      )(),
    );

  program
    .command("report")
    .description("the newest run of a job once more, with every mailbox and the reason for every difference")
    .argument("[job|archive]", "a job of the job file, or an archive's folder; all jobs without it")
    .option("--html <file.html>", "write it as one page, for a browser, a phone or a printer")
    .action((target: string | undefined, flags: { readonly html?: string }) =>
      action("report", {}, async (invocation) => (await import("./report.ts")).report(target, flags, invocation))(),
    );

  program
    .command("ls")
    .description("list the mailboxes of an archive, or the messages of one")
    .argument("<archive>", "its folder, or a pack of it")
    .argument("[mailbox]", "such as INBOX or Projets/2026")
    .action((archive: string, mailbox: string | undefined) =>
      action("ls", {}, async (invocation) => (await import("./ls.ts")).ls(archive, mailbox, invocation))(),
    );

  program
    .command("status")
    .description("how every job stands, without asking anybody; exits with 10 if one should have run and didn't")
    .argument("[job...]", "names of jobs; all without them")
    .option("--stale-after <duration>", "overdue if the last success is older, whatever the job says: 36h")
    .action((names: string[], flags: StatusFlags) =>
      action("status", {}, async (invocation) => (await import("./status.ts")).status(names, flags, invocation))(),
    );

  const schedule = program
    .command("schedule")
    .description("have the system run the jobs that have a schedule: systemd, launchd or cron")
    .hook("preSubcommand", (_, chosen) => choose(`schedule ${chosen.name()}`));
  const scheduler = () => new Option("--as <scheduler>", "another than this system's own: systemd, launchd, cron");
  schedule
    .command("install")
    .description("show what is written, ask, write and enable it")
    .argument("[job...]", "names of jobs; all that have a schedule without them")
    .addOption(scheduler())
    .option("-y, --yes", "do not ask")
    .action((names: string[], flags: ScheduleFlags) =>
      action("schedule install", {}, async (invocation) =>
        (await import("./schedule.ts")).install(names, flags, invocation),
      )(),
    );
  schedule
    .command("show")
    .description("what install would write")
    .argument("[job...]", "names of jobs; all that have a schedule without them")
    .addOption(scheduler())
    .action((names: string[], flags: ScheduleFlags) =>
      action("schedule show", {}, async (invocation) =>
        (await import("./schedule.ts")).show(names, flags, invocation),
      )(),
    );
  schedule
    .command("remove")
    .description("remove exactly what install has written for this job file")
    .option("-y, --yes", "do not ask")
    .action((flags: ScheduleFlags) =>
      action("schedule remove", {}, async (invocation) => (await import("./schedule.ts")).remove(flags, invocation))(),
    );

  const config = program
    .command("config")
    .description("check or show the job file, without running anything")
    .hook("preSubcommand", (_, chosen) => choose(`config ${chosen.name()}`));
  config
    .command("check")
    .description("every mistake of the job file, with its place")
    .action(action("config check", {}, async (invocation) => (await import("./config.ts")).check(invocation)));
  config
    .command("show")
    .description("the job file with its defaults; passwords as references only")
    .action(action("config show", {}, async (invocation) => (await import("./config.ts")).show(invocation)));
  config
    .command("schema")
    .description("the JSON Schema of job files, for editors")
    .action(action("config schema", {}, async (invocation) => (await import("./config.ts")).schema(invocation)));

  program
    .command("notify")
    .description("who is told when something is wrong")
    .hook("preSubcommand", (_, chosen) => choose(`notify ${chosen.name()}`))
    .command("test")
    .description(
      "send a test message by mail, ping, ntfy and webhook, whatever the job file has, and say what happened",
    )
    .action(action("notify test", {}, async (invocation) => (await import("./notify.ts")).notifyTest(invocation)));

  program
    .command("demo")
    .description("back up a made-up account from servers on this machine, twice, and verify it")
    .action(action("demo", {}, async (invocation) => (await import("./demo.ts")).demo(invocation)));

  return program;
}
