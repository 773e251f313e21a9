// Whose the files are that the program writes, whatever the umask, and what it does with links that others have put there.

import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ImapServer, startImapServer } from "../src/demo/imap-server.ts";
import { createMailStore } from "../src/demo/mail-store.ts";
import { createDemoStore } from "../src/demo/messages.ts";
import { type CliResult, runShell } from "./support/cli.ts";
import { temporaryFolder } from "./support/jobs.ts";

const password = "analytical-engine";
const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn("NOT TESTED: files of other users. Only root can make some.");
let cwd: string;
let source: ImapServer;
let target: ImapServer;

beforeEach(async () => {
  cwd = temporaryFolder();
  source = await startImapServer({ store: createDemoStore("ada", password) });
  // Refuses some for good, so that they are kept beside.
  target = await startImapServer({ store: createMailStore("ada", password), appendLimit: 2_000 });
  const account = ({ port }: ImapServer) => ({
    protocol: "imap",
    host: "127.0.0.1",
    port,
    tls: "none",
    user: "ada",
    password: { env: "PW" },
  });
  const file = {
    version: 1,
    accounts: { ada: account(source), new: account(target) },
    jobs: [
      {
        name: "one",
        from: "ada",
        to: { archive: "./one", format: "maildir" },
        schedule: "30 2 * * *",
        pack: { as: "zip", every: "run", to: "./vault" },
      },
      {
        name: "two",
        from: "ada",
        to: { archive: "./two", format: "mbox" },
        pack: { as: "tar.gz", every: "run", to: "./vault" },
      },
      { name: "three", from: "ada", to: { account: "new", keepRefused: "./refused" } },
    ],
    report: { html: "./reports", metrics: "./mailferry.prom" },
  };
  writeFileSync(join(cwd, "jobs.yaml"), JSON.stringify(file), { mode: 0o600 });
});
afterEach(() => Promise.all([source.close(), target.close()]));

const shell = (script: string, env: Readonly<Record<string, string>> = {}): Promise<CliResult> =>
  runShell(script, { cwd, env: { PW: password, ...env } });

/** Everything below the folder that is no link, with its mode. */
function modes(): Map<string, number> {
  const found = new Map<string, number>();
  for (const name of readdirSync(cwd, { recursive: true, encoding: "utf8" })) {
    const status = lstatSync(join(cwd, name));
    if (!status.isSymbolicLink()) found.set(name, status.mode & 0o7777);
  }
  return found;
}

/** Without the metrics, those that are not for their owner alone. */
function tooOpen(found: ReadonlyMap<string, number>): string[] {
  return [...found]
    .filter(([name]) => name !== "mailferry.prom")
    .filter(([name, mode]) => mode !== (statSync(join(cwd, name)).isDirectory() ? 0o700 : 0o600))
    .map(([name, mode]) => `${mode.toString(8)} ${name}`);
}

test("all that is written is for its owner alone, but the metrics, where the umask forbids nothing", async () => {
  const { stdout, stderr } = await shell(`umask 0
    mailferry run --all
    mailferry report three --html page.html
    mailferry restore ./one --to ./out --mailbox Sent --json
    mailferry schedule install --as systemd --yes`);
  const found = modes();
  const expected = ["one/mailferry.json", "two/mbox", "refused", "reports/index.html", "page.html", "out/.Sent/cur"];
  for (const name of [...expected, "state/mailferry/moves", "config/systemd/user"]) {
    const isThere = [...found.keys()].some((path) => path === name || path.startsWith(`${name}/`));
    expect(isThere, `${name}\n${stdout}${stderr}`).toBe(true);
  }
  expect([...found.keys()].filter((path) => /^vault\/.*(zip|gz)$/.test(path))).toHaveLength(2);
  expect([...found.keys()].some((path) => /^refused\/.*\.eml$/.test(path))).toBe(true);
  expect(found.get("mailferry.prom")?.toString(8)).toBe("644");
  expect(tooOpen(found)).toEqual([]);
});

test("what is written is of use to its owner where the umask forbids everything", async () => {
  const { code, stdout } = await shell("umask 0777; mailferry run one && mailferry run one");
  expect(code, stdout).toBe(0);
  expect(modes().get("mailferry.prom")?.toString(8)).toBe("644");
  expect(tooOpen(modes())).toEqual([]);
});

test("nothing is written outside of what the job file names: a temporary folder is not even needed", async () => {
  const { code, stdout } = await shell("mailferry run one two", { TMPDIR: "/nowhere/at/all" });
  expect(code, stdout).toBe(0);
});

test("a link in the place of a file that is written is replaced, and what it leads to stays as it is, mode and all", async () => {
  writeFileSync(join(cwd, "victim"), "precious");
  chmodSync(join(cwd, "victim"), 0o640);
  for (const name of ["mailferry.prom", "page.html"]) symlinkSync("victim", join(cwd, name));
  const { stderr } = await shell("mailferry run one >/dev/null && mailferry report one --html page.html");
  expect(readFileSync(join(cwd, "victim"), "utf8"), stderr).toBe("precious");
  expect(statSync(join(cwd, "victim")).mode & 0o777).toBe(0o640);
  for (const name of ["mailferry.prom", "page.html"]) expect(lstatSync(join(cwd, name)).isSymbolicLink()).toBe(false);
});

test.runIf(isRoot)("a folder that another user has made in /tmp is not written to", async () => {
  mkdirSync(join(cwd, "shared"));
  mkdirSync(join(cwd, "shared", "ada"));
  chownSync(join(cwd, "shared", "ada"), 4_321, 4_321);
  chmodSync(join(cwd, "shared"), 0o1777);
  const jobs = readFileSync(join(cwd, "jobs.yaml"), "utf8").replace('"./one"', '"./shared/ada"');
  writeFileSync(join(cwd, "jobs.yaml"), jobs);
  const { code, stdout } = await shell("mailferry run one");
  expect(code).toBe(9);
  expect(stdout.replaceAll(/\s+/g, " ")).toContain("another user (4321) made it, where anybody may make folders");
  expect(readdirSync(join(cwd, "shared", "ada"))).toEqual([]);
  expect(source.log).toEqual([]);
});

test.runIf(isRoot)("a job file that another user has put into /tmp is not run", async () => {
  chownSync(join(cwd, "jobs.yaml"), 4_321, 4_321);
  expect((await shell("mailferry config check")).code).toBe(0);
  chmodSync(cwd, 0o1777);
  const { code, stderr } = await shell("mailferry run one");
  expect(code).toBe(6);
  expect(stderr.replaceAll(/\s+/g, " ")).toContain(
    "lies where anybody can put files, and belongs to another user (4321)",
  );
});
