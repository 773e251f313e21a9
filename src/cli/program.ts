// The command line: its options, and its commands (below commands/). Each command's code is loaded when it is called, so
// that help comes at once.

import { Command, Option } from "commander";
import { type Language, languages } from "../language/language.ts";
import { addArchiveCommands } from "./commands/archives.ts";
import { addBackupCommand } from "./commands/backup.ts";
import type { Action } from "./commands/command.ts";
import { addJobCommands } from "./commands/jobs.ts";
import { addScriptingCommands } from "./commands/scripting.ts";
import { addSettingUpCommands } from "./commands/setting-up.ts";
import { UsageError } from "./errors.ts";
import type { GlobalOptions, Invocation } from "./invocation.ts";
import { helpTexts } from "./texts/help.ts";
import { usageTexts } from "./texts/usage.ts";

export interface ProgramOptions {
  readonly version: string;
  readonly language: Language;
  /** Called with the name of the command, before its arguments are looked at. */
  choose(command: string): void;
  /** Called before the command starts. */
  open(options: GlobalOptions): Invocation;
  write(text: string): void;
  /** Called with the help that stands in place of a command that is missing; `write` unless given. */
  writeInPlace?(text: string): void;
  /** Called with the exit code when the command has ended. */
  done(exitCode: number): void;
}

/** Parsing throws a CommanderError for what can't be understood; its message is not printed here. */
export function createProgram({
  version,
  language,
  choose,
  open,
  write,
  writeInPlace = write,
  done,
}: ProgramOptions): Command {
  const say = helpTexts.in(language);
  const titles = new Map([
    ["Usage:", say("title.usage")],
    ["Options:", say("title.options")],
    ["Global Options:", say("title.global")],
    ["Arguments:", say("title.arguments")],
    ["Commands:", say("title.commands")],
  ]);
  const program = new Command("mailferry")
    .description(say("about"))
    .version(version, "-V, --version", say("version"))
    .helpOption("-h, --help", say("help"))
    .helpCommand("help [command]", say("help.command"))
    .option("-c, --config <file>", say("config"))
    .option("-n, --dry-run", say("dry-run"))
    .option("--json", say("json"))
    .option("--events", say("events"))
    .option("-q, --quiet", say("quiet"))
    .option("-v, --verbose", say("verbose"))
    .addOption(new Option("--lang <language>", say("lang")).choices(languages))
    .addOption(new Option("--color <when>", say("color")).choices(["auto", "always", "never"]).default("auto"))
    .option("--plain", say("plain"))
    .option("--no-input", say("no-input"))
    .option("-y, --yes", say("yes"))
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: (title) => titles.get(title) ?? title,
      // The descriptions name choices and defaults themselves.
      optionDescription: (option) => option.description,
    })
    .configureOutput({ writeOut: write, writeErr: writeInPlace, outputError: () => undefined })
    .addHelpText("after", say("footer"))
    .hook("preSubcommand", (_, chosen) => choose(chosen.name()))
    .exitOverride();

  const action: Action =
    (name, { carries, rehearses }, work) =>
    async () => {
      const options = program.opts<GlobalOptions>();
      const invocation = open(options);
      const refuse = (option: string) =>
        new UsageError(usageTexts.in(invocation.language)("not-known", { command: name, option }));
      if (!carries && options.events) throw refuse("--events");
      if (!carries && !rehearses && options.dryRun) throw refuse("--dry-run");
      done(await work(invocation));
    };

  const setting = { program, say, action, choose };
  addBackupCommand(setting);
  addJobCommands(setting);
  addArchiveCommands(setting);
  addSettingUpCommands(setting);
  addScriptingCommands(setting);
  translateHelpOfAll(program, say("help"));
  return program;
}

/** commander hands down everything but the words of `--help`. */
function translateHelpOfAll(command: Command, help: string): void {
  for (const each of command.commands) {
    each.helpOption("-h, --help", help);
    translateHelpOfAll(each, help);
  }
}
