// mailferry completion SHELL: the script of a shell, below completions/. None knows a command or a name: they ask the program
// (complete.ts), so that they are right for whichever version is installed.

import { readFile } from "node:fs/promises";
import { exitCodes } from "../../errors.ts";
import { jsonText } from "../../formats/json-text.ts";
import type { Invocation } from "../invocation.ts";
import type { Shell } from "./shells.ts";

const extensions: Readonly<Record<Shell, string>> = { bash: "bash", zsh: "zsh", fish: "fish", powershell: "ps1" };

export async function printScript(shell: Shell, { screen, options }: Invocation): Promise<number> {
  const file = new URL(`../../../completions/mailferry.${extensions[shell]}`, import.meta.url);
  const script = await readFile(file, "utf8");
  const exit = { code: exitCodes.ok, name: "ok" };
  const document = { v: 1, command: "completion", verdict: "safe", exit, shell, script };
  await screen.out(options.json ? `${jsonText(document)}\n` : script);
  return exit.code;
}
