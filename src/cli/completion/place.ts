// Where in the command line the cursor is, by the definitions of the commands: nothing here knows any of them by name.

import type { Argument, Command, Option } from "commander";

export interface Spot {
  /** The innermost command that is named. */
  readonly command: Command;
  /** What is typed is the value of this option. */
  readonly option: Option | undefined;
  /** It is an argument. */
  readonly argument: Argument | undefined;
  /** Arguments of the command that are there already. */
  readonly given: readonly string[];
  /** Nothing behind `--` is an option or a command. */
  readonly isLiteral: boolean;
  /** The value of `--config`, if there is one. */
  readonly config: string | undefined;
}

export function locate(program: Command, before: readonly string[]): Spot {
  let command = program;
  let option: Option | undefined;
  let [isLiteral, isVariadic] = [false, false];
  let config: string | undefined;
  const given: string[] = [];
  for (const word of before) {
    if (option !== undefined && !(isVariadic && word.startsWith("-"))) {
      if (option.long === "--config") config = word;
      isVariadic = option.variadic;
      if (!isVariadic) option = undefined;
    } else if (isLiteral) {
      given.push(word);
    } else if (word === "--") {
      isLiteral = true;
      option = undefined;
    } else if (word.startsWith("-") && word !== "-") {
      const [, flag = word, value] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
      const found = optionsOf(command).find(({ short, long }) => flag === short || flag === long);
      if (found?.long === "--config" && value !== undefined) config = value;
      option = value === undefined && found?.required ? found : undefined;
      isVariadic = false;
    } else {
      const below = given.length === 0 ? command.createHelp().visibleCommands(command) : [];
      const inner = below.find((each) => each.name() === word);
      if (inner === undefined) given.push(word);
      // `help` is followed by what could stand in its place.
      else if (word !== "help") command = inner;
    }
  }
  // An option that takes several may have all it is to have: then an argument may follow, or another option.
  return { command, option, argument: argumentOf(command, given.length), given, isLiteral, config };
}

/** Those of the command and of all commands above it. */
export function optionsOf(command: Command): readonly Option[] {
  const own = command.createHelp().visibleOptions(command);
  return [...own, ...(command.parent === null ? [] : optionsOf(command.parent))].filter(
    (option, index, all) => all.findIndex(({ long }) => long === option.long) === index,
  );
}

function argumentOf({ registeredArguments }: Command, index: number): Argument | undefined {
  const last = registeredArguments.at(-1);
  return registeredArguments[index] ?? (last?.variadic ? last : undefined);
}
