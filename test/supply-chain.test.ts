// What reaches a user's machine, and what runs there when it is installed.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const read = (name: string) => JSON.parse(readFileSync(`${root}${name}`, "utf8"));

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  /** Only where this is the system. */
  readonly os?: readonly string[];
  readonly hasInstallScript?: boolean;
}

const { packages }: { readonly packages: Readonly<Record<string, Locked>> } = read("package-lock.json");
const installed = Object.entries(packages).filter(([path]) => path !== "");
const atRunTime = installed.filter(([, { dev }]) => !dev);

test("nothing that is installed with mailferry runs a script while it is installed", () => {
  expect(atRunTime.length).toBeGreaterThan(20);
  expect(atRunTime.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)).toEqual([]);
  const { scripts } = read("package.json");
  expect(Object.keys(scripts).filter((name) => /^(pre|post)?(install|prepare|uninstall)$/.test(name))).toEqual([]);
});

test("every package is locked to the octets it had when it was chosen", () => {
  const { dependencies, optionalDependencies, devDependencies } = read("package.json");
  for (const [name, range] of Object.entries({ ...dependencies, ...optionalDependencies, ...devDependencies })) {
    expect(`${name} ${packages[`node_modules/${name}`]?.version}`).toBe(`${name} ${range}`);
  }
  expect(installed.filter(([, { integrity }]) => !/^sha512-/.test(integrity ?? "")).map(([path]) => path)).toEqual([]);
});

test("few packages are needed at run time, and no native code but the keyring's, which is optional", () => {
  expect(atRunTime.filter(([, { os }]) => os === undefined).length).toBeLessThan(95);
  const native = atRunTime.filter(([path]) => /node-gyp|prebuild|bindings$|nan$|@napi-rs/.test(path));
  expect(native.filter(([path]) => !path.startsWith("node_modules/@napi-rs/keyring"))).toEqual([]);
  expect(native.filter(([, { optional }]) => !optional).map(([path]) => path)).toEqual([]);
  expect(Object.keys(read("package.json").optionalDependencies)).toEqual(["@napi-rs/keyring"]);
});

test("what is published is the program, its kernels, its schemas, its texts and its scripts for shells", () => {
  const [pack] = JSON.parse(
    execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: root, encoding: "utf8" }),
  );
  const files: string[] = pack.files.map(({ path }: { readonly path: string }) => path);
  expect(files).toContain("dist/cli/main.js");
  expect(files.filter((path) => !/^dist\/.+\.(js|d\.ts)$/.test(path)).sort()).toEqual([
    "CHANGELOG.md",
    "LICENSE",
    "README.fr.md",
    "README.md",
    "completions/mailferry.bash",
    "completions/mailferry.fish",
    "completions/mailferry.ps1",
    "completions/mailferry.zsh",
    ...["archive", "job-file", "json", "notifications", "packs", "reports", "schedules"].map(
      (page) => `docs/${page}.md`,
    ),
    "jobs.example.yaml",
    "kernels/line-ends.wasm",
    "mailferry.schema.json",
    "man/fr/mailferry.1",
    "man/mailferry.1",
    "package.json",
    "schemas/events.schema.json",
    "schemas/json.schema.json",
  ]);
});
