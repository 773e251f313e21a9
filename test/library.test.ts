// The README's TypeScript, as somebody's own project would have it: checked through the package's exports, then run.

import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";
import { startImapServer } from "../src/demo/imap-server.ts";
import { createDemoStore } from "../src/demo/messages.ts";
import { spawnHere } from "./support/cli.ts";
import { temporaryFolder } from "./support/jobs.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const example = /```ts\n([\s\S]*?)```/.exec(readFileSync(`${root}README.md`, "utf8"))?.[1] ?? "";

/** A project in which mailferry is installed. */
function openProject() {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules", "mailferry"));
  symlinkSync(`${root}node_modules/@types`, join(folder, "node_modules", "@types"));
  symlinkSync(`${root}node_modules/undici-types`, join(folder, "node_modules", "undici-types"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  return folder;
}

/** What the compiler finds in each; writes the JavaScript beside them. */
function compile(...files: readonly string[]): string[][] {
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
    preserveSymlinks: true,
    types: ["node"],
  });
  program.emit();
  const found = ts.getPreEmitDiagnostics(program);
  return files.map((path) =>
    found
      .filter(({ file }) => file === undefined || file.fileName === path)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
  );
}

test("the README's TypeScript compiles, and backs up an account", async () => {
  const folder = openProject();
  writeFileSync(join(folder, "backup.ts"), example);
  // Events are typed: one that there is not is found by the compiler.
  writeFileSync(join(folder, "wrong.ts"), example.replace('"mailbox-listed"', '"mailbox-lost"'));
  const [right, wrong] = compile(join(folder, "backup.ts"), join(folder, "wrong.ts"));
  expect(right).toEqual([]);
  expect(wrong?.join()).toMatch(/mailbox-lost/);

  const server = await startImapServer({ store: createDemoStore("ada", "analytical-engine") });
  const home = { protocol: "imap", host: "127.0.0.1", port: server.port, tls: "none", user: "ada" };
  const job = { name: "nightly", from: "home", to: { archive: "./backup", format: "maildir" } };
  const file = { version: 1, accounts: { home: { ...home, password: { env: "PW" } } }, jobs: [job] };
  writeFileSync(join(folder, "jobs.yaml"), JSON.stringify(file), { mode: 0o600 });
  const { code, stdout, stderr } = await spawnHere([process.execPath, "backup.js"], {
    cwd: folder,
    env: { PW: "analytical-engine" },
  });
  await server.close();
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^INBOX: \d+ of \d+ messages to come$/m);
  expect(stdout).toMatch(/^nightly: safe$/m);
});
