// Completion: whatever commands there are, and in real shells with names that nobody would give a job in good faith.

import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { candidatesFor } from "../../src/cli/completion/candidates.ts";
import { complete } from "../../src/cli/completion/complete.ts";
import { typedLine, typedWords } from "../../src/cli/completion/words.ts";
import { createProgram } from "../../src/cli/program.ts";
import { openCaller } from "../support/in-process.ts";

const unused = () => {
  throw new Error("nothing is to be run");
};
const program = createProgram({
  version: "1",
  language: "en",
  choose: unused,
  open: unused,
  write: unused,
  done: unused,
});
const names = async (kind: "job" | "account") => (kind === "job" ? ["nightly", "weekly"] : ["home"]);
const offered = async (line: string) => {
  const { list, files, prefix } = await candidatesFor(typedLine(`mailferry ${line}`), program, names);
  return [...list.map(({ value }) => prefix + value), ...(files ? [":files"] : [])];
};

/** Each command with the words that lead to it. */
function walk(command: Command, path: readonly string[] = []): { command: Command; path: readonly string[] }[] {
  const below = command.createHelp().visibleCommands(command);
  const here = below.filter((each) => each.name() !== "help" || path.length === 0);
  return [{ command, path }, ...here.flatMap((each) => walk(each, [...path, each.name()]))];
}

describe("completion", () => {
  test("offers every command that help shows, and every option, whoever has added them", async () => {
    for (const { command, path } of walk(program)) {
      const before = path.map((word) => `${word} `).join("");
      const help = command.createHelp();
      const commands = help.visibleCommands(command).map((each) => each.name());
      if (path[0] !== "help") expect(await offered(before)).toEqual(expect.arrayContaining(commands));
      const options = help.visibleOptions(command).flatMap(({ long }) => long ?? []);
      expect(await offered(`${before}-`)).toEqual(expect.arrayContaining([...options, "--config", "--json"]));
    }
    expect(await offered("")).not.toContain("__complete");
    expect(await offered("help ru")).toEqual(["run"]);
  });

  test.each([
    ["ru", ["run"]],
    ["run ", ["nightly", "weekly"]],
    ["run nightly ", ["weekly"]],
    ["run -- w", ["weekly"]],
    ["run --all n", ["nightly"]],
    ["-c other.yaml run n", ["nightly"]],
    ["run --lang ", ["en", "fr"]],
    ["run --lang=f", ["--lang=fr"]],
    ["schedule sh", ["show"]],
    ["schedule install --as s", ["systemd"]],
    ["verify ", [":files"]],
    ["report n", ["nightly", ":files"]],
    ["restore x --to h", ["home", ":files"]],
    ["restore x --mailbox INBOX --si", ["--since"]],
    ["status --stale-after ", []],
    ["completion z", ["zsh"]],
    ["-c ", [":files"]],
    ["nonsense ", []],
  ])("of %j is %j", async (line, expected) => {
    expect(await offered(line)).toEqual(expected);
  });

  test("takes quotes and backslashes off what is typed, and expands nothing", () => {
    expect(typedLine(`mailferry run 'a b' c\\ d "$(e`)).toEqual({
      before: ["run", "a b", "c d"],
      current: "$(e",
      isQuoted: true,
    });
    expect(typedWords(["=", "run", ""])).toEqual({ before: ["run", ""], current: "", isQuoted: false });
  });

  test("reads names from the job file of -c, however broken it is, and leaves out what could do harm", async () => {
    const caller = openCaller("");
    const bad = ["-rf", "line\nbreak", "\u001b[2J", "\u202eevil", ":files", 7, null];
    writeFileSync(join(caller.cwd, "other.yaml"), JSON.stringify({ jobs: ["good", ...bad].map((name) => ({ name })) }));
    const ask = (...words: string[]) => caller.call((invocation) => complete(words, program, invocation));
    expect((await ask("zsh", "=", "-c", "other.yaml", "run")).stdout).toBe("good\tjob\n");
    expect((await ask("bash", "mailferry run ")).stdout).toBe("");
    writeFileSync(join(caller.cwd, "other.yaml"), "jobs: [ { name: a }, { name: 'b");
    expect((await ask("zsh", "=", "-c", "other.yaml", "run")).stderr).toBe("");
    expect((await ask("zsh", "=", "-c", "/dev/zero", "run")).stdout).toBe("");
  });
});

const hostile = '$(touch pwned)`touch pwned`;touch pwned & it\'s "x" * été';

/** A folder where `mailferry` completes as it does, and only says what it was called with. */
function openShell() {
  const { cwd } = openCaller("");
  const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
  const lines = [
    "#!/bin/sh",
    `case "$1" in __complete|completion) exec '${process.execPath}' '${main}' "$@";; esac`,
    'for word; do printf "GOT[%s]\\n" "$word"; done',
  ];
  writeFileSync(join(cwd, "mailferry"), `${lines.join("\n")}\n`);
  chmodSync(join(cwd, "mailferry"), 0o755);
  writeFileSync(join(cwd, "jobs.yaml"), JSON.stringify({ jobs: [{ name: hostile }] }));
  const before = readdirSync(cwd);
  const env = { PATH: `${cwd}:${process.env.PATH}`, HOME: cwd, TERM: "xterm", LC_ALL: "C.UTF-8" };
  return {
    /** A line that is typed, with its tabs, in a terminal. */
    type(shell: string, ...typed: readonly string[]) {
      const input = `${[...typed, "exit"].join("\n")}\n`;
      return execFileSync("script", ["-qec", shell, "/dev/null"], { cwd, env, input, encoding: "utf8" });
    },
    run: (program: string, ...args: string[]) => execFileSync(program, args, { cwd, env, encoding: "utf8" }),
    made: () => readdirSync(cwd).filter((name) => !before.includes(name) && name.startsWith("pwned")),
  };
}

function hasProgram(name: string, what: string): boolean {
  const found = spawnSync("sh", ["-c", `command -v ${name}`]).status === 0;
  if (!found) console.warn(`NOT TESTED: completion in ${what}. There is no ${name}.`);
  return found;
}

const terminal = hasProgram("script", "a terminal");
// PowerShell is not to be had from Debian: its script is tried by nobody here.
console.warn("NOT TESTED: completion in PowerShell.");

describe("a name that a shell would execute", () => {
  test.runIf(terminal && hasProgram("bash", "bash"))("is quoted by bash", () => {
    const shell = openShell();
    const seen = shell.type("bash --norc -i", "source <(mailferry completion bash)", "mailferry ru\t\t");
    expect(seen).toContain(`GOT[${hostile}]`);
    expect(shell.made()).toEqual([]);
  });

  test.runIf(terminal && hasProgram("zsh", "zsh"))("is quoted by zsh", () => {
    const shell = openShell();
    const setUp = "autoload -U compinit; compinit -D; source <(mailferry completion zsh)";
    expect(shell.type("zsh -f -i", setUp, "mailferry run \t")).toContain(`GOT[${hostile}]`);
    expect(shell.made()).toEqual([]);
  });

  test.runIf(hasProgram("fish", "fish"))("is quoted by fish", () => {
    const shell = openShell();
    const script = `mailferry completion fish | source
      set -l found (complete -C --escape 'mailferry run ')
      eval mailferry run (string split \\t -- $found)[1]`;
    expect(shell.run("fish", "-N", "-c", script)).toContain(`GOT[${hostile}]`);
    expect(shell.made()).toEqual([]);
  });
});
