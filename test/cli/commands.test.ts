// The commands beside `run`, as users and scripts call them.

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { runCli, startCli } from "../support/cli.ts";
import { type Desk, lastLine, openDesk, parseDocument } from "../support/desk.ts";

let desk: Desk;
let cwd: string;
const mailferry: Desk["mailferry"] = (...args) => desk.mailferry(...args);

beforeEach(async () => {
  desk = await openDesk();
  cwd = desk.cwd;
});

afterEach(() => desk[Symbol.asyncDispose]());

describe("config", () => {
  test("check lists every mistake at once with its place, and exits with 6", async () => {
    const text = `version: 1
accounts:
  a: { protocol: imapp, host: "", user: ada, pasword: { env: X } }
  b: { protocol: pop3, host: h, port: 99999, tls: none, user: ada, password: secret }
jobs:
  - { name: one, from: nobody, to: { archive: ./x, format: mbxo } }
  - { name: one, from: b, to: { archive: ./y, format: mbox }, verify: sometimes, filter: { maxSize: big } }
defaults: { retry: { attempts: -1 } }
`;
    await writeFile(join(cwd, "jobs.yaml"), text, { mode: 0o600 });
    const { code, stdout, stderr } = await mailferry("config", "check");
    const lines = stdout.trimEnd().split("\n");
    expect(code).toBe(6);
    expect(stderr).toBe("");
    expect(lines.length).toBeGreaterThanOrEqual(10);
    for (const line of lines) expect(line).toMatch(/^jobs\.yaml:\d+:\d+ {2}\S/);
    expect(stdout).toContain('jobs[0].to.format: "mbxo" is not one of mbox, maildir');
    expect(stdout).not.toContain("secret\n");

    const json = await mailferry("config", "check", "--json");
    expect(json.code).toBe(6);
    expect(parseDocument(json.stdout)).toMatchObject({ command: "config check", verdict: "failed", exit: { code: 6 } });
    expect(parseDocument(json.stdout).mistakes).toHaveLength(lines.length);

    const run = await mailferry("run", "--all", "--json");
    expect(run.code).toBe(6);
    expect(parseDocument(run.stdout).error.mistakes).toHaveLength(lines.length);
    for (const line of lines) expect(run.stderr).toContain(`\n  ${line}\n`);
  });

  test("check of a good file counts its jobs and accounts", async () => {
    expect(await mailferry("config", "check")).toEqual({
      code: 0,
      stdout: "jobs.yaml: 2 jobs, 2 accounts, no mistakes\n",
      stderr: "",
    });
  });

  test("looks in the user's config directory where there is no jobs.yaml here", async () => {
    const elsewhere = join(cwd, "elsewhere");
    await mkdir(join(cwd, "config", "mailferry"), { recursive: true });
    await mkdir(elsewhere);
    await writeFile(
      join(cwd, "config", "mailferry", "jobs.yaml"),
      (await readFile(join(cwd, "jobs.yaml"), "utf8")).replaceAll("nightly", "from-config"),
      { mode: 0o600 },
    );
    const shown = await runCli(["config", "show", "--json"], {
      cwd: elsewhere,
      env: { XDG_CONFIG_HOME: join(cwd, "config") },
    });
    expect(parseDocument(shown.stdout).config.jobs[0].name).toBe("from-config");
  });

  test("schema is a JSON Schema", async () => {
    const { code, stdout } = await mailferry("config", "schema");
    expect(code).toBe(0);
    expect(JSON.parse(stdout).$schema).toMatch(/^https?:\/\/json-schema\.org\//);
  });
});

describe("verify", () => {
  test("re-reads every message and says that it is intact", async () => {
    await mailferry("run", "rescue");
    const { code, stdout } = await mailferry("verify", "pop");
    expect(code).toBe(0);
    expect(lastLine(stdout)).toBe("SAFE: 34 of 34 messages re-read intact.");
    expect(parseDocument((await mailferry("verify", "pop", "--json")).stdout)).toMatchObject({
      v: 1,
      command: "verify",
      verdict: "safe",
      messages: 34,
      intact: 34,
    });
  });

  test("finds a single changed octet, names the message, and exits with 7", async () => {
    await mailferry("run", "rescue");
    const path = join(cwd, "pop", "mbox", "INBOX.mbox");
    const octets = await readFile(path);
    const place = octets.indexOf("Lines that begin with a dot");
    octets[place] = octets.readUInt8(place) ^ 1;
    await writeFile(path, octets);
    const { code, stdout } = await mailferry("verify", "pop");
    expect(code).toBe(7);
    expect(stdout).toMatch(/✖ 1 message: archive damaged +MF-V901\n {2}Why {5}.+\n {2}Which {3}INBOX: \S+\n/);
    expect(lastLine(stdout)).toMatch(/^FAILED: 33 of 34 messages re-read intact\./);
    const json = await mailferry("verify", "pop", "--json", "-q");
    expect([json.code, parseDocument(json.stdout).verdict, parseDocument(json.stdout).problems.length]).toEqual([
      7,
      "failed",
      1,
    ]);
  });

  test("of a folder that is no archive exits with 9 and says how to go on", async () => {
    const { code, stdout, stderr } = await mailferry("verify", ".");
    expect([code, stdout]).toEqual([9, ""]);
    expect(stderr).toMatch(/^✖ not an archive +MF-D506\n {2}Why {5}.+\n(?: {10}.+\n)* {2}Do {6}/);
  });
});

describe("ls", () => {
  let root: string;
  let shared: string;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "mailferry-ls-"));
    await runCli(["demo", "--json"], { cwd: root, env: { TMPDIR: root } });
    const [made = expect.fail("the demo made no folder")] = (await readdir(root)).filter((name) =>
      name.startsWith("mailferry-demo"),
    );
    shared = join(root, made, "backup");
  });

  // Never a path reckoned from what the demo made: where it made nothing, that leads out of the folder.
  afterAll(() => rm(root, { recursive: true }));

  const list = (...args: string[]) => runCli(["ls", ...args], { cwd: shared });

  test("shows the mailboxes with their messages, sizes and newest dates", async () => {
    const { code, stdout } = await list("ada");
    expect(code).toBe(0);
    expect(stdout).toMatch(/\n {2}Projets\/2026 +9 +4\.8 kB {3}2026-01-\d\d \d\d:\d\d\n/);
    expect(lastLine(stdout)).toBe("4 mailboxes, 58 messages, 73.8 kB");
    expect(parseDocument((await list("ada", "--json")).stdout).mailboxes).toHaveLength(4);
  });

  test("shows the messages of a mailbox; --json with whole digests, flags and places", async () => {
    const { stdout } = await list("ada", "Projets/2026");
    expect(stdout).toMatch(/\n2026-01-\d\d \d\d:\d\d +\d+ octets {2}1 +[0-9a-f]{12} {2}\\Flagged \\Seen +\S/);
    expect(lastLine(stdout)).toBe("9 messages in Projets/2026");
    const json = parseDocument((await list("ada", "Projets/2026", "--json")).stdout);
    expect(json.messages).toHaveLength(9);
    expect(json.messages[0]).toMatchObject({ key: "1", flags: ["\\Flagged", "\\Seen"], place: expect.anything() });
    expect(json.messages[0].sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test("of a mailbox that is not there exits with 2", async () => {
    const { code, stderr } = await list("ada", "Projects");
    expect(code).toBe(2);
    expect(stderr).toContain("there is no mailbox Projects in ./ada");
  });

  test("into a reader that has had enough ends quietly", async () => {
    const running = startCli(["ls", "ada", "INBOX"], { cwd: shared });
    running.process.stdout?.destroy();
    const { code, stderr } = await running.result;
    expect([code, stderr]).toEqual([0, ""]);
  });
});

describe("report", () => {
  test("tells of the newest run of each job again, newest first, and of those that have none", async () => {
    await mailferry("run", "rescue");
    const { code, stdout } = await mailferry("report");
    expect(code).toBe(0);
    expect(stdout).toMatch(/\n {2}INBOX +34 {3}= +34 {3}\+ +0\n {2}Total +34 {3}= +34 {3}\+ +0\n/);
    expect(lastLine(stdout)).toBe("nightly: no report yet");
    await mailferry("run", "nightly");
    const both = parseDocument((await mailferry("report", "--json")).stdout);
    expect(both).toMatchObject({ v: 1, command: "report", verdict: "safe", exit: { code: 0 } });
    expect(both.jobs.map(({ name }: { name: string }) => name)).toEqual(["nightly", "rescue"]);
    expect(parseDocument((await mailferry("report", "./pop", "--json")).stdout).jobs).toEqual([both.jobs[1]]);
  });

  test("of a job that never ran exits with 9 and says how to go on", async () => {
    const { code, stdout, stderr } = await mailferry("report", "nightly");
    expect([code, stdout]).toEqual([9, ""]);
    expect(stderr).toMatch(/ MF-D506\n {2}Why {5}nightly has no report yet.*\n {2}Do {6}.*mailferry run nightly\n/);
  });
});

describe("demo", () => {
  test("backs up twice, verifies, and ends well, without an escape byte in a file", async () => {
    const { code, stdout, stderr } = await runCli(["demo"], { cwd, env: { TMPDIR: cwd } });
    expect(code).toBe(0);
    expect(stdout + stderr).not.toContain("\x1b");
    expect(stdout.match(/^SAFE: all \d+ messages are in the archive/gm)).toHaveLength(4);
    expect(stdout.match(/^SAFE: all \d+ messages are at the target\./gm)).toHaveLength(2);
    expect(stdout.match(/Nothing new: 0 octets of mail moved/g)).toHaveLength(3);
    expect(stdout.match(/^SAFE: (\d+) of \1 messages re-read intact/gm)).toHaveLength(2);
    const kept = /^ {2}cd (.*)$/m.exec(stdout)?.[1] ?? expect.fail("no folder is named");
    expect((await readdir(join(kept, "backup"))).length).toBe(2);
  });

  test("with --json is one document", async () => {
    const { code, stdout } = await runCli(["demo", "--json"], { cwd, env: { TMPDIR: cwd } });
    expect(code).toBe(0);
    expect(parseDocument(stdout)).toMatchObject({ command: "demo", verdict: "safe", passes: [{ v: 1 }, { v: 1 }] });
  });
});

describe("the command line", () => {
  test("alone shows help and exits with 2", async () => {
    const { code, stdout, stderr } = await mailferry();
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^Usage: mailferry /);
  });

  test.each([[["--help"]], [["help"]], [["help", "run"]], [["config", "--help"]], [["--version"]]])(
    "%j writes to stdout and exits with 0",
    async (args) => {
      const { code, stdout, stderr } = await mailferry(...args);
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toMatch(/\S/);
    },
  );

  test.each([
    [["rum"], "unknown command 'rum' (Did you mean run?)"],
    [["verify"], "missing required argument 'archive'"],
    [["verify", "a", "b"], "too many arguments"],
    [["--color", "pink", "demo"], "argument 'pink' is invalid"],
    [["run", "--all", "nightly"], "name jobs or use --all, not both"],
    [["verify", "ada", "-n"], "verify has no --dry-run"],
    [["ls", "ada", "--events"], "ls has no --events"],
    [["restore", "ada"], "required option '--to <account|dir|file.mbox>' not specified"],
    [
      ["report", "nihgtly"],
      'there is neither a job "nihgtly" nor an archive ./nihgtly; the job file has: nightly, rescue',
    ],
    [["report", "-n"], "report has no --dry-run"],
  ])("%j is a usage error: exit 2, one line of why", async (args, message) => {
    const { code, stdout, stderr } = await mailferry(...args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/\nSee: mailferry.* --help\n$/);
  });

  test("writes no escape byte to a pipe, and colour where it is asked for", async () => {
    const plain = await mailferry("run", "nightly", "-v");
    expect(plain.stdout + plain.stderr).not.toContain("\x1b");
    const colored = await mailferry("run", "nightly", "--color", "always");
    expect(colored.stdout).toContain("\x1b[32m");
    expect((await mailferry("run", "nightly", "--color", "always", "--plain")).stdout).not.toContain("\x1b");
  });
});
