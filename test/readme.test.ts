// What the README shows is what the program takes.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { createProgram } from "../src/cli/program.ts";
import { errorCodes, exitCodes, parseJobFile } from "../src/index.ts";

const file = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const readme = readFileSync(file("README.md"), "utf8");
const french = readFileSync(file("README.fr.md"), "utf8");

it("begins with a job file that is valid, in ten lines", async () => {
  const yaml = /```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  expect(yaml.trim().split("\n").length).toBeLessThanOrEqual(10);
  const { jobs } = await parseJobFile(yaml, "jobs.yaml", {});
  expect(jobs).toMatchObject([{ name: "nightly", to: { format: "maildir" } }]);
});

it("names an example file that is valid", async () => {
  expect(readme).toContain("jobs.example.yaml");
  const { jobs } = await parseJobFile(readFileSync(file("jobs.example.yaml"), "utf8"), "jobs.example.yaml", {});
  expect(jobs.map(({ name }) => name)).toEqual(["rescue", "nightly", "move"]);
});

it("names scripts that there are", () => {
  const { scripts } = JSON.parse(readFileSync(file("package.json"), "utf8")) as { scripts: Record<string, string> };
  for (const [, name = ""] of readme.matchAll(/npm run ([\w:]+)/g)) expect(Object.keys(scripts)).toContain(name);
});

it("lists every exit code that this version can give", () => {
  for (const text of [readme, french]) {
    for (const code of Object.values(exitCodes))
      expect(text).toMatch(new RegExp(`^\\|[^|]*\\b${code}\\b[^|]*\\|`, "m"));
  }
});

it("uses imports that the library exports", async () => {
  const library: object = await import("../src/index.ts");
  const names = [...readme.matchAll(/import \{ ([\w, ]+) \} from "mailferry"/g)].flatMap(([, list = ""]) =>
    list.split(", ").filter((name) => !name.startsWith("type ")),
  );
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) expect(Object.keys(library)).toContain(name);
  expect(Object.keys(errorCodes).length).toBeGreaterThan(20);
});

it("is the same in French: its parts, its commands, its code", () => {
  const parts = (text: string) => text.match(/^#+ /gm);
  expect(parts(french)).toEqual(parts(readme));
  // Comments are translated.
  const code = (text: string) =>
    [...text.matchAll(/```(sh|yaml|ts)\n([\s\S]*?)```/g)].map(([, , block = ""]) =>
      block.replace(/(^| +)#(?!!).*$/gm, "").trim(),
    );
  expect(code(readme).length).toBeGreaterThan(4);
  expect(code(french)).toEqual(code(readme));
  const firstColumns = (text: string) => [...text.matchAll(/^\| (`[^|]*(?:\\\|[^|]*)*) \|/gm)].map(([, cell]) => cell);
  expect(firstColumns(readme).length).toBeGreaterThan(15);
  expect(firstColumns(french)).toEqual(firstColumns(readme));
});

it("names every command, and docs/json.md its document", () => {
  const unused = () => {
    throw new Error("nothing is to be run");
  };
  const options = { version: "", choose: unused, open: unused, write: unused, done: unused, writeInPlace: unused };
  const program = createProgram({ ...options, language: "en" });
  const rows = [...readme.matchAll(/^\| (`.*?) \| /gm)].map(([, cell = ""]) => cell).join("\n");
  const documents = readFileSync(file("docs/json.md"), "utf8")
    .match(/^\| `.*$/gm)
    ?.join("\n");
  for (const command of program.createHelp().visibleCommands(program)) {
    if (command.name() === "help") continue;
    expect(rows).toMatch(new RegExp(`\`${command.name()}\\b`));
    // What prints a script or a schema, and what prints lines for as long as it runs, has no document.
    const leaves =
      command.commands.length === 0
        ? [command.name()]
        : command.commands.map((each) => `${command.name()} ${each.name()}`);
    for (const leaf of leaves)
      if (!["completion", "config schema", "daemon"].includes(leaf)) expect(documents).toContain(`\`${leaf}\``);
    for (const { name } of command.commands.map((each) => ({ name: each.name() })))
      expect(rows).toMatch(new RegExp(`\`${command.name()} (?:[a-z]+\\\\\\|)*${name}\\b`));
  }
});

it("links to files and headings that there are, and so do the pages in docs/", () => {
  const pages = ["README.md", "README.fr.md", ...readdirSync(file("docs")).map((name) => `docs/${name}`)];
  const anchor = (heading: string) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, "")
      .replaceAll(" ", "-");
  for (const page of pages) {
    for (const [, target = ""] of readFileSync(file(page), "utf8").matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [path = "", hash] = target.split("#");
      const to = path === "" ? page : join(dirname(page), path);
      expect(existsSync(file(to)), `${page}: ${target}`).toBe(true);
      if (hash === undefined) continue;
      const headings = [...readFileSync(file(to), "utf8").matchAll(/^#+ (.*)$/gm)].map(([, text = ""]) => anchor(text));
      expect(headings, `${page}: ${target}`).toContain(hash);
    }
  }
});
