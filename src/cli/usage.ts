// What commander finds wrong with a command line, in the language of the person.

import type { CommanderError } from "commander";
import type { Language } from "../language/language.ts";
import { usageTexts } from "./texts/usage.ts";

/** One line. Without a form of its own, commander's words. */
export function describeUsage({ code, message }: CommanderError, language: Language): string {
  const say = usageTexts.in(language);
  const line = message.replace(/^error: /, "").replaceAll("\n", " ");
  const suggestion = / \(Did you mean (.*)\?\)$/.exec(line)?.[1];
  const hint = suggestion === undefined ? "" : say("did-you-mean", { name: suggestion });
  const name = /'(.*?)'/.exec(line)?.[1] ?? "";
  switch (code) {
    case "commander.unknownOption":
      return say("unknown-option", { name }) + hint;
    case "commander.unknownCommand":
      return say("unknown-command", { name }) + hint;
    case "commander.missingArgument":
      return say("missing-argument", { name });
    case "commander.missingMandatoryOptionValue":
      return say("missing-option", { name });
    case "commander.optionMissingArgument":
      return say("option-without-value", { name });
    case "commander.excessArguments": {
      const [, expected = "", got = ""] = /Expected (\d+) arguments? but got (\d+)/.exec(line) ?? [];
      return expected === "" ? line : say("excess-arguments", { expected, got });
    }
    case "commander.invalidArgument": {
      const [, option = "", value = "", choices = ""] =
        /^option '(.*?)' argument '(.*)' is invalid\. Allowed choices are (.*)\.$/.exec(line) ?? [];
      const [, given, argument, known] =
        /^command-argument value '(.*)' is invalid for argument '(.*?)'\. Allowed choices are (.*)\.$/.exec(line) ?? [];
      if (given !== undefined && argument !== undefined && known !== undefined)
        return say("not-a-choice-of", { argument, value: given, choices: known });
      return option === "" ? line : say("not-a-choice", { option, value, choices });
    }
    default:
      return line;
  }
}
