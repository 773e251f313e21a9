// Processes of their own for the storage layer, to be killed, or to race. They get it as JavaScript, since not every
// Node that is supported reads TypeScript.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const source = fileURLToPath(new URL("../../src/", import.meta.url));

/** Writes `storage` and all that it imports into a directory. */
export function compileStorage(into: string): void {
  const compilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: true,
    rewriteRelativeImportExtensions: true,
  };
  for (const folder of ["", "formats/", "storage/"]) {
    for (const name of readdirSync(source + folder)) {
      if (!name.endsWith(".ts") || name === "index.ts") continue;
      const { outputText } = ts.transpileModule(readFileSync(source + folder + name, "utf8"), { compilerOptions });
      const path = join(into, folder, name.replace(/\.ts$/, ".js"));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, outputText);
    }
  }
  writeFileSync(join(into, "package.json"), '{"type":"module"}');
}

export interface Child {
  readonly process: ChildProcess;
  say(line: string): void;
  /** The next line it prints; rejects with what it said on stderr if it ends before. */
  hear(): Promise<string>;
  kill(): Promise<void>;
}

/** Runs a module, given as text, in a directory that `compileStorage` filled. Its stdin is lines, its stdout is lines. */
export function startChild(directory: string, text: string, options: { readonly uid?: number } = {}): Child {
  const child = spawn(process.execPath, ["--input-type=module", "-e", text], {
    cwd: directory,
    stdio: ["pipe", "pipe", "pipe"],
    ...options,
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (words: string) => {
    errors += words;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return {
    process: child,
    say: (line) => child.stdin.write(`${line}\n`),
    async hear() {
      const { value, done } = await lines.next();
      if (done) throw new Error(errors || "the child ended without a word");
      return value;
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
