// What may stand at the cursor. Options and arguments say what they want by the words of their names: `<job>`,
// `[job|archive]`, `<account|dir|file.mbox>`.

import type { Command } from "commander";
import { errorCodes } from "../../errors.ts";
import { locate, optionsOf, type Spot } from "./place.ts";
import type { Typed } from "./words.ts";

export interface Candidate {
  readonly value: string;
  /** What it means, for shells that show that. */
  readonly description: string;
}

export interface Candidates {
  readonly list: readonly Candidate[];
  /** Files may stand there, too: the shell knows them. */
  readonly files: boolean;
  /** The candidates are the value of an option, as `--lang=fr`; this is what stands before it. */
  readonly prefix: string;
}

/** The names in the job file; only asked for where they are of use. */
export type NamesOf = (kind: "job" | "account", config: string | undefined) => Promise<readonly string[]>;

const schedulers = ["systemd", "launchd", "cron"];

export async function candidatesFor({ before, current }: Typed, program: Command, names: NamesOf): Promise<Candidates> {
  const spot = locate(program, before);
  const [, flag, value] = (!spot.isLiteral && /^(--[^=]+)=(.*)$/s.exec(current)) || [];
  if (flag !== undefined) {
    const option = optionsOf(spot.command).find(({ long }) => long === flag);
    const term = option?.required ? option.flags : "";
    const found = await valuesOf(term, option?.argChoices, spot, names);
    return { ...startingWith(value ?? "", found), prefix: `${flag}=` };
  }
  if (spot.option !== undefined && !(spot.option.variadic && current.startsWith("-")))
    return startingWith(current, await valuesOf(spot.option.flags, spot.option.argChoices, spot, names));
  if (current.startsWith("-") && !spot.isLiteral) return startingWith(current, optionList(spot.command));
  const { argument, command, given } = spot;
  const inner = given.length === 0 && !spot.isLiteral ? commandList(command) : [];
  const wanted = argument && (await valuesOf(argument.name(), argument.argChoices, spot, names));
  const list = [...inner, ...(wanted?.list ?? [])].filter(({ value }) => !given.includes(value));
  return startingWith(current, { list, files: wanted?.files ?? false });
}

type Found = Pick<Candidates, "list" | "files">;

function startingWith(start: string, { list, files }: Found): Candidates {
  return { list: list.filter(({ value }) => value.startsWith(start)), files, prefix: "" };
}

/** `term` is the name of an argument, or the flags of an option with the name of its value. */
async function valuesOf(
  term: string,
  choices: readonly string[] | undefined,
  { config }: Spot,
  names: NamesOf,
): Promise<Found> {
  if (choices !== undefined) return { list: choices.map((value) => ({ value, description: "" })), files: false };
  const kinds = new Set((/[<[]?([^\s<>[\]]+)[>\]]?$/.exec(term)?.[1] ?? "").replace(/\.{3}$/, "").split("|"));
  const list: Candidate[] = [];
  for (const kind of ["job", "account"] as const) {
    if (!kinds.has(kind)) continue;
    for (const value of await names(kind, config)) list.push({ value, description: kind });
  }
  if (kinds.has("code"))
    for (const [code, description] of Object.entries(errorCodes)) list.push({ value: `MF-${code}`, description });
  if (kinds.has("scheduler")) for (const value of schedulers) list.push({ value, description: "" });
  return { list, files: [...kinds].some((kind) => /^(?:archive|pack|dir|file|maildir)(?:\.|$)/.test(kind)) };
}

function optionList(command: Command): Found {
  const list = optionsOf(command).flatMap(({ long, description }) =>
    long === undefined || long === null ? [] : [{ value: long, description }],
  );
  return { list, files: false };
}

function commandList(command: Command): readonly Candidate[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((each) => ({ value: each.name(), description: each.description() }));
}
