// mailferry completion SHELL: the script of a shell, below completions/. None knows a command or a name: they ask the program
// (complete.ts), so that they are right for whichever version is installed.

import { readFile } from "node:fs/promises";
import { exitCodes } from "../../errors.ts";
import type { Invocation } from "../invocation.ts";
import type { Shell } from "./shells.ts";

const extensions: Readonly<Record<Shell, string>> = { bash: "bash", zsh: "zsh", fish: "fish", powershell: "ps1" };

export async function printScript(shell: Shell, { screen }: Invocation): Promise<number> {
  const file = new URL(`../../../completions/mailferry.${extensions[shell]}`, import.meta.url);
  await screen.out(await readFile(file, "utf8"));
  return exitCodes.ok;
}
