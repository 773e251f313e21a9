// What the README shows is what the program takes.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { errorCodes, exitCodes, parseJobFile } from "../src/index.ts";

const file = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const readme = readFileSync(file("README.md"), "utf8");

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
  for (const code of Object.values(exitCodes))
    expect(readme).toMatch(new RegExp(`^\\|[^|]*\\b${code}\\b[^|]*\\|`, "m"));
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
