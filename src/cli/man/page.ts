// The man page: from the same definitions and texts as the help, so that it has every command that there is. Not loaded by
// any command: scripts/write-man.mjs writes it when a release is made.

import type { Command } from "commander";
import { type ExitName, exitCodes } from "../../errors.ts";
import type { Language } from "../../language/language.ts";
import { createProgram } from "../program.ts";
import { manTexts } from "../texts/man.ts";
import { bold, flags, italic, roff, tagged } from "./roff.ts";

/** roff, with a line end. The same text for the same version of the program. */
export function manPage(language: Language): string {
  const unused = () => {
    throw new Error("a man page runs no command");
  };
  const options = { version: "", language, choose: unused, open: unused, write: () => undefined, done: unused };
  const program = createProgram(options);
  const say = manTexts.in(language);
  const heading = (text: string) => `.SH ${roff(text.toUpperCase())}\n`;
  return [
    `.\\" Written by npm run man. Do not edit.\n`,
    `.TH MAILFERRY 1 "" "mailferry" "${roff(say("manual"))}"\n`,
    heading(say("name")),
    `mailferry \\- ${roff(say("purpose"))}\n`,
    heading(say("synopsis")),
    `.B mailferry\n${italic(say("synopsis.command"))} [${italic(say("synopsis.options"))}]\n`,
    heading(say("description")),
    `${paragraphs(say("about"), say("first"))}`,
    heading(say("commands")),
    program.commands.flatMap((command) => entriesOf(command, [], program)).join(""),
    heading(say("options")),
    optionsOf(program, program),
    heading(say("exit")),
    Object.entries(exitCodes)
      .map(([name, code]) => tagged(bold(String(code)), say(`exit.${name as ExitName}`)))
      .join(""),
    heading(say("environment")),
    (["NO_COLOR", "LC_ALL", "XDG_CONFIG_HOME", "XDG_STATE_HOME"] as const)
      .map((name) => tagged(bold(name), say(`environment.${name}`)))
      .join(""),
    heading(say("files")),
    tagged(bold("./jobs.yaml"), say("files.jobs")),
    tagged(bold("~/.config/mailferry/jobs.yaml"), say("files.config")),
    tagged(bold("~/.local/state/mailferry"), say("files.state")),
    heading(say("examples")),
    examples(say),
    heading(say("see-also")),
    `${roff("mbsync(1), imapsync(1), getmail(1), mbox(5), maildir(5), crontab(5), systemd.timer(5)")}\n`,
  ].join("");
}

function paragraphs(...texts: readonly string[]): string {
  return texts.map((text) => `${roff(text)}\n`).join(".PP\n");
}

/** The command, and those below it. */
function entriesOf(command: Command, above: readonly string[], program: Command): string[] {
  // What shells call is nobody's to type.
  if (command.name().startsWith("__")) return [];
  const words = [...above, command.name()];
  const below = command.commands.flatMap((each) => entriesOf(each, words, program));
  if (below.length > 0) return below;
  const shown = command.registeredArguments
    .map((argument) => usageOf(argument.name(), argument.required, argument.variadic))
    .map((usage) => ` ${italic(usage)}`)
    .join("");
  const described = command.registeredArguments.filter(({ description }) => description !== "");
  return [
    `.SS "${roff(["mailferry", ...words].join(" "))}${shown === "" ? "" : shown}"\n`,
    `${roff(sentence(command.description()))}\n`,
    described.map((argument) => tagged(italic(argument.name()), sentence(argument.description))).join(""),
    optionsOf(command, program),
  ];
}

function usageOf(name: string, isRequired: boolean, isVariadic: boolean): string {
  const whole = isVariadic ? `${name}...` : name;
  return isRequired ? `<${whole}>` : `[${whole}]`;
}

/** Without those that every command has. */
function optionsOf(command: Command, program: Command): string {
  const visible = command.createHelp().visibleOptions(command);
  const own = command === program ? visible : visible.filter(({ long }) => long !== "--help");
  return own.map((option) => tagged(flags(option.flags), sentence(option.description))).join("");
}

function sentence(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}

function examples(say: ReturnType<(typeof manTexts)["in"]>): string {
  const rows = [
    ["mailferry backup ada@example.org", say("example.backup")],
    ["mailferry run --all", say("example.run")],
    ["mailferry verify ./backup/ada", say("example.verify")],
    ["mailferry restore ./backup/ada --to new", say("example.restore")],
    ["mailferry status --json", say("example.status")],
  ] as const;
  return rows.map(([command, meaning]) => tagged(bold(command), meaning)).join("");
}
