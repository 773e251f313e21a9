#!/usr/bin/env node
// The command line. The only file that knows process: arguments, environment, streams, signals, exit code.

import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { CommanderError } from "commander";
import { exitCodes } from "../errors.ts";
import { jsonText } from "../formats/json-text.ts";
import { languageOf, languages } from "../language/language.ts";
import { openAsking } from "./ask.ts";
import { exitNameOfFailure, failureDocument, formatFailure, UsageError, withoutBlame } from "./errors.ts";
import { type GlobalOptions, type Invocation, Stopped } from "./invocation.ts";
import { hasJobFile } from "./job-file.ts";
import { createProgram } from "./program.ts";
import { openScreen, type Screen } from "./screen.ts";
import { usageTexts } from "./texts/usage.ts";
import { describeUsage } from "./usage.ts";

const packageFile = new URL("../../package.json", import.meta.url);
const { version } = JSON.parse(readFileSync(packageFile, "utf8")) as { version: string };

const [node = "node", script = "mailferry"] = process.argv;
// What npx runs stands in no PATH afterwards.
const named = process.env.npm_lifecycle_event === "npx" ? ["npx", "mailferry"] : ["mailferry"];
const program = /^mailferry(\.\w+)?$/.test(basename(script)) ? named : [basename(node), script];

// Files and folders are made for their owner alone, each with its mode; a mask that denies the owner, too, would make them
// of no use to anybody.
process.umask(process.umask() & 0o077);

const stop = new AbortController();
for (const [signal, exit] of [
  ["SIGINT", "interrupted"],
  ["SIGTERM", "terminated"],
  ["SIGHUP", "terminated"],
] as const) {
  process.on(signal, () => {
    if (stop.signal.aborted) {
      // Below the bars that nobody takes off the terminal any more.
      if (process.stderr.isTTY) process.stderr.write("\n");
      process.exit(exitCodes[exit]);
    }
    stop.abort(new Stopped(exit));
  });
}

/** Where the arguments could not be understood, what they plainly ask for still counts. */
function asked(flag: string): boolean {
  return process.argv.includes(flag);
}

/** What `--lang` says, before the arguments are understood: help and usage errors need it, too. */
function chosenLanguage() {
  const [, value] = /(?:^|\0)--lang[=\0]([^\0]*)/.exec(process.argv.join("\0")) ?? [];
  return languages.find((language) => language === value) ?? languageOf(process.env);
}

const language = chosenLanguage();
let command = "mailferry";
let screen: Screen = openScreen(process, { color: "auto", plain: asked("--plain"), env: process.env });

function open(options: GlobalOptions): Invocation {
  screen = openScreen(process, { color: options.color, plain: options.plain === true, env: process.env });
  return {
    options,
    screen,
    language,
    env: process.env,
    cwd: process.cwd(),
    program,
    executable: [process.execPath, resolve(script)],
    ask: options.input !== false && process.stdin.isTTY && process.stderr.isTTY ? asking() : undefined,
    readInput,
    atTerminal: process.stdin.isTTY,
    signal: stop.signal,
    clock: () => new Date(),
    now: () => performance.now(),
  };
}

const longestInput = 64 * 1024;

async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  let octets = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer);
    octets += (chunk as Buffer).length;
    if (octets > longestInput) break;
  }
  return Buffer.concat(chunks).subarray(0, longestInput).toString("utf8");
}

function asking() {
  const letters = language === "fr" ? { yes: "o", no: "n" } : { yes: "y", no: "n" };
  return openAsking({ input: process.stdin, output: process.stderr, signal: stop.signal, letters });
}

/** Says what went wrong: to people on stderr, to programs as the one document (or the last event) they wait for. */
async function fail(thrown: unknown): Promise<number> {
  const error = withoutBlame(thrown);
  const document = failureDocument(command, error);
  const events = ["backup", "run", "restore", "daemon"].includes(command) && asked("--events");
  const json = asked("--json");
  const lastEvent = `${jsonText({ type: "run-finished", ...document })}\n`;
  if (events && json) screen.err(lastEvent);
  else screen.err(await formatFailure(error, command, screen, version, language));
  if (json) await screen.out(`${jsonText(document)}\n`);
  else if (events) await screen.out(lastEvent);
  return exitCodes[exitNameOfFailure(error)];
}

process.once("uncaughtException", async (error) => {
  process.exit(await fail(error));
});

/** No command: on a terminal, where nothing is set up yet, a way to begin; elsewhere help. A program still gets its document. */
async function withoutCommand(options: GlobalOptions): Promise<number> {
  if (command === "mailferry" && !asked("--json")) {
    const invocation = open(options);
    if (invocation.ask !== undefined && !(await hasJobFile(invocation))) {
      command = "backup";
      return (await import("./backup.ts")).guidedStart(invocation).catch(fail);
    }
  }
  screen.err(help);
  return asked("--json") ? fail(new UsageError(usageTexts.in(language)("no-command"))) : exitCodes.usage;
}

let help = "";

async function main(): Promise<number> {
  let exitCode: number = exitCodes.ok;
  const commands = createProgram({
    version,
    language,
    choose: (name) => {
      command = name;
    },
    open,
    write: (text) => screen.out(text),
    writeInPlace: (text) => {
      help += text;
    },
    done: (code) => {
      exitCode = code;
    },
  });
  try {
    await commands.parseAsync(process.argv);
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) return fail(error);
    if (error.exitCode === 0) return exitCodes.ok;
    if (error.code === "commander.help") return withoutCommand(commands.opts<GlobalOptions>());
    return fail(new UsageError(describeUsage(error, language)));
  }
}

process.exitCode = await main();
