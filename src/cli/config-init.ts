// mailferry config init: a job file with comments to be filled in, and its schema beside it.

import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { exitCodes } from "../errors.ts";
import { jsonText } from "../formats/json-text.ts";
import { schemaBeside, writeNewJobFile } from "../jobs/job-file-edit.ts";
import { lineWidth } from "./block.ts";
import { UsageError } from "./errors.ts";
import type { Invocation } from "./invocation.ts";
import { jobFileTemplate } from "./job-file-template.ts";
import { commandLine, placeName, sameJobFile } from "./names.ts";
import { configInitTexts } from "./texts/config-init.ts";
import { wrap } from "./width.ts";

/** Writes `./jobs.yaml`, or the file of `--config`. Throws a UsageError where there is one. */
export async function configInit(invocation: Invocation): Promise<number> {
  const { options, screen, language, cwd } = invocation;
  const say = configInitTexts.in(language);
  const path = options.config ?? "jobs.yaml";
  const place = placeName(resolve(cwd, path), cwd);
  if (await isThere(resolve(cwd, path))) throw new UsageError(say("there", { path: place }));
  const { hasSchema } = await writeNewJobFile(path, jobFileTemplate[language]);
  const schema = schemaBeside(path);
  if (options.json) {
    const exit = { code: exitCodes.ok, name: "ok" };
    const document = { v: 1, command: "config init", verdict: "safe", exit, file: path, schema };
    await screen.out(`${jsonText(document)}\n`);
    return exit.code;
  }
  if (options.quiet) return exitCodes.ok;
  const program = sameJobFile(options);
  const steps: (readonly [string, string])[] = [
    [commandLine(...program, "config", "check"), say("next.check")],
    [commandLine(...program, "account", "test"), say("next.test")],
    [commandLine(...program, "run", "--dry-run"), say("next.dry-run")],
    [commandLine(...program, "run"), say("next.run")],
  ];
  const widest = Math.max(...steps.map(([command]) => command.length));
  const lines = [
    ...wrap(say("written", { path: place }), lineWidth),
    ...wrap(say(hasSchema ? "schema.there" : "schema", { path: placeName(resolve(cwd, schema), cwd) }), lineWidth),
    "",
    ...wrap(say("next", { path: place }), lineWidth),
    ...steps.map(([command, words]) => `  ${command.padEnd(widest)}   ${words}`),
  ];
  await screen.out(`${lines.join("\n")}\n`);
  return exitCodes.ok;
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
