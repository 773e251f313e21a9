// What the kill points rest on: the steps at which a process is made to die are all that the program does to files, and
// who has died does nothing more.

import fs, { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import ts from "typescript";
import { expect, test } from "vitest";
import * as crash from "../support/crash-at.mjs";
import { temporaryFolder } from "../support/jobs.ts";
import { live, unwound } from "../support/mortal.ts";

const src = new URL("../../src/", import.meta.url);
const files = fs.readdirSync(src, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));

/** What of Node's file functions changes nothing. */
const reading = new Set(
  "access constants createReadStream lstat opendir readFile readdir readlink realpath stat statfs watch".split(" "),
);
const readingSync = new Set(["closeSync", "openSync", "readFileSync", "readSync", "readdirSync", "statfsSync"]);
/** Of a file handle, also under a name that streams have. */
const changingMethods = new Set(
  "appendFile chmod chown createWriteStream datasync sync truncate utimes write writeFile writev".split(" "),
);

interface Use {
  readonly file: string;
  readonly name: string;
}

/** Names imported from a module of Node, types left out, and methods called that may be a file handle's. */
function usesIn(file: string): { readonly imported: Use[]; readonly called: Use[]; readonly whole: string[] } {
  const tree = ts.createSourceFile(file, readFileSync(new URL(file, src), "utf8"), ts.ScriptTarget.Latest, true);
  const imported: Use[] = [];
  const called: Use[] = [];
  const whole: string[] = [];
  const isFiles = (node: ts.Node | undefined) =>
    node !== undefined && ts.isStringLiteralLike(node) && /^(node:)?fs(\/promises)?$/.test(node.text);
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && isFiles(node.moduleSpecifier)) {
      const { importClause: clause } = node;
      const bindings = clause?.namedBindings;
      if (clause?.phaseModifier === ts.SyntaxKind.TypeKeyword) return;
      if (clause?.name !== undefined || bindings === undefined || !ts.isNamedImports(bindings)) whole.push(file);
      else
        for (const { isTypeOnly, name, propertyName } of bindings.elements)
          if (!isTypeOnly) imported.push({ file, name: (propertyName ?? name).text });
    }
    if (ts.isExportDeclaration(node) && isFiles(node.moduleSpecifier)) whole.push(file);
    if (ts.isCallExpression(node)) {
      const { expression, arguments: args } = node;
      const isLoading = expression.kind === ts.SyntaxKind.ImportKeyword || expression.getText() === "require";
      if (isLoading && isFiles(args[0])) whole.push(file);
      if (ts.isPropertyAccessExpression(expression) && changingMethods.has(expression.name.text))
        called.push({ file, name: expression.name.text });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return { imported, called, whole };
}

test("the program changes files with nothing but what counts as a step", () => {
  const uses = files.map(usesIn);
  expect(uses.flatMap(({ whole }) => whole)).toEqual([]);
  const imported = uses.flatMap((use) => use.imported);
  expect(imported.length).toBeGreaterThan(50);
  const isKnown = ({ name }: Use) => reading.has(name) || readingSync.has(name) || crash.functions.includes(name);
  // Folders for the demo, the system's and made anew each time, and for what doctor tries, which holds nothing of anybody.
  const passing = new Set(["cli/demo.ts mkdtemp", "storage/durable.ts rmdir"]);
  const known = imported.filter((use) => !isKnown(use) && !passing.has(`${use.file} ${use.name}`));
  expect(known).toEqual([]);
  const called = uses.flatMap((use) => use.called);
  expect(called.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["write", "sync", "truncate", "utimes", "chmod"]),
  );
  expect(called.filter(({ name }) => !crash.methods.includes(name))).toEqual([]);
});

test("opening a file without a promise is for reading", () => {
  for (const file of files) {
    const text = readFileSync(new URL(file, src), "utf8");
    for (const [call] of text.matchAll(/\bopenSync\([^)]*\)/g)) expect(call, file).toMatch(/, readOnly\)$/);
  }
});

test("whoever has died changes no file any more, however long its code goes on", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "file");
  const attempts: string[] = [];
  const { promises } = fs;
  const life = await live({ at: 5 }, async () => {
    const handle = await promises.open(path, "w+");
    const octets = Buffer.from("0123456789");
    // The first step was to open it; each write is two, and the fifth is a part of the second.
    await handle.write(octets, 0, 5, 0).catch(() => undefined);
    await handle.write(octets, 5, 5, 5).catch(() => undefined);
    await setImmediate();
    const acts: Record<string, () => Promise<unknown> | unknown> = {
      write: () => handle.write(octets, 0, 10, 0),
      truncate: () => handle.truncate(0),
      "handle.writeFile": () => handle.writeFile("x"),
      writeFile: () => promises.writeFile(join(folder, "other"), "x"),
      appendFile: () => promises.appendFile(path, "x"),
      copyFile: () => promises.copyFile(path, join(folder, "copy")),
      link: () => promises.link(path, join(folder, "link")),
      chmod: () => promises.chmod(path, 0o777),
      rename: () => promises.rename(path, join(folder, "moved")),
      rm: () => promises.rm(path),
      unlink: () => promises.unlink(path),
      mkdir: () => promises.mkdir(join(folder, "folder")),
      writeFileSync: () => fs.writeFileSync(path, "x"),
      createWriteStream: () => fs.createWriteStream(path),
    };
    for (const [name, act] of Object.entries(acts)) {
      try {
        await act();
        attempts.push(name);
      } catch {
        // As it should.
      }
    }
    await handle.close();
  });
  await unwound();
  expect(life).toMatchObject({ steps: 5, death: expect.stringContaining("a part of write") });
  expect(attempts).toEqual([]);
  expect(fs.readdirSync(folder)).toEqual(["file"]);
  const left = readFileSync(path, "latin1");
  expect("0123456789".startsWith(left) && left.length >= 5 && left.length < 10).toBe(true);
});

test("nor does an octet leave it, and its connections end", async () => {
  const heard: Buffer[] = [];
  let ended = () => {};
  const closed = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const server = createServer((socket) => {
    socket.on("data", (chunk) => heard.push(chunk));
    socket.on("error", () => undefined);
    socket.on("close", ended);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const { connect } = await import("node:net");
  const life = await live({ at: 4, towards: port }, async () => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    await new Promise<void>((resolve) => socket.once("connect", resolve));
    await new Promise((resolve) => socket.write("first;", resolve));
    await new Promise((resolve) => socket.write("second;", resolve));
    socket.write("third;");
    const other = connect(port, "127.0.0.1");
    other.on("error", () => undefined);
    other.write("fourth;");
  });
  await closed;
  await unwound();
  await new Promise((resolve) => server.close(resolve));
  expect(life.death).toBe("a part to the target");
  const text = Buffer.concat(heard).toString();
  expect(text).toMatch(/^first;s/);
  expect("first;second;".startsWith(text) && text.length < "first;second;".length).toBe(true);
});
